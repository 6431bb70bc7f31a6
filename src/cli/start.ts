/** Runs `lwf` as this process. */
import { createRequire } from 'node:module';
import { complaint } from './complaint';
import { EXIT } from './exit-code';
import { endWhenInterrupted } from './interruption';
import type * as Main from './main';
import type * as Program from './program';
import type * as Check from './commands/check';
import { consoleTerminal } from './terminal';

const load = createRequire(__filename);

/** What runs the command: whoever judges a trace of any length does without all that runs drivers, and its memory. */
function runnerFor(args: readonly string[]): typeof Main.main {
  if (args[0] !== 'check') return (load('./main') as typeof Main).main;
  const { runProgram } = load('./program') as typeof Program;
  const { addCheck } = load('./commands/check') as typeof Check;
  return (given, terminal) => runProgram([addCheck], given, terminal);
}

export function start(): void {
  const terminal = consoleTerminal();
  process.on('uncaughtException', (failure) => {
    terminal.err(complaint(failure, Boolean(process.env['LWF_DEBUG'])));
    process.exit(EXIT.cannotJudge);
  });
  const ended = endWhenInterrupted(terminal.err);
  const args = process.argv.slice(2);
  let hasEnded = false;
  process.on('exit', (code) => {
    if (hasEnded || code !== EXIT.conforms) return;
    terminal.err(
      'lwf: the process was ended before the command was: a module of your own may have called process.exit. There is no result.\n',
    );
    process.exitCode = EXIT.cannotJudge;
  });
  void runnerFor(args)(args, terminal).then((code) => {
    ended();
    hasEnded = true;
    process.exitCode = code;
  });
}
