import { Command, CommanderError } from 'commander';
import { kitVersion } from '../conformance/kit-root';
import { specificationVersion } from '../conformance/specification';
import type { AddCommand } from './command';
import { complaint } from './complaint';
import { EXIT, type ExitCode } from './exit-code';
import type { Terminal } from './terminal';

/**
 * The command `lwf` with some of its subcommands.
 * @param args arguments without node and script
 * @param terminal where it writes
 * @returns the exit code; never throws
 */
export async function runProgram(
  commands: readonly AddCommand[],
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.conforms;
  const program = new Command('lwf')
    .description('The rules that an NDIS 6.x lightweight filter driver must keep, as scenarios, and who keeps them.')
    .option('-V, --version', 'show the versions of the kit and of the specification')
    .on('option:version', () => {
      terminal.out(`${kitVersion}\nspecification ${specificationVersion()}\n`);
      throw new CommanderError(EXIT.conforms, 'lwf.version', 'shown');
    })
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    // What follows the program of `adapter-check` is for that program.
    .enablePositionalOptions()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.out, outputError: () => undefined })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 conforms, 1 a rule is broken, 2 no verdict (bad input, or an error of the kit).',
    );
  for (const add of commands) add(program, { terminal, exitWith: (code) => (exitCode = code) });

  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : [...args], { from: 'user' });
    return exitCode;
  } catch (failure) {
    if (failure instanceof CommanderError && failure.exitCode === 0) return EXIT.conforms;
    terminal.err(complaint(failure, Boolean(process.env['LWF_DEBUG'])));
    return EXIT.cannotJudge;
  }
}
