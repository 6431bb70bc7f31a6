/** Holds a list of waivers against the published schema, and says in words what does not fit. */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { nearest } from '../nearest';
import schema from './waivers-1.schema.json';
import type { Path, WaiversSource } from './waivers-source';

let compiled: ValidateFunction | undefined;

/** Adds what does not fit to the source. */
export function checkSchema(source: WaiversSource): void {
  compiled ??= new Ajv({ allErrors: true, verbose: true }).compile(schema);
  if (compiled(source.value)) return;
  const errors = compiled.errors ?? [];
  for (const error of errors) if (!isEcho(error, errors)) explain(source, error);
}

/** A key that lacks because it is misspelt is told once. */
function isEcho(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.keyword !== 'required') return false;
  return all.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      other.instancePath === error.instancePath &&
      nearest(paramOf(other, 'additionalProperty'), keysOf(other)) === paramOf(error, 'missingProperty'),
  );
}

function explain(source: WaiversSource, error: ErrorObject): void {
  const path: Path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = paramOf(error, 'additionalProperty');
      const near = nearest(key, keysOf(error));
      const guess = near === undefined ? '' : `; did you mean "${near}"?`;
      source.add([...path, key], `"${key}" is no key here${guess} (known: ${keysOf(error).join(', ')})`, 'key');
      return;
    }
    case 'required': {
      const key = paramOf(error, 'missingProperty');
      source.add(path, `${subject(path, error.data)} lacks "${key}": ${descriptionOf(propertiesOf(error)[key])}`);
      return;
    }
    default: {
      const expected = descriptionOf(propertiesOfParent(path));
      source.add(path, `${subject(path, error.data)} is ${shown(error.data)}; expected: ${expected}`);
    }
  }
}

/** What a message is about: `"expires"`, `this waiver (PAU-07)`, `the list of waivers`. */
function subject(path: Path, data: unknown): string {
  const last = path.at(-1);
  if (last === undefined) return 'a list of waivers';
  if (typeof last === 'string') return `"${last}"`;
  const rule = isRecord(data) ? data['rule'] : undefined;
  return typeof rule === 'string' ? `this waiver (${rule.trim().slice(0, 20)})` : 'this waiver';
}

/** The part of the schema that a path leads to; a reference with a description beside it tells its own. */
function propertiesOfParent(path: Path): unknown {
  const last = path.at(-1);
  if (last === undefined) return schema;
  if (typeof last === 'number') return schema.definitions.waiver;
  const properties: Readonly<Record<string, unknown>> =
    path.length === 1 ? schema.properties : schema.definitions.waiver.properties;
  return properties[last];
}

function shown(data: unknown): string {
  if (data === null || data === undefined) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a mapping';
  if (typeof data === 'string' && data.trim() === '') return 'empty';
  if (typeof data === 'number') return `the number ${data}`;
  const text = JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function paramOf(error: ErrorObject, name: string): string {
  return String((error.params as Readonly<Record<string, unknown>>)[name]);
}

function keysOf(error: ErrorObject): string[] {
  return Object.keys(propertiesOf(error));
}

function propertiesOf({ parentSchema }: ErrorObject): Readonly<Record<string, unknown>> {
  const properties: unknown = parentSchema?.['properties'];
  return isRecord(properties) ? properties : {};
}

function descriptionOf(part: unknown): string {
  const found = isRecord(part) ? part['description'] : undefined;
  return typeof found === 'string' ? found : 'something else';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
