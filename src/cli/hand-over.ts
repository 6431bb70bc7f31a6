/** What a command does with a result: the folder of reports, the words on the terminal, the exit code. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { STATEMENT_FILE } from '../conformance/statement';
import { outcomeOf, type Outcome, type RunResult } from '../conformance';
import { failuresText, makeAllureSite, summaryText, writeAllureResults } from '../reporting';
import { EXIT, type ExitCode } from './exit-code';
import { writeReports } from './reports';
import { statementFiles } from './statement-files';
import type { Terminal } from './terminal';

export interface HandOverOptions {
  readonly folder: string;
  readonly allure: boolean;
  /** Without words on the terminal: a machine reads it. */
  readonly quiet: boolean;
  /** When the command began. */
  readonly started: Date;
}

const EXIT_OF: Readonly<Record<Outcome, ExitCode>> = {
  conforms: EXIT.conforms,
  violations: EXIT.violations,
  'could not judge': EXIT.cannotJudge,
  incomplete: EXIT.cannotJudge,
};

/**
 * @param run a result that is complete, or a shard
 * @throws CannotJudge when the reports cannot be written
 */
export async function handOver(
  run: RunResult,
  { folder, allure, quiet, started }: HandOverOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const files = statementFiles(run, started);
  const page = await writeReports(folder, { run }, (change) => {
    for (const [name, content] of files) change.put(name, content);
  });
  if (allure) await addAllureReport(terminal, run, folder);
  if (!quiet) {
    terminal.out(failuresText(run, terminal));
    terminal.out(
      `\n${summaryText(run, undefined, terminal)}\n${pathToFileURL(page).href}\nstatement: ${join(folder, STATEMENT_FILE)}\n`,
    );
  }
  return EXIT_OF[outcomeOf(run)];
}

async function addAllureReport(terminal: Terminal, run: RunResult, folder: string): Promise<void> {
  const results = join(folder, 'allure-results');
  writeAllureResults(run, results);
  const site = await makeAllureSite(results, join(folder, 'allure-report'));
  if (!site.made) terminal.err(`${site.notice}\n`);
}
