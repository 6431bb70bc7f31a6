/** A statement from a file: is it one, and is it as `lwf` wrote it? */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CannotJudge } from '../cannot-judge';
import { whyUnreadable } from '../why-not';
import schema from './statement-1.schema.json';
import { STATEMENT_FILE, type Statement } from './statement';

/** No statement comes near it, and what does is not read into memory. */
const LARGEST = 200 * 1024 * 1024;
/** What comes after the first faults mostly follows from them. */
const MAX_FAULTS = 3;

const REMEDY = '`lwf run` leaves one in its report folder';

export interface ReadStatement {
  /** Of the file, absolute. */
  readonly path: string;
  readonly bytes: Buffer;
  /** Undefined when it does not fit the schema. */
  readonly statement?: Statement;
  /** How it differs from what `lwf` writes, each in one sentence. */
  readonly faults: readonly string[];
}

/**
 * @param given the file, or the folder that it is in
 * @throws CannotJudge when it cannot be read, or is no statement at all
 */
export function readStatement(given: string): ReadStatement {
  const { path, bytes } = statementBytes(given);
  const text = bytes.toString('utf8');
  const data = parsed(path, text);
  const { schema: is } = data as { readonly schema?: unknown };
  if (is !== 'statement/1') {
    const what = typeof is === 'string' ? `its schema is "${is.slice(0, 40)}"` : 'it names no schema';
    throw new CannotJudge(`${path} is no statement (${what}); ${REMEDY}.`);
  }
  const faults = schemaFaults(data);
  if (faults.length > 0) return { path, bytes, faults };
  return { path, bytes, statement: data as Statement, faults: isOwnSpelling(text, data) ? [] : [SPELLING] };
}

const SPELLING =
  'a member stands in it twice or is spelt as lwf never writes it, so that people and programs read it differently';

function statementBytes(given: string): { path: string; bytes: Buffer } {
  let path = resolve(given);
  try {
    if (statSync(path).isDirectory()) path = join(path, STATEMENT_FILE);
    if (statSync(path).size > LARGEST) throw new CannotJudge(`${path} is larger than any statement; ${REMEDY}.`);
    return { path, bytes: readFileSync(path) };
  } catch (failure) {
    if (failure instanceof CannotJudge) throw failure;
    throw new CannotJudge(`Cannot read the statement ${path} (${whyUnreadable(failure)}); ${REMEDY}.`, {
      cause: failure,
    });
  }
}

function parsed(path: string, text: string): object {
  if (text.trim() === '') throw new CannotJudge(`${path} is empty; ${REMEDY}.`);
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
  } catch (failure) {
    const why = failure instanceof Error ? failure.message.split('\n')[0] : String(failure);
    throw new CannotJudge(`${path} is no JSON, or cut off (${why}); ${REMEDY}.`, { cause: failure });
  }
  throw new CannotJudge(`${path} is no statement; ${REMEDY}.`);
}

let compiled: ValidateFunction | undefined;

function schemaFaults(data: object): string[] {
  compiled ??= new Ajv({ allErrors: false, strictRequired: false }).compile(schema);
  if (compiled(data)) return [];
  return (compiled.errors ?? []).slice(0, MAX_FAULTS).map(faultText);
}

function faultText({ instancePath, keyword, message, params }: ErrorObject): string {
  const where = instancePath === '' ? 'the statement' : instancePath.slice(1).replaceAll('/', '.');
  const stranger = keyword === 'additionalProperties' ? ` ("${String(params['additionalProperty'])}")` : '';
  return `${where} ${message ?? 'does not fit'}${stranger}`;
}

/** A member that stands there twice is read differently by people and by programs. White space may differ. */
function isOwnSpelling(text: string, data: object): boolean {
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+/gs, (part) => (part.startsWith('"') ? part : '')) === JSON.stringify(data);
}
