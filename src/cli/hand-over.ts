/** What a command does with a result: the folder of reports, the words on the terminal, the exit code. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SIGNATURE_FILE, STATEMENT_FILE, WAIVED } from '../conformance/statement';
import { outcomeOf, waivedOutcome, type RunResult, type WaivedOutcome } from '../conformance';
import {
  failuresText,
  makeAllureSite,
  shownScenario,
  summaryText,
  writeAllureResults,
  type ShownWaivers,
} from '../reporting';
import { EXIT, type ExitCode } from './exit-code';
import { writeReports } from './reports';
import { statementFiles } from './statement-files';
import type { Terminal } from './terminal';
import { heldAgainst, type GivenWaivers } from './waiver-options';

export interface HandOverOptions {
  readonly folder: string;
  readonly allure: boolean;
  /** Without words on the terminal: a machine reads it. */
  readonly quiet: boolean;
  /** When the command began. */
  readonly started: Date;
  /** Known violations that the run is held against. */
  readonly waivers?: GivenWaivers | undefined;
}

export interface HandedOver {
  readonly outcome: WaivedOutcome;
  readonly code: ExitCode;
  /** What became of them. */
  readonly waivers?: ShownWaivers | undefined;
}

const EXIT_OF: Readonly<Record<WaivedOutcome, ExitCode>> = {
  conforms: EXIT.conforms,
  'conforms with waivers': EXIT.conforms,
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
  { folder, allure, quiet, started, waivers: given }: HandOverOptions,
  terminal: Terminal,
): Promise<HandedOver> {
  const waivers = given && heldAgainst(run, given);
  const files = statementFiles(run, started, given);
  const page = await writeReports(folder, { run, ...(waivers && { waivers }) }, (change) => {
    // They are about the statement that was there before.
    change.outdate(SIGNATURE_FILE, WAIVED);
    for (const [name, content] of files) change.put(name, content);
  });
  if (allure) await addAllureReport(terminal, run, folder, waivers);
  if (!quiet) {
    const plain = run.scenarios.filter((scenario) => shownScenario(scenario, waivers) !== 'waived');
    terminal.out(failuresText({ ...run, scenarios: plain }, terminal));
    terminal.out(
      `\n${summaryText(run, undefined, terminal, waivers)}\n${pathToFileURL(page).href}\nstatement: ${join(folder, STATEMENT_FILE)}\n`,
    );
  }
  const outcome = waivers ? waivedOutcome(run, waivers) : outcomeOf(run);
  const code = EXIT_OF[outcome];
  // The list must say what is true.
  const isStale = waivers?.entries.some(({ stale }) => stale) === true && given?.allowStale === false;
  return { outcome, code: code === EXIT.conforms && isStale ? EXIT.violations : code, waivers };
}

async function addAllureReport(
  terminal: Terminal,
  run: RunResult,
  folder: string,
  waivers: ShownWaivers | undefined,
): Promise<void> {
  const results = join(folder, 'allure-results');
  writeAllureResults(run, results, waivers);
  const site = await makeAllureSite(results, join(folder, 'allure-report'));
  if (!site.made) terminal.err(`${site.notice}\n`);
}
