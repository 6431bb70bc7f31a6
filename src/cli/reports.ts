import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CannotJudge, FolderChange, whyUnreadable, textOf, type KillMatrix, type RunResult } from '../conformance';
import { holds, runJson } from '../conformance/run-json';
import { refuseFilesOfOthers } from '../conformance/report-folder';
import { TRACES, traceFileOf } from '../conformance/trace-files';
import {
  cucumberHtml,
  cucumberMessages,
  junitXml,
  matrixMarkdown,
  messagesNdjson,
  renderLivingDocumentation,
  sarifLog,
  type ShownWaivers,
} from '../reporting';
import { areas, disputes, guarantees, rules } from '../rules';
import { featureFiles, featureFilesOf } from './feature-files';

export { readRun } from '../conformance/read-run';

/** What was found, for `lwf report` and for programs. */
const RUN_FILE = 'run.json';

const PAGE = 'index.html';

export const ALLURE_RESULTS = 'allure-results';
export const ALLURE_REPORT = 'allure-report';

/** What says something about a result beside it: when that is another one, it is not true any more. */
const ABOUT_A_RESULT = [
  'statement.json',
  'statement.jws',
  'statement.html',
  'statement-summary.html',
  'waived',
  ALLURE_RESULTS,
  ALLURE_REPORT,
];

export interface Found {
  readonly run: RunResult;
  readonly otherRuns?: readonly RunResult[];
  readonly matrix?: KillMatrix;
  /** What the run was held against. */
  readonly waivers?: ShownWaivers;
}

/**
 * Writes what a run found, and all reports made of it: nothing of it takes its place before all of it is written.
 * @param folder where to; made when it is missing
 * @param add writes more files in the same change; they are put in place last, in their order
 * @param signal aborted before all is in place: nothing is
 * @returns path of the page to open
 * @throws CannotJudge when the folder cannot be written, or it is interrupted: what was there is untouched
 */
export async function writeReports(
  folder: string,
  found: Found,
  add: (change: FolderChange) => void = () => undefined,
  signal?: AbortSignal,
): Promise<string> {
  const { run, matrix, waivers } = found;
  refuseFilesOfOthers(folder);
  const change = new FolderChange(folder);
  try {
    change.put(RUN_FILE, runJson(run));
    if (matrix) change.put('kill-matrix.md', matrixMarkdown(matrix));
    const catalogue = { rules, disputes, guarantees, areas };
    change.put(PAGE, renderLivingDocumentation({ ...found, features: featureFiles(), catalogue }));
    change.put('junit.xml', junitXml(run, waivers));
    change.put('sarif.json', sarifLog(run, waivers));
    const messages = cucumberMessages(run, featureFilesOf(run), waivers);
    change.put('messages.ndjson', messagesNdjson(messages));
    change.put('cucumber.html', await cucumberHtml(messages));
    for (const scenario of run.scenarios) {
      const { path, bytes } = traceFileOf(run, scenario);
      change.put(path, bytes);
    }
    change.outdate(TRACES);
    if (!holds(join(folder, RUN_FILE), runJson(run))) change.outdate(...ABOUT_A_RESULT);
    add(change);
    // Signals that came meanwhile are heard now.
    await setImmediate();
    if (signal?.aborted === true) throw new CannotJudge(`interrupted: what was in ${folder} before is untouched.`);
    change.commit();
  } catch (failure) {
    change.discard();
    throw failure;
  }
  return join(folder, PAGE);
}

/** @throws CannotJudge when the file is not what `lwf matrix --json` wrote */
export function readMatrix(file: string): KillMatrix {
  const path = resolve(file);
  const remedy = '`lwf matrix --json FILE` writes one';
  let data: Partial<KillMatrix> | null;
  try {
    data = JSON.parse(textOf(path)) as Partial<KillMatrix> | null;
  } catch (failure) {
    throw new CannotJudge(`${path} cannot be read (${whyUnreadable(failure)}); ${remedy}.`, { cause: failure });
  }
  if (data?.schema !== 'kill-matrix/1') throw new CannotJudge(`${path} is not of the schema kill-matrix/1; ${remedy}.`);
  const cut = (['rows', 'problems'] as const).find((key) => !Array.isArray(data[key]));
  if (cut !== undefined) throw new CannotJudge(`${path} has no list "${cut}"; ${remedy}.`);
  return data as KillMatrix;
}
