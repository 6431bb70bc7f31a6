import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option } from 'commander';
import { ADAPTERS, ENGINES, runSpecification, type EngineName, type RunResult } from '../../conformance';
import { createProgress, failuresText, makeAllureSite, summaryText, writeAllureResults } from '../../reporting';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { DEFAULT_SEED, listOption, seedOption, tagExpression } from '../options';
import { writeReports } from '../reports';
import type { Terminal } from '../terminal';

interface Options {
  readonly adapter?: string;
  readonly driver: string;
  readonly profile?: string;
  readonly engine?: EngineName;
  readonly tags?: string;
  readonly rule?: readonly string[];
  readonly area?: readonly string[];
  readonly seed: number;
  readonly out: string;
  readonly allure: boolean;
}

/** `lwf run`: the specification against one driver, with everything a reader needs left in a folder. */
export const addRun: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('run')
    .description('run the specification on a driver and write the reports')
    .argument('[paths...]', 'feature files, folders or file:line (default: the whole specification)')
    .option(
      '--driver <name-or-path>',
      'a driver of the kit (see `lwf drivers`), or your own: ./driver.ts, ./driver.sys',
      'reference',
    )
    .option('--profile <file>', 'how to make a .sys driver do things (docs/profile.md)')
    .addOption(new Option('--engine <name>', 'how a .sys driver is executed').choices(ENGINES))
    .option('--adapter <name>', `where the driver runs: ${ADAPTERS.join(', ')} (default: as the driver asks for)`)
    .option('--tags <expression>', 'only scenarios that match this Cucumber tag expression')
    .option('--rule <ids>', 'only scenarios of these rules (repeat, or separate with commas)', listOption)
    .option(
      '--area <areas>',
      'only scenarios of the rules of these areas (repeat, or separate with commas)',
      listOption,
    )
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--out <folder>', 'folder for the reports', 'reports')
    .option('--no-allure', 'leave the Allure report out')
    .action(async (paths: string[], options: Options) => {
      const tags = tagExpression(options);
      const folder = resolve(options.out);
      const run = await runSpecification({
        driver: options.driver,
        adapter: options.adapter,
        profile: options.profile,
        engine: options.engine,
        seed: options.seed,
        evidence: 'full',
        formatsFolder: folder,
        onScenario: createProgress(terminal, { colour: terminal.colour }),
        ...(paths.length > 0 && { paths }),
        ...(tags !== undefined && { tags }),
      });
      const page = writeReports(folder, { run });
      if (options.allure) await addAllureReport(terminal, run, folder);
      terminal.out(failuresText(run, terminal));
      terminal.out(`\n${summaryText(run, undefined, terminal)}\n${pathToFileURL(page).href}\n`);
      exitWith(exitCodeOf(run));
    });
};

async function addAllureReport(terminal: Terminal, run: RunResult, folder: string): Promise<void> {
  const results = join(folder, 'allure-results');
  writeAllureResults(run, results);
  const site = await makeAllureSite(results, join(folder, 'allure-report'));
  if (!site.made) terminal.err(`${site.notice}\n`);
}

/** A broken rule is known even when something else could not be judged. */
function exitCodeOf({ scenarios }: RunResult): ExitCode {
  if (scenarios.some(({ verdict }) => verdict === 'fail')) return EXIT.violations;
  if (scenarios.some(({ verdict }) => verdict === 'error')) return EXIT.cannotJudge;
  // Nothing could be judged: that is no conformance.
  const nothing = scenarios.every(({ verdict }) => verdict !== 'pass') && scenarios.some(isUnobserved);
  return nothing ? EXIT.cannotJudge : EXIT.conforms;
}

function isUnobserved({ verdict }: { readonly verdict: string }): boolean {
  return verdict === 'not observed';
}
