/** What a command does with a result: the folder of reports, the words on the terminal, the exit code. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SIGNATURE_FILE, STATEMENT_FILE, WAIVED } from '../conformance/statement';
import { isExhibit } from '../conformance/rule-results';
import {
  outcomeOf,
  toldOutcome,
  waivedOutcome,
  whyNot,
  type RunPart,
  type RunResult,
  type WaivedOutcome,
} from '../conformance';
import {
  failuresText,
  makeAllureSite,
  shownScenario,
  summaryText,
  writeAllureResults,
  type ShownWaivers,
} from '../reporting';
import { plural } from '../reporting/plural';
import { EXIT, type ExitCode } from './exit-code';
import { ALLURE_REPORT, ALLURE_RESULTS, writeReports } from './reports';
import { statementFiles } from './statement-files';
import type { Terminal } from './terminal';
import { heldAgainst, type GivenWaivers } from './waiver-options';

export interface HandOverOptions {
  readonly folder: string;
  readonly allure: boolean;
  /** Without words on the terminal: a machine reads it. */
  readonly quiet: boolean;
  /** Aborted: nothing is put in place, and what comes after the reports is left out. */
  readonly signal: AbortSignal;
  /** When the command began. */
  readonly started: Date;
  /** Known violations that the run is held against. */
  readonly waivers?: GivenWaivers | undefined;
}

export interface HandedOver {
  /** As it is told: a shard conforms to nothing. */
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
 * @throws CannotJudge when the reports cannot be written, and when it is interrupted before they are in place
 */
export async function handOver(
  run: RunResult,
  { folder, allure, quiet, signal, started, waivers: given }: HandOverOptions,
  terminal: Terminal,
): Promise<HandedOver> {
  const waivers = given && heldAgainst(run, given);
  const files = statementFiles(run, started, given);
  const page = await writeReports(
    folder,
    { run, ...(waivers && { waivers }) },
    (change) => {
      // They are about the statement that was there before.
      change.outdate(SIGNATURE_FILE, WAIVED);
      for (const [name, content] of files) change.put(name, content);
    },
    signal,
  );
  if (allure) await addAllureReport(terminal, { run, waivers }, folder, signal);
  if (!quiet) {
    const plain = run.scenarios.filter((scenario) => shownScenario(scenario, waivers) !== 'waived');
    terminal.out(failuresText({ ...run, scenarios: plain }, terminal));
    terminal.out(
      `\n${summaryText(run, undefined, terminal, waivers)}\n${pathToFileURL(page).href}\nstatement: ${join(folder, STATEMENT_FILE)}\n`,
    );
  }
  const outcome = waivers ? waivedOutcome(run, waivers) : outcomeOf(run);
  const code = EXIT_OF[outcome];
  if (run.part && run.scenarios.length === 0) terminal.err(`lwf: ${nothingToPlay(run.part)}\n`);
  if (outcome === 'could not judge') terminal.err(`lwf: no verdict: ${whyNoVerdict(run)}.\n`);
  // The list must say what is true.
  const isStale = waivers?.entries.some(({ stale }) => stale) === true && given?.allowStale === false;
  return {
    outcome: toldOutcome(outcome, run.part !== undefined),
    code: code === EXIT.conforms && isStale ? EXIT.violations : code,
    waivers,
  };
}

function nothingToPlay({ index, of, total }: RunPart): string {
  return `shard ${index} of ${of} got none of the ${plural(total, 'scenario')}, and says nothing about the driver: fewer shards would do. \`lwf merge\` needs it all the same.`;
}

function whyNoVerdict({ scenarios, identity }: RunResult): string {
  const errors = scenarios.filter(({ verdict }) => verdict === 'error').length;
  if (errors > 0) return `${plural(errors, 'scenario')} ended in an error of the kit or its adapter`;
  if (scenarios.length > 0 && scenarios.every(isExhibit)) {
    return 'only exhibits were played, and they show drivers of the kit. Choose scenarios of the rules, too';
  }
  const what = identity.conformance === 'core' ? 'core rules' : 'what was chosen';
  return `of ${what}, no rule applies to this driver and could be observed`;
}

/** It comes after the result, which stands without it. */
async function addAllureReport(
  terminal: Terminal,
  { run, waivers }: { readonly run: RunResult; readonly waivers: ShownWaivers | undefined },
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const results = join(folder, ALLURE_RESULTS);
  try {
    writeAllureResults(run, results, waivers);
  } catch (failure) {
    rmSync(results, { recursive: true, force: true });
    terminal.err(
      `The Allure report was skipped: ${results} cannot be written (${whyNot(failure)}). All other reports are complete.\n`,
    );
    return;
  }
  const site = await makeAllureSite(results, join(folder, ALLURE_REPORT), { signal });
  if (!site.made) terminal.err(`${site.notice}\n`);
}
