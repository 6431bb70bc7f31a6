import { InvalidArgumentError } from 'commander';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ADAPTERS, runSpecification, type RunResult } from '../../conformance';
import { createProgress, failureText, summaryText, writeReports } from '../../reporting';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { DEFAULT_SEED, listOption, seedOption, tagExpression } from '../options';

interface Options {
  readonly adapter: string;
  readonly driver: string;
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
    .option('--adapter <name>', `where the driver runs: ${ADAPTERS.join(', ')}`, 'simulator')
    .option(
      '--driver <name-or-path>',
      'a driver of the kit (see `lwf drivers`) or your own, ./driver.ts or .js',
      'reference',
    )
    .option('--tags <expression>', 'only scenarios that match this Cucumber tag expression')
    .option('--rule <ids>', 'only scenarios of these rules (repeat, or separate with commas)', listOption)
    .option(
      '--area <areas>',
      'only scenarios of the rules of these areas (repeat, or separate with commas)',
      listOption,
    )
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--out <folder>', 'folder for the reports', 'reports')
    .option('--no-allure', 'do not make the Allure site')
    .action(async (paths: string[], options: Options) => {
      const tags = tagExpression(options);
      const folder = resolve(options.out);
      const progress = createProgress(terminal);
      const run = await runSpecification({
        adapter: options.adapter,
        driver: options.driver,
        seed: options.seed,
        evidence: 'full',
        formatsFolder: folder,
        onScenario: progress,
        ...(paths.length > 0 && { paths }),
        ...(tags !== undefined && { tags }),
      });
      terminal.out(failureText(run));
      terminal.out(summaryText(run));
    });
};

function exitCodeOf({ scenarios }: RunResult): ExitCode {
  if (scenarios.some(({ verdict }) => verdict === 'fail')) return EXIT.violations;
  if (scenarios.some(({ verdict }) => verdict === 'error')) return EXIT.cannotJudge;
  return EXIT.conforms;
}
