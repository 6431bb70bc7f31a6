import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { CannotJudge } from '../../conformance/cannot-judge';
import { checkTraceFile, type TraceCheck } from '../../conformance/check';
import { CannotRead } from '../../trace';
import type * as CheckText from '../check-text';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';

const load = createRequire(__filename);

/** How V8 is to compile while a trace is judged. */
const COMPILING = [
  // All that judges do with one kind of crossing is one function after a while (`in-one.ts`). Of what it calls, V8 puts no more than 920
  // bytes into it by itself; the other calls take a fifth of the time.
  '--max-inlined-bytecode-size-cumulative=4000',
  // The compiler in the middle, from Node 22 on, takes up to 25 MiB and is soon overtaken by the best one.
  '--no-maglev',
  // What reads a batch of crossings is called again soon. Compiling it for the middle of a batch, too, takes V8 a tenth of a second.
  '--no-use-osr',
];

/** `lwf check`: judges a trace that anybody recorded, or wrote by hand. */
export const addCheck: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('check')
    .description(
      'judge a trace (docs/trace-format.md): per rule pass, fail or not observed, with the crossings that prove it',
    )
    .argument('<file>', 'trace in the format trace/1, compressed with gzip or not; - for standard input')
    .option('--json', 'write the verdicts as JSON', false)
    .action(async (file: string, { json }: { readonly json: boolean }) => {
      COMPILING.forEach((flag) => setFlagsFromString(flag));
      const judging = judged(file);
      // A thread of the judges begins meanwhile.
      const { checkText } = load('../check-text') as typeof CheckText;
      const check = await judging;
      if (check.crossings === 0) throw new CannotJudge(`${file} holds no crossing to judge. ${why(check)}`);
      terminal.out(json ? `${JSON.stringify(check, null, 2)}\n` : checkText(file, check, terminal.colour));
      exitWith(exitCodeOf(check));
    });
};

async function judged(file: string): Promise<TraceCheck> {
  try {
    return await checkTraceFile(file);
  } catch (failure) {
    if (failure instanceof CannotRead) throw new CannotJudge(failure.message, { cause: failure });
    throw failure;
  }
}

function why({ problems }: TraceCheck): string {
  const [first] = problems;
  return first ? `Line ${first.line}: ${first.what}` : 'docs/trace-format.md tells how to write one.';
}

function exitCodeOf({ rules }: TraceCheck): ExitCode {
  if (rules.some(({ verdict }) => verdict === 'fail')) return EXIT.violations;
  // A trace in which no driver could have broken anything proves nothing.
  return rules.some(({ verdict }) => verdict === 'pass') ? EXIT.conforms : EXIT.cannotJudge;
}
