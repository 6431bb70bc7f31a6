/** From the schema's templates to fields. What the schema cannot say is checked here. */
import { MAX_FRAME } from './frames';
import { namesAnAdapter, placeholderFault } from './names';
import type { Problems } from './problems';
import type { Field, FieldContent, IntegerValue, Template } from './profile';
import { encode, fits, MAX_BUFFER } from './render';
import type { Path } from './source';

const SIZES = { u8: 1, u16: 2, u32: 4, u64: 8 } as const;

/** As the schema lets it through. */
type RawInteger = number | string | { readonly lengthOf: string };
interface RawFieldMap {
  readonly u8?: RawInteger;
  readonly u16?: RawInteger;
  readonly u32?: RawInteger;
  readonly u64?: RawInteger;
  readonly pad?: number;
  readonly align?: number;
  readonly bytes?: string;
  readonly text?: string;
  readonly encoding?: 'utf8' | 'utf16le';
  readonly terminated?: boolean;
  readonly size?: number;
  readonly pointer?: RawTemplate;
  readonly repeat?: number | 'count';
  readonly of?: RawTemplate;
  readonly label?: string;
}
type RawField = 'frame' | 'guid' | RawFieldMap;
export type RawTemplate = readonly RawField[];

/** @param path of the template of a whole buffer */
export function readTemplate(raw: RawTemplate, path: Path, problems: Problems): Template {
  const template = readFields(raw, path, problems, []);
  if (sizeAtMost(template) > MAX_BUFFER)
    problems.add(path, `this makes more than ${MAX_BUFFER} bytes, the most that a request has`);
  return template;
}

/** @param visible labels of the templates around it */
function readFields(raw: RawTemplate, path: Path, problems: Problems, visible: readonly string[]): Template {
  const own = raw.flatMap((field) => (typeof field === 'object' && field.label !== undefined ? [field.label] : []));
  const twice = own.find((label, index) => own.indexOf(label) !== index);
  if (twice !== undefined) problems.add(path, `two fields beside each other are labelled "${twice}"`);
  const labels = [...own, ...visible];
  return raw.map((field, index) => readField(field, [...path, index], problems, labels));
}

function readField(raw: RawField, path: Path, problems: Problems, labels: readonly string[]): Field {
  if (typeof raw === 'string') return { kind: raw };
  const content = readContent(raw, path, problems, labels);
  return raw.label === undefined ? content : { ...content, label: raw.label };
}

function readContent(raw: RawFieldMap, path: Path, problems: Problems, labels: readonly string[]): FieldContent {
  if (raw.pad !== undefined) return { kind: 'pad', length: raw.pad };
  if (raw.align !== undefined) return { kind: 'align', to: raw.align };
  if (raw.bytes !== undefined) return { kind: 'bytes', bytes: hexBytes(raw.bytes) };
  if (raw.text !== undefined) return readText(raw, raw.text, path, problems);
  if (raw.pointer) return { kind: 'pointer', to: readFields(raw.pointer, [...path, 'pointer'], problems, labels) };
  if (raw.repeat !== undefined) {
    const of = readFields(raw.of ?? [], [...path, 'of'], problems, labels);
    return { kind: 'repeat', times: raw.repeat, of };
  }
  const type = (['u8', 'u16', 'u32', 'u64'] as const).find((name) => raw[name] !== undefined) ?? 'u8';
  const value = readInteger(raw[type] ?? 0);
  const at = [...path, type];
  if ('literal' in value && !fits(value.literal, SIZES[type])) {
    problems.add(at, `${value.literal} does not fit ${type}, which has ${SIZES[type] * 8} bits`);
  }
  if ('lengthOf' in value && !labels.includes(value.lengthOf)) {
    const known = labels.length === 0 ? 'no field beside or around it has a label' : `known here: ${labels.join(', ')}`;
    problems.add([...at, 'lengthOf'], `no field is labelled "${value.lengthOf}"; ${known}`);
  }
  return { kind: 'integer', size: SIZES[type], value };
}

function readText(raw: RawFieldMap, text: string, path: Path, problems: Problems): FieldContent {
  const encoding = raw.encoding ?? 'utf16le';
  const terminated = raw.terminated ?? false;
  const fault = placeholderFault(text);
  if (fault !== undefined) problems.add([...path, 'text'], fault);
  const length = encode(text, encoding).length + (terminated ? encode('\0', encoding).length : 0);
  if (raw.size !== undefined && !namesAnAdapter(text) && length > raw.size) {
    problems.add([...path, 'size'], `the text takes ${length} bytes, more than the ${raw.size} of its field`);
  }
  return { kind: 'text', text, encoding, terminated, ...(raw.size !== undefined && { size: raw.size }) };
}

function readInteger(raw: RawInteger): IntegerValue {
  if (typeof raw === 'object') return { lengthOf: raw.lengthOf };
  if (raw === 'count' || raw === 'frameLength' || raw === 'ifIndex') return { name: raw };
  return { literal: bigintOf(raw) };
}

export function bigintOf(raw: number | string): bigint {
  const text = String(raw);
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/** @param text pairs of hexadecimal digits, with anything between them */
export function hexBytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/[0-9A-Fa-f]{2}/g) ?? [], (pair) => parseInt(pair, 16));
}

/** @returns roughly the bytes of the template and of all that it points to, at most, when one is asked for */
function sizeAtMost(template: Template): number {
  return template.reduce((sum, field) => sum + sizeOf(field), 0);
}

function sizeOf(field: Field): number {
  switch (field.kind) {
    case 'integer':
      return field.size;
    case 'pad':
      return field.length;
    case 'bytes':
      return field.bytes.length;
    case 'text':
      return field.size ?? field.text.length * 2;
    case 'frame':
      return MAX_FRAME;
    case 'align':
    case 'guid':
      return 16;
    case 'pointer':
      return 8 + sizeAtMost(field.to);
    case 'repeat':
      // Each round costs time even where the field takes up nothing, so it counts as one byte at the least.
      return (field.times === 'count' ? 1 : field.times) * Math.max(sizeAtMost(field.of), 1);
  }
}

/** @returns whether the template takes in a frame */
export function holdsFrame(template: Template): boolean {
  return some(template, (field) => field.kind === 'frame');
}

/** @returns whether the template deals with the number asked for by itself */
export function mentionsCount(template: Template): boolean {
  return some(template, (field) =>
    field.kind === 'repeat'
      ? field.times === 'count'
      : field.kind === 'integer' && 'name' in field.value && field.value.name === 'count',
  );
}

function some(template: Template, holds: (field: Field) => boolean): boolean {
  return template.some((field) => {
    if (holds(field)) return true;
    if (field.kind === 'pointer') return some(field.to, holds);
    return field.kind === 'repeat' && some(field.of, holds);
  });
}
