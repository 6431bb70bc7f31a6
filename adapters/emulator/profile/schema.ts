/** Holds a profile against the published schema, and says in words what does not fit. */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { Problem } from './bad-profile';
import { didYouMean, nearest } from './nearest';
import schema from './profile-1.schema.json';
import type { Path, Source } from './source';

/** @returns what does not fit, nothing when all does */
export type SchemaProblems = (source: Source) => Problem[];

/**
 * @param published a JSON Schema with a description beside everything, compiled when first asked for
 * @param what it is a schema of: `a profile`
 */
export function schemaProblemsOf(published: object, what: string): SchemaProblems {
  let compiled: ValidateFunction | undefined;
  return (source) => {
    // `$ref` with a description beside it: the description is the better one for this place.
    compiled ??= new Ajv({
      allErrors: true,
      verbose: true,
      allowUnionTypes: true,
      strictTypes: false,
      strictRequired: false,
    }).compile(published);
    if (compiled(source.value)) return [];
    const errors = compiled.errors ?? [];
    return errors.filter((error) => !isEcho(error, errors)).map((error) => explain(source, error, what));
  };
}

export const schemaProblems = schemaProblemsOf(schema, 'a profile');

/** Errors that another one says better: parts of a choice that did not fit, and a key that lacks because it is misspelt. */
function isEcho(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  const { keyword, schemaPath } = error;
  if (keyword === 'if' || /\/oneOf\/\d+\/required$/.test(schemaPath) || schemaPath.includes('/propertyNames/'))
    return true;
  if (keyword !== 'oneOf' && keyword !== 'required') return false;
  const strangers = all.filter(
    (other) => other.keyword === 'additionalProperties' && other.instancePath === error.instancePath,
  );
  if (keyword === 'oneOf') return strangers.length > 0;
  const missing = String(paramsOf(error)['missingProperty']);
  return strangers.some((other) => nearest(strangerOf(other), keysOf(other.parentSchema)) === missing);
}

function paramsOf(error: ErrorObject): Readonly<Record<string, unknown>> {
  return error.params as Readonly<Record<string, unknown>>;
}

function strangerOf(error: ErrorObject): string {
  return String(paramsOf(error)['additionalProperty']);
}

function explain(source: Source, error: ErrorObject, what: string): Problem {
  const path = pathOf(error.instancePath);
  const { keyword, data } = error;
  const params = paramsOf(error);
  const expected = descriptionOf(error.parentSchema);
  const where = path.length === 0 ? what : `"${spelt(path)}"`;
  const value = (message: string) => source.problem(path, 'value', message);

  switch (keyword) {
    case 'additionalProperties': {
      const key = strangerOf(error);
      const known = keysOf(error.parentSchema);
      const message = `"${key}" is no key of ${where}${didYouMean(key, known)} Known here: ${known.join(', ')}`;
      return source.problem([...path, key], 'key', tidy(message));
    }
    case 'propertyNames':
      return source.problem(
        [...path, String(params['propertyName'])],
        'key',
        `"${String(params['propertyName'])}" is no name: letters, digits and _`,
      );
    case 'required': {
      const key = String(params['missingProperty']);
      return value(`${where} lacks "${key}"${hint(error.parentSchema, key)}`);
    }
    case 'dependencies':
      return source.problem(
        [...path, String(params['property'])],
        'key',
        `"${String(params['property'])}" needs "${String(params['missingProperty'])}" beside it`,
      );
    case 'oneOf':
      return value(`${where} must be exactly one thing. Expected: ${expected}`);
    case 'enum': {
      const allowed = allowedOf(params);
      const guess = didYouMean(String(data), allowed);
      return value(tidy(`${where} is ${shown(data)}${guess} Expected: ${expected}. Allowed: ${allowed.join(', ')}`));
    }
    default: {
      const guess = didYouMean(String(data), wordsOf(error.parentSchema));
      return value(tidy(`${where} is ${shown(data)}${guess} Expected: ${expected}`));
    }
  }
}

/** Ends a part of a sentence that has no question mark. */
function tidy(message: string): string {
  return message.replace(/([^?.]) (Known here|Expected):/, '$1. $2:');
}

/** Without the numbers that mean the same as a text beside them. */
function allowedOf(params: Readonly<Record<string, unknown>>): readonly string[] {
  const values = params['allowedValues'] as readonly unknown[];
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length > 0 ? texts : values.map(String);
}

/** Words that a value may be, beside numbers. */
function wordsOf(part: unknown): readonly string[] {
  const examples = isRecord(part) ? part['examples'] : undefined;
  return Array.isArray(examples) ? examples.map(String) : [];
}

/** `asks.send[0].write` */
function spelt(path: Path): string {
  return path
    .map((step) => (/^\d+$/.test(String(step)) ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

function shown(data: unknown): string {
  if (data === null || data === undefined) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a mapping';
  const text = JSON.stringify(data) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function descriptionOf(part: unknown): string {
  const found = isRecord(part) ? part['description'] : undefined;
  return typeof found === 'string' ? found : 'something else';
}

function keysOf(part: unknown): readonly string[] {
  return isRecord(part) && isRecord(part['properties']) ? Object.keys(part['properties']) : [];
}

function hint(part: unknown, key: string): string {
  const property = isRecord(part) && isRecord(part['properties']) ? part['properties'][key] : undefined;
  return isRecord(property) && typeof property['description'] === 'string' ? `: ${property['description']}` : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON pointer as the steps that lead to it. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
