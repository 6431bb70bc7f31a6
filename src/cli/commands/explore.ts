import { InvalidArgumentError, Option } from 'commander';
import { ADAPTERS, CannotJudge, ENGINES, openAdapter, type EngineName } from '../../conformance';
import { explore, findAsScenario, type Find, type Replay } from '../../conformance/generative';
import type { AddCommand } from '../command';
import { EXIT } from '../exit-code';
import { DEFAULT_SEED, knownRule, listOption, seedOption } from '../options';

interface Options {
  readonly adapter?: string;
  readonly profile?: string;
  readonly engine?: EngineName;
  readonly driver: string;
  readonly rule?: readonly string[];
  readonly runs: number;
  readonly seed: number;
  readonly replay?: Replay;
}

/** `lwf explore`: what no scenario thought of. */
export const addExplore: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('explore')
    .description(
      'play random legal life histories on a driver, and tell the shortest one that breaks a rule as a scenario',
    )
    .option(
      '--driver <name-or-path>',
      'a driver of the kit (see `lwf drivers`), or your own: ./driver.ts, ./driver.sys',
      'reference',
    )
    .option('--profile <file>', 'how to make a .sys driver do things (docs/profile.md)')
    .addOption(new Option('--engine <name>', 'how a .sys driver is executed').choices(ENGINES))
    .option('--adapter <name>', `where the driver runs: ${ADAPTERS.join(', ')} (default: as the driver asks for)`)
    .option('--rule <ids>', 'only these rules count (repeat, or separate with commas)', listOption)
    .option('--runs <n>', 'how many histories', countOption, 1000)
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--replay <find>', 'play the history of an earlier find again', replayOption)
    .action(async ({ adapter, driver, profile, engine, rule, runs, seed, replay }: Options) => {
      const { histories, attached, find } = await explore({
        adapter: openAdapter({ adapter, driver, profile, engine }),
        seed,
        runs,
        ...(rule && { rules: rule.map(knownRule) }),
        ...(replay && { replay }),
      });
      if (!find && !attached) {
        throw new CannotJudge(
          `${driver} attached to no adapter in any history, so there was nothing to explore: \`lwf run\` tells why.`,
        );
      }
      const options = {
        driver,
        adapter,
        profile,
        engine,
        rule: rule?.join(),
        seed: seed === DEFAULT_SEED ? undefined : seed,
      };
      if (find) terminal.out(findText(driver, find, optionsText(options)));
      else terminal.out(`${histories} histories with seed ${seed}: ${driver} breaks no rule in any of them.\n`);
      exitWith(find ? EXIT.violations : EXIT.conforms);
    });
};

/** As they were given, so that the history is played on the same thing. */
function optionsText(options: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : `--${name} ${value}`))
    .join(' ');
}

function findText(driver: string, find: Find, options: string): string {
  const messages = find.violations.map(({ rule, message }) => `${rule}: ${message}\n`);
  if (find.bugcheck !== undefined) messages.push(`The system stopped: ${find.bugcheck}\n`);
  const { seed, path, commands } = find.replay;
  return [
    `History ${find.after} breaks a rule; the shortest like it:\n\n`,
    `${findAsScenario(find, `A life of ${driver}`)}\n\n`,
    ...messages,
    `\nPlay it again: npx lwf explore ${options} --replay '${[seed, path, commands].join('/')}'\n`,
  ].join('');
}

function replayOption(text: string): Replay {
  const [, seed, path, commands] = /^(-?\d+)\/([\d:]+)\/([A-Za-z0-9+/]*:[A-Za-z0-9+/]*|)$/.exec(text) ?? [];
  if (seed !== undefined && path !== undefined && commands !== undefined) return { seed: Number(seed), path, commands };
  throw new InvalidArgumentError('It is the text that `lwf explore` printed with its find: SEED/PATH/COMMANDS.');
}

function countOption(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('How many is a whole number from 1.');
}
