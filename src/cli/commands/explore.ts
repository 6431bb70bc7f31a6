import { InvalidArgumentError, Option } from 'commander';
import { ADAPTERS, CannotJudge, ENGINES, startAdapter, type EngineName } from '../../conformance';
import { explore, findAsScenario, type Find, type Replay } from '../../conformance/generative';
import { shellWord } from '../../conformance/shell-word';
import type { AddCommand } from '../command';
import { EXIT } from '../exit-code';
import { DEFAULT_SEED, knownRule, listOption, secondsOption, seedOption } from '../options';

interface Options {
  readonly adapter?: string;
  readonly profile?: string;
  readonly engine?: EngineName;
  readonly command?: string;
  readonly answerWithin?: number;
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
    .option(
      '--command <line>',
      'the adapter of --adapter stdio: a program and its arguments (docs/adapter-protocol.md)',
    )
    .option('--answer-within <seconds>', 'how long such an adapter may take for an answer (default: 30)', secondsOption)
    .option('--rule <ids>', 'only these rules count (repeat, or separate with commas)', listOption)
    .option('--runs <n>', 'how many histories', countOption, 1000)
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--replay <find>', 'play the history of an earlier find again', replayOption)
    .action(async ({ adapter, driver, profile, engine, command, answerWithin, rule, runs, seed, replay }: Options) => {
      const started = await startAdapter({ adapter, driver, profile, engine, command, answerWithin });
      const { histories, attached, limits, find } = await explore({
        adapter: started.adapter,
        seed,
        runs,
        ...(rule && { rules: rule.map(knownRule) }),
        ...(replay && { replay }),
      }).finally(started.end);
      const name = command === undefined ? driver : started.adapter.driver;
      if (!find && !attached) {
        throw new CannotJudge(
          `${name} attached to no adapter in any history, so there was nothing to explore: \`lwf run\` tells why.`,
        );
      }
      const options = {
        driver: command === undefined ? driver : undefined,
        adapter,
        command,
        'answer-within': answerWithin,
        profile,
        engine,
        rule: rule?.join(),
        seed: seed === DEFAULT_SEED ? undefined : seed,
      };
      if (find) terminal.out(findText(name, find, optionsText(options)));
      else terminal.out(`${histories} histories with seed ${seed}: ${name} breaks no rule in any of them.\n`);
      if (limits.first !== undefined)
        terminal.out(`Passed over ${limits.times} times what cannot be done: ${limits.first}\n`);
      exitWith(find ? EXIT.violations : EXIT.conforms);
    });
};

/** As they were given, so that the history is played on the same thing. */
function optionsText(options: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : `--${name} ${shellWord(String(value))}`))
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
