import { createRequire } from 'node:module';
import { Option } from 'commander';
import { CannotJudge, ENGINES, type EngineName } from '../../conformance';
import type * as BisectRoom from '../../conformance/bisect';
import type { Bisection, Order } from '../../conformance/bisect';
import { specifiedRules } from '../../conformance/specified';
import { bisectText, versionName, type ToldBisection } from '../bisect-text';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { watchForInterruption } from '../interruption';
import { DEFAULT_SEED, knownRule, seedOption } from '../options';

interface Options {
  readonly rule: string;
  readonly profile?: string;
  readonly engine?: EngineName;
  readonly order?: Order;
  readonly all: boolean;
  readonly seed: number;
  readonly json: boolean;
}

/** It brings the reader of images along: only for whoever bisects. */
const load = createRequire(__filename);

const SIGN = { good: '✓ good', bad: '✗ bad', unknown: '○ could not be judged' } as const;

/** `lwf bisect`: which version of a driver first broke a rule. */
export const addBisect: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('bisect')
    .description('find the version of a driver that first broke a rule, by running as few of them as possible')
    .argument('<drivers...>', 'the versions: .sys files, a folder of them, or drivers of the kit')
    .requiredOption('--rule <id>', 'the rule')
    .option('--profile <file>', 'how to make a .sys driver do things (docs/profile.md)')
    .addOption(new Option('--engine <name>', 'how a .sys driver is executed').choices(ENGINES))
    .addOption(
      new Option(
        '--order <how>',
        'which version is older: by their FileVersion, or as given (default: by FileVersion where each names another)',
      ).choices(['version', 'given']),
    )
    .option('--all', 'judge every version: also finds what was broken and mended in between', false)
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--json', 'print the result as JSON', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 the newest version keeps the rule, 1 it breaks it, 2 too few versions could be judged.',
    )
    .action(async (drivers: string[], { rule: asked, profile, engine, order, all, seed, json }: Options) => {
      const rule = knownRule(asked);
      if (!specifiedRules().has(rule))
        throw new CannotJudge(`The specification has no scenario for ${rule} yet, so no version can be judged on it.`);
      const { bisect, judgeVersion, orderVersions, profileIn } = load('../../conformance/bisect') as typeof BisectRoom;
      const ordered = orderVersions(drivers, order);
      const { versions } = ordered;
      // A fault in it is none of the versions.
      if (profile !== undefined) profileIn(profile);
      const image = versions.find(({ driver }) => /\.sys$/i.test(driver));
      if (image && profile === undefined)
        throw new CannotJudge(
          `${image.driver} needs a profile that says how to make this driver do things: --profile FILE.`,
        );
      terminal.err(`${versions.length} versions, ordered ${ordered.order}.\n`);
      const interruption = watchForInterruption();
      const bisection = await bisect({
        count: versions.length,
        every: all,
        judge: async (index) => {
          const version = versions[index];
          if (!version) throw new RangeError(`there is no version ${index}`);
          const { signal } = interruption;
          const judgement = await judgeVersion({ driver: version.driver, profile, engine }, { rule, seed, signal });
          if (signal.aborted)
            throw new CannotJudge('interrupted: no answer was found, and nothing is kept. Bisect again.');
          terminal.err(`  ${SIGN[judgement.state]}  ${versionName(version)}\n`);
          return judgement;
        },
      }).finally(() => interruption.over());
      const told = { rule, ordered, bisection };
      if (bisection.outcome === 'unknown') throw tooFew(told);
      terminal.out(json ? `${JSON.stringify(dataOf(told))}\n` : bisectText(told));
      exitWith(exitCodeOf(bisection));
    });
};

function exitCodeOf({ outcome }: Bisection): ExitCode {
  return outcome === 'broken' || outcome === 'always bad' ? EXIT.violations : EXIT.conforms;
}

function tooFew({ rule, ordered, bisection }: ToldBisection): CannotJudge {
  const index = bisection.judgements.findIndex((each) => each?.state === 'unknown');
  const version = ordered.versions[index];
  const why = version ? ` (${versionName(version)}: ${bisection.judgements[index]?.reason ?? ''})` : '';
  return new CannotJudge(`Fewer than two of the ${ordered.versions.length} versions could be judged on ${rule}${why}.`);
}

function dataOf({ rule, ordered, bisection }: ToldBisection): object {
  const { outcome, before, after, judgements, otherChanges, runs } = bisection;
  const driverOf = (index: number): string | undefined => ordered.versions[index]?.driver;
  return {
    schema: 'bisect/1',
    rule,
    order: ordered.order,
    outcome,
    ...(before !== undefined && { before: driverOf(before) }),
    ...(after !== undefined && { after: driverOf(after) }),
    versions: ordered.versions.map((version, index) => ({
      ...version,
      ...(judgements[index] ?? { state: 'not run' }),
    })),
    leftOut: ordered.leftOut,
    otherChanges: otherChanges.map((change) => change.map(driverOf)),
    runs,
  };
}
