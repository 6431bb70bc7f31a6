/** From a template to bytes. */
import { fillIn, guidBytes, type AdapterFacts } from './names';
import type { Field, IntegerValue, Template } from './profile';

/** What the fields are filled with. */
export interface RenderValues {
  readonly adapter: AdapterFacts;
  /** How many the scenario asks for in this request. */
  readonly count: number;
  /** The frame with that number; 0 is this request's first. */
  readonly frame: (index: number) => Uint8Array;
}

/** A buffer of the application. */
export interface RenderedBuffer {
  readonly bytes: Uint8Array;
  /** 8 bytes at `offset` are to hold the address of another buffer, by its number. They are zero in `bytes`. */
  readonly pointers: readonly { readonly offset: number; readonly buffer: number }[];
}

/** Number 0 is the request's own; the others are those that pointers lead to. */
export interface Rendered {
  readonly buffers: readonly [RenderedBuffer, ...RenderedBuffer[]];
}

/** Where a field stands: its frame, and the labels that it can see. */
interface Place {
  readonly values: RenderValues;
  readonly frame: number;
  readonly siblings: Template;
  readonly outer?: Place;
}

/**
 * Pure: the same template and values give the same bytes.
 * @throws RangeError when a value does not fit its field
 */
export function render(template: Template, values: RenderValues): Rendered {
  const buffers: RenderedBuffer[] = [];
  renderBuffer(template, { values, frame: 0, siblings: template }, buffers);
  const [own, ...others] = buffers;
  if (!own) throw new RangeError('a template without a buffer');
  return { buffers: [own, ...others] };
}

/** Far above what a driver takes in one request. */
export const MAX_BUFFER = 1 << 20;

class Writer {
  readonly bytes: number[] = [];
  readonly pointers: { offset: number; buffer: number }[] = [];

  put(bytes: Uint8Array): void {
    if (this.bytes.length + bytes.length > MAX_BUFFER)
      throw new RangeError(`a buffer of more than ${MAX_BUFFER} bytes`);
    for (const byte of bytes) this.bytes.push(byte);
  }

  zeros(length: number): void {
    this.put(new Uint8Array(length));
  }
}

/** @returns the buffer's number */
function renderBuffer(template: Template, place: Place, buffers: RenderedBuffer[]): number {
  const writer = new Writer();
  const number = buffers.length;
  buffers.push({ bytes: new Uint8Array(), pointers: [] });
  renderFields(template, place, writer, buffers);
  buffers[number] = { bytes: Uint8Array.from(writer.bytes), pointers: writer.pointers };
  return number;
}

function renderFields(template: Template, place: Place, writer: Writer, buffers: RenderedBuffer[]): void {
  for (const field of template) renderField(field, place, writer, buffers);
}

function renderField(field: Field, place: Place, writer: Writer, buffers: RenderedBuffer[]): void {
  switch (field.kind) {
    case 'integer':
      return writer.put(integerBytes(valueOf(field.value, place), field.size));
    case 'pad':
      return writer.zeros(field.length);
    case 'align':
      return writer.zeros((field.to - (writer.bytes.length % field.to)) % field.to);
    case 'bytes':
      return writer.put(field.bytes);
    case 'text':
      return writer.put(textBytes(field, place.values.adapter));
    case 'frame':
      return writer.put(place.values.frame(place.frame));
    case 'guid':
      return writer.put(guidBytes(place.values.adapter.guid));
    case 'pointer': {
      const offset = writer.bytes.length;
      writer.zeros(8);
      writer.pointers.push({ offset, buffer: renderBuffer(field.to, inside(field.to, place), buffers) });
      return;
    }
    case 'repeat': {
      const times = field.times === 'count' ? place.values.count : field.times;
      for (let done = 0; done < times; done += 1) {
        renderFields(field.of, repetition(field, place, done), writer, buffers);
      }
    }
  }
}

function inside(siblings: Template, outer: Place): Place {
  return { values: outer.values, frame: outer.frame, siblings, outer };
}

function repetition(field: Field & { readonly kind: 'repeat' }, place: Place, done: number): Place {
  return { ...inside(field.of, place), frame: field.times === 'count' ? place.frame + done : place.frame };
}

function valueOf(value: IntegerValue, place: Place): bigint {
  if ('literal' in value) return value.literal;
  if ('lengthOf' in value) return BigInt(lengthOf(value.lengthOf, place));
  switch (value.name) {
    case 'count':
      return BigInt(place.values.count);
    case 'ifIndex':
      return BigInt(place.values.adapter.ifIndex);
    case 'frameLength':
      return BigInt(place.values.frame(place.frame).length);
  }
}

/** The label is looked for among the neighbours first, then outwards. */
function lengthOf(label: string, place: Place): number {
  const field = place.siblings.find((sibling) => sibling.label === label);
  if (field) return lengthOfField(field, place, 0);
  if (!place.outer) throw new RangeError(`no field is labelled ${label}`);
  return lengthOf(label, place.outer);
}

/** Lengths never depend on the value of an integer, so this ends. Of a pointer: what it points to. */
function lengthOfField(field: Field, place: Place, offset: number): number {
  switch (field.kind) {
    case 'integer':
      return field.size;
    case 'pad':
      return field.length;
    case 'align':
      return (field.to - (offset % field.to)) % field.to;
    case 'bytes':
      return field.bytes.length;
    case 'text':
      return textBytes(field, place.values.adapter).length;
    case 'frame':
      return place.values.frame(place.frame).length;
    case 'guid':
      return 16;
    case 'pointer':
      return lengthOfFields(field.to, inside(field.to, place), 0);
    case 'repeat': {
      const times = field.times === 'count' ? place.values.count : field.times;
      let length = 0;
      for (let done = 0; done < times; done += 1) {
        length += lengthOfFields(field.of, repetition(field, place, done), offset + length);
      }
      return length;
    }
  }
}

function lengthOfFields(template: Template, place: Place, offset: number): number {
  let length = 0;
  for (const field of template) {
    length += field.kind === 'pointer' ? 8 : lengthOfField(field, place, offset + length);
  }
  return length;
}

function integerBytes(value: bigint, size: 1 | 2 | 4 | 8): Uint8Array {
  if (!fits(value, size)) throw new RangeError(`${value} does not fit the ${size * 8} bits of u${size * 8}`);
  return Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(index * 8)) & 0xffn));
}

/** Unsigned, or negative in two's complement. */
export function fits(value: bigint, size: number): boolean {
  const bits = BigInt(size * 8);
  return value >= -(1n << (bits - 1n)) && value < 1n << bits;
}

function textBytes(field: Field & { readonly kind: 'text' }, adapter: AdapterFacts): Uint8Array {
  const text = fillIn(field.text, { ...adapter }) + (field.terminated ? '\0' : '');
  const bytes = encode(text, field.encoding);
  if (field.size === undefined) return bytes;
  if (bytes.length > field.size) {
    throw new RangeError(`"${text}" takes ${bytes.length} bytes, and its field has ${field.size}`);
  }
  const whole = new Uint8Array(field.size);
  whole.set(bytes);
  return whole;
}

export function encode(text: string, encoding: 'utf8' | 'utf16le'): Uint8Array {
  return new Uint8Array(Buffer.from(text, encoding));
}
