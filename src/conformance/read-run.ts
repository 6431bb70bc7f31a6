/** A result on disk, held against its schema before anybody believes it. */
import { resolve } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { CannotJudge } from './cannot-judge';
import type { RunResult } from './results';
import schema from './run-1.schema.json';
import { textOf, TooLarge } from './text-of';
import { whyUnreadable } from './why-not';

const REMEDY = '`lwf run` writes one';
/** `lwf run` writes one of any length. */
const SMALLER = 'play its scenarios in more shards (--shard)';

let compiled: ValidateFunction<RunResult> | undefined;

/**
 * @param file `run.json` as `lwf run` wrote it
 * @throws CannotJudge when it is missing, cut off, or something else
 */
export function readRun(file: string): RunResult {
  const path = resolve(file);
  let data: unknown;
  try {
    data = JSON.parse(textOf(path));
  } catch (failure) {
    const remedy = failure instanceof TooLarge ? SMALLER : REMEDY;
    throw new CannotJudge(`${path} cannot be read (${whyUnreadable(failure)}); ${remedy}.`, { cause: failure });
  }
  if (!isOfSchema(data)) throw new CannotJudge(`${path} is not of the schema run/1; ${REMEDY}.`);
  compiled ??= new Ajv().compile<RunResult>(schema);
  if (compiled(data)) return data;
  const [error] = compiled.errors ?? [];
  const where = error?.instancePath ? ` at ${error.instancePath}` : '';
  throw new CannotJudge(`${path} is not as run/1 is${where}: it ${error?.message}; ${REMEDY}.`);
}

function isOfSchema(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'schema' in data && data.schema === 'run/1';
}
