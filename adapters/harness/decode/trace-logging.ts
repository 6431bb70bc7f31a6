/**
 * Self-describing events of ETW (TraceLogging): the metadata of an event names its fields and their types, the payload has their
 * values in that order, unaligned, little-endian.
 * @see https://learn.microsoft.com/windows/win32/tracelogging/trace-logging-portal
 */
export interface SelfDescribingEvent {
  /** GUID of the provider, in braces. */
  readonly provider: string;
  /** As it stands in the extended data of the record: its own size in 16 bits, tags, the name, the fields. */
  readonly metadata: Uint8Array;
  readonly payload: Uint8Array;
  /** When it was written, in ms since the session began. */
  readonly time: number;
}

export type FieldValue = bigint | string | readonly bigint[];

/** An event that is not what it says. Whoever reads many goes on with the next. */
export class BadEvent extends Error {}

interface Field {
  readonly name: string;
  readonly type: number;
  readonly isArray: boolean;
}

export interface EventSchema {
  readonly name: string;
  readonly fields: readonly Field[];
}

const TYPE_MASK = 0x1f;
const COUNT_MASK = 0x60;
const VARIABLE_COUNT = 0x40;
const HAS_OUT_TYPE = 0x80;
/** Further bytes of tags follow. */
const MORE_TAGS = 0x80;

const UTF16 = 1;
const ANSI = 2;
/** Bytes of the types that are numbers. */
const WIDTHS: Readonly<Record<number, number>> = {
  3: 1,
  4: 1,
  5: 2,
  6: 2,
  7: 4,
  8: 4,
  9: 8,
  10: 8,
  13: 4,
  20: 4,
  21: 8,
};

/** @throws BadEvent when it is no metadata, or has fields of types that no probe writes */
export function readSchema(metadata: Uint8Array): EventSchema {
  const bytes = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  if (bytes.length < 2 || bytes.readUInt16LE(0) !== bytes.length)
    throw new BadEvent('its metadata has another size than it says');
  let at = skipTags(bytes, 2);
  const text = (): string => {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw new BadEvent('its metadata ends inside a name');
    const found = bytes.toString('utf8', at, end);
    at = end + 1;
    return found;
  };
  const name = text();
  const fields: Field[] = [];
  while (at < bytes.length) {
    const field = text();
    const type = bytes[at];
    at += 1;
    if (type === undefined) throw new BadEvent(`its metadata ends before the type of ${field}`);
    if ((type & HAS_OUT_TYPE) !== 0) {
      const out = bytes[at] ?? 0;
      at = (out & MORE_TAGS) === 0 ? at + 1 : skipTags(bytes, at + 1);
    }
    fields.push({ name: field, type: type & TYPE_MASK, isArray: isArray(type, field) });
  }
  return { name, fields };
}

function isArray(type: number, field: string): boolean {
  const count = type & COUNT_MASK;
  if (count === 0 || (count === VARIABLE_COUNT && WIDTHS[type & TYPE_MASK] !== undefined)) return count !== 0;
  throw new BadEvent(`${field} is an array of a kind that no probe writes`);
}

function skipTags(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && ((bytes[at] ?? 0) & MORE_TAGS) !== 0) at += 1;
  return at + 1;
}

/** @returns the values by the names of their fields. @throws BadEvent when the payload is shorter or longer than its fields */
export function readValues({ fields }: EventSchema, payload: Uint8Array): Map<string, FieldValue> {
  const reader = new Reader(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  const values = new Map<string, FieldValue>();
  for (const { name, type, isArray: many } of fields) {
    const width = WIDTHS[type];
    if (type === UTF16) values.set(name, reader.wide(name));
    else if (type === ANSI) values.set(name, reader.narrow(name));
    else if (width === undefined) throw new BadEvent(`${name} is of a type that no probe writes (${type})`);
    else if (many) values.set(name, reader.numbers(name, width));
    else values.set(name, reader.number(name, width));
  }
  if (reader.left > 0) throw new BadEvent(`${reader.left} bytes are left behind its last field`);
  return values;
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  number(name: string, width: number): bigint {
    this.require(name, width);
    const value = width === 8 ? this.bytes.readBigUInt64LE(this.at) : BigInt(this.bytes.readUIntLE(this.at, width));
    this.at += width;
    return value;
  }

  numbers(name: string, width: number): bigint[] {
    const count = Number(this.number(name, 2));
    this.require(name, count * width);
    return Array.from({ length: count }, () => this.number(name, width));
  }

  narrow(name: string): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new BadEvent(`it ends inside ${name}`);
    const text = this.bytes.toString('latin1', this.at, end);
    this.at = end + 1;
    return text;
  }

  wide(name: string): string {
    let end = this.at;
    while (end + 1 < this.bytes.length && this.bytes.readUInt16LE(end) !== 0) end += 2;
    if (end + 1 >= this.bytes.length) throw new BadEvent(`it ends inside ${name}`);
    const text = this.bytes.toString('utf16le', this.at, end);
    this.at = end + 2;
    return text;
  }

  private require(name: string, length: number): void {
    if (length > this.left) throw new BadEvent(`it ends inside ${name}`);
  }
}
