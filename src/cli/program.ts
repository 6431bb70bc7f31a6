import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { kitVersion } from '../conformance/kit-root';
import type * as Specification from '../conformance/specification';
import type { AddCommand } from './command';
import { complaint } from './complaint';
import { EXIT, type ExitCode } from './exit-code';
import { listOption } from './list-option';
import type { Terminal } from './terminal';

const load = createRequire(__filename);

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
      // With it come all the rules, which not every command needs.
      const { specificationVersion } = load('../conformance/specification') as typeof Specification;
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
  program.commands.forEach(refuseRepetition);
  program.hook('preAction', (_program, command) => refuseNothing(command));

  try {
    await program.parseAsync(asked(args, program), { from: 'user' });
    return exitCode;
  } catch (failure) {
    if (failure instanceof CommanderError && failure.exitCode === 0) return EXIT.conforms;
    terminal.err(complaint(failure, Boolean(process.env['LWF_DEBUG'])));
    return EXIT.cannotJudge;
  }
}

/** `lwf help run` is what everybody tries first; help for what is no command is refused, as that command is. */
function asked(args: readonly string[], { commands }: Command): string[] {
  const [first, ...others] = args;
  if (first === undefined) return ['--help'];
  if (first !== 'help') return [...args];
  const known = others.length === 0 || commands.some((command) => command.name() === others[0]);
  return known ? [...others, '--help'] : others;
}

/**
 * An option that takes one value is given once, and not without anything: of two, nobody knows which was meant, and a variable
 * that a script forgot to set must not choose what happens without the option.
 */
function refuseRepetition(command: Command): void {
  for (const { required, parseArg, flags, long } of command.options) {
    if (!required || parseArg === listOption) continue;
    let given = false;
    command.on(`option:${(long ?? '').replace(/^--/, '')}`, (value: string) => {
      if (given) throw new InvalidArgumentError(`option '${flags}' is given twice, and takes one value`);
      if (value.trim() === '') throw new InvalidArgumentError(`option '${flags}' is given nothing`);
      given = true;
    });
  }
}

/** The same holds for what is no option: an empty path is the working folder, and what lies there was not meant. */
function refuseNothing({ args, registeredArguments }: Command): void {
  const at = args.findIndex((value) => value.trim() === '');
  const argument = registeredArguments[Math.min(at, registeredArguments.length - 1)];
  if (at >= 0 && argument) throw new InvalidArgumentError(`argument '${argument.name()}' is given nothing`);
}
