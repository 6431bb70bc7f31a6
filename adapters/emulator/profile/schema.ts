/** Holds a profile against the published schema, and says in words what does not fit. */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { Problem } from './bad-profile';
import { didYouMean } from './nearest';
import schema from './profile-1.schema.json';
import type { Path, Source } from './source';

let compiled: ValidateFunction | undefined;

/** Compiling takes longer than everything else: only for runs that have a profile. */
function validator(): ValidateFunction {
  // `$ref` with a description beside it: the description is the better one for this place.
  compiled ??= new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
  }).compile(schema);
  return compiled;
}

/** @returns what does not fit, nothing when all does */
export function schemaProblems(source: Source): Problem[] {
  const validate = validator();
  if (validate(source.value)) return [];
  const errors = (validate.errors ?? []).filter((error) => !isEcho(error));
  return errors.map((error) => explain(source, error));
}

/** Errors that only say that a part of a choice did not fit: the choice's own error says it better. */
function isEcho({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === 'if' || /\/oneOf\/\d+\/required$/.test(schemaPath) || schemaPath.includes('/propertyNames/');
}

function explain(source: Source, error: ErrorObject): Problem {
  const path = pathOf(error.instancePath);
  const { keyword, data } = error;
  const params = error.params as Readonly<Record<string, unknown>>;
  const expected = descriptionOf(error.parentSchema);
  const where = path.length === 0 ? 'a profile' : `"${path.join('.')}"`;
  const value = (message: string) => source.problem(path, 'value', message);

  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
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
    case 'enum':
    case 'const': {
      const allowed = [...new Set(allowedOf(params).map(String))];
      return value(
        tidy(
          `${where} is ${shown(data)}${didYouMean(String(data), allowed)} Expected: ${expected}. Allowed: ${allowed.join(', ')}`,
        ),
      );
    }
    default:
      return value(`${where} is ${shown(data)}. Expected: ${expected}`);
  }
}

/** Ends a part of a sentence that has no question mark. */
function tidy(message: string): string {
  return message.replace(/([^?.]) (Known here|Expected):/, '$1. $2:');
}

function allowedOf(params: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (Array.isArray(params['allowedValues'])) return params['allowedValues'] as readonly unknown[];
  return [params['allowedValue']];
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

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON pointer as the steps that lead to it. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
