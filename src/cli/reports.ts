import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CannotJudge, FolderChange, makeFolder, whyNot, type KillMatrix, type RunResult } from '../conformance';
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

/** What says something about a result beside it: when that is another one, it is not true any more. */
const ABOUT_A_RESULT = ['statement.json', 'statement.jws', 'statement.html', 'statement-summary.html', 'waived'];

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
 * @returns path of the page to open
 * @throws CannotJudge when the folder cannot be written: what was there is untouched
 */
export async function writeReports(
  folder: string,
  found: Found,
  add: (change: FolderChange) => void = () => undefined,
): Promise<string> {
  const { run, matrix, waivers } = found;
  const text = `${JSON.stringify(run)}\n`;
  const change = new FolderChange(folder);
  try {
    change.put(RUN_FILE, text);
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
    if (!holds(join(folder, RUN_FILE), text)) change.outdate(...ABOUT_A_RESULT);
    add(change);
    change.commit();
  } catch (failure) {
    change.discard();
    throw failure;
  }
  return join(folder, PAGE);
}

function holds(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === text;
}

/** Writes plain data as JSON, where `requireWritableFile` said that it can be written. */
export function writeJson(file: string, data: RunResult | KillMatrix): void {
  writeFileSync(resolve(file), `${JSON.stringify(data)}\n`);
}

/**
 * Makes sure, before the work, that its result can be written; makes the folder when it is missing.
 * @throws CannotJudge when it cannot be written
 */
export function requireWritableFile(file: string): void {
  const path = resolve(file);
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, 'a'));
  } catch (failure) {
    throw new CannotJudge(`${path} cannot be written (${whyNot(failure)}). Choose another place for it.`, {
      cause: failure,
    });
  }
}

/** @throws CannotJudge when the file is not what `lwf matrix --json` wrote */
export function readMatrix(file: string): KillMatrix {
  const path = resolve(file);
  const remedy = '`lwf matrix --json FILE` writes one';
  let data: Partial<KillMatrix> | null;
  try {
    data = JSON.parse(readFileSync(path, 'utf8')) as Partial<KillMatrix> | null;
  } catch (failure) {
    throw new CannotJudge(`${path} cannot be read (${whyNot(failure)}); ${remedy}.`, { cause: failure });
  }
  if (data?.schema !== 'kill-matrix/1') throw new CannotJudge(`${path} is not of the schema kill-matrix/1; ${remedy}.`);
  const cut = (['rows', 'problems'] as const).find((key) => !Array.isArray(data[key]));
  if (cut !== undefined) throw new CannotJudge(`${path} has no list "${cut}"; ${remedy}.`);
  return data as KillMatrix;
}
