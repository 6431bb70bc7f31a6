import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CannotJudge, makeFolder, type KillMatrix, type RunResult } from '../conformance';
import { matrixMarkdown, writeLivingDocumentation } from '../reporting';
import { areas, disputes, guarantees, rules } from '../rules';
import { errorCode } from './error-code';
import { featureFiles } from './feature-files';

/** What was found, for `lwf report` and for programs. */
const RUN_FILE = 'run.json';

export interface Found {
  readonly run: RunResult;
  readonly otherRuns?: readonly RunResult[];
  readonly matrix?: KillMatrix;
}

/**
 * Writes what a run found, and the living documentation made of it.
 * @param folder where to; made when it is missing
 * @returns path of the page to open
 * @throws CannotJudge when the folder cannot be written
 */
export function writeReports(folder: string, found: Found): string {
  requireWritableFile(join(folder, RUN_FILE));
  writeJson(join(folder, RUN_FILE), found.run);
  if (found.matrix) writeFileSync(join(folder, 'kill-matrix.md'), matrixMarkdown(found.matrix));
  const features = featureFiles();
  return writeLivingDocumentation({ ...found, folder, features, catalogue: { rules, disputes, guarantees, areas } });
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
    throw new CannotJudge(`${path} cannot be written (${errorCode(failure)}). Choose another place for it.`, {
      cause: failure,
    });
  }
}

/** @throws CannotJudge when the file is not what `lwf run` wrote */
export function readRun(file: string): RunResult {
  return readResult<RunResult>(file, 'run/1', ['scenarios', 'rules'], '`lwf run` writes one');
}

/** @throws CannotJudge when the file is not what `lwf matrix --json` wrote */
export function readMatrix(file: string): KillMatrix {
  return readResult<KillMatrix>(file, 'kill-matrix/1', ['rows', 'problems'], '`lwf matrix --json FILE` writes one');
}

function readResult<T extends { readonly schema: string }>(
  file: string,
  schema: T['schema'],
  lists: readonly (keyof T)[],
  remedy: string,
): T {
  const path = resolve(file);
  let data: Partial<T> | null;
  try {
    data = JSON.parse(readFileSync(path, 'utf8')) as Partial<T> | null;
  } catch (failure) {
    throw new CannotJudge(`${path} cannot be read (${errorCode(failure)}); ${remedy}.`, { cause: failure });
  }
  if (data?.schema !== schema) throw new CannotJudge(`${path} is not of the schema ${schema}; ${remedy}.`);
  const cut = lists.find((key) => !Array.isArray(data[key]));
  if (cut !== undefined) throw new CannotJudge(`${path} has no list "${String(cut)}"; ${remedy}.`);
  return data as T;
}
