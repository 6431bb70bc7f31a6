/** Results on disk, as comparing needs them. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CannotJudge } from '../cannot-judge';
import { textOf, TooLarge } from '../text-of';
import { whyUnreadable } from '../why-not';
import type { ComparedRun } from './compared-run';
import { JsonPart } from './json';
import { comparedRun } from './of-run';
import { comparedStatement } from './of-statement';

/** In a folder of reports, what says most comes first. */
const FILES = ['statement.json', 'run.json'] as const;
const REMEDY = 'give a statement.json, a run.json, or the folder that `lwf run` wrote them to';

/**
 * @param path of a statement, of a `run.json`, or of the folder with one of them
 * @throws CannotJudge when there is none, or it is not as `lwf` writes it
 */
export function readResult(path: string): ComparedRun {
  const file = resultFile(path);
  const content = new JsonPart(file, '', parsed(file));
  const schema = content.member('schema').value;
  if (schema === 'statement/1') return comparedStatement(path, content);
  if (schema === 'run/1') return comparedRun(path, content);
  const found = typeof schema === 'string' ? `is of the schema ${schema}` : 'names no schema';
  throw new CannotJudge(`${file} ${found}, which cannot be compared: ${REMEDY}.`);
}

/**
 * @param path of a result, or of the folder with one
 * @returns the file that is read
 * @throws CannotJudge when there is none
 */
export function resultFile(path: string): string {
  const full = resolve(path);
  if (!existsSync(full)) throw new CannotJudge(`There is no ${path}: ${REMEDY}.`);
  if (!statSync(full).isDirectory()) return path;
  const found = FILES.map((name) => join(path, name)).find((file) => existsSync(resolve(file)));
  if (found === undefined) throw new CannotJudge(`There is neither ${FILES.join(' nor ')} in ${path}: ${REMEDY}.`);
  return found;
}

function parsed(file: string): unknown {
  let text: string;
  try {
    text = textOf(resolve(file));
  } catch (failure) {
    const remedy = failure instanceof TooLarge ? 'give the statement.json beside it' : REMEDY;
    throw new CannotJudge(`${file} cannot be read (${whyUnreadable(failure)}): ${remedy}.`, { cause: failure });
  }
  if (text.trim() === '') throw new CannotJudge(`${file} is empty: ${REMEDY}.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    throw new CannotJudge(`${file} is no JSON, or only the beginning of it (${why.slice(0, 120)}): ${REMEDY}.`, {
      cause: failure,
    });
  }
}
