import { InvalidArgumentError, Option, type Command } from 'commander';
import { CannotJudge } from '../../conformance';
import { today } from '../../conformance/waivers';
import type { RerunChoice, Verification, VerifyOptions } from '../../conformance/statement';
import { verifyStatement } from '../../conformance/statement';
import { createProgress } from '../../reporting';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { dayOption } from '../waiver-options';
import { watchForInterruption } from '../interruption';
import { verificationText } from '../verification-text';

interface Options extends Pick<
  VerifyOptions,
  'driver' | 'profile' | 'command' | 'waivers' | 'key' | 'signature' | 'draw' | 'sample' | 'today'
> {
  readonly rerun: RerunChoice;
  readonly json: boolean;
}

const EXIT_OF: Readonly<Record<Verification['standing'], ExitCode>> = {
  stands: EXIT.conforms,
  'does not stand': EXIT.violations,
  'could not be checked': EXIT.cannotJudge,
};

const SAMPLE = 20;

/** `lwf verify`: for whoever receives a statement and doubts it. */
export const addVerify: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('verify')
    .description(
      'check a conformance statement: its hashes, its traces, its verdicts, and the driver (docs/statement.md)',
    )
    .argument('<statement>', 'statement.json, or the folder that it is in, with the traces beside it')
    .option(
      '--driver <file>',
      'the driver that it is about, or the module of the adapter that brought it along (default: a file of that name and content nearby)',
    )
    .option('--profile <file>', 'the profile that the driver was run with (default: as for the driver)')
    .option('--command <line>', 'the adapter that it was made with, where that is a program of its own')
    .option('--waivers <file>', 'your copy of the list of waivers: is it the one that was applied?')
    .addOption(
      new Option('--rerun <scenarios>', 'which scenarios are played again')
        .choices(['sample', 'all', 'none'])
        .default('sample'),
    )
    .option('--sample <n>', 'how many a sample has, beside up to 20 that failed', sampleOption, SAMPLE)
    .option('--draw <word>', 'draws another sample: with a word of your own, nobody can foresee it', '')
    .option('--key <file>', "the vendor's public key (PEM), to check the signature")
    .option('--signature <file>', 'the signature (default: statement.jws beside the statement)')
    .addOption(
      new Option('--today <date>', 'the day on which waivers are looked at (default: this day)').argParser(dayOption),
    )
    .option('--json', 'write what was found as JSON', false)
    .action(async (statement: string, options: Options, command: Command) => {
      if (options.rerun === 'none') refusePointless(command);
      const { json, ...asked } = options;
      const progress = createProgress(terminal, { colour: terminal.colour });
      const interruption = watchForInterruption();
      const verification = await verifyStatement(statement, {
        ...asked,
        today: asked.today ?? today(),
        signal: interruption.signal,
        onScenario: progress.onScenario,
      }).finally(() => {
        interruption.over();
        progress.over();
      });
      terminal.out(json ? `${JSON.stringify(verification, null, 2)}\n` : verificationText(verification, terminal));
      exitWith(EXIT_OF[verification.standing]);
    });
};

/** Who says how to draw a sample wants one. */
function refusePointless(command: Command): void {
  const pointless = ['sample', 'draw'].find((name) => command.getOptionValueSource(name) === 'cli');
  if (pointless !== undefined) {
    throw new CannotJudge(`--${pointless} is about the scenarios that are played again, and --rerun none plays none.`);
  }
}

function sampleOption(text: string): number {
  if (/^\d{1,6}$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 0.');
}
