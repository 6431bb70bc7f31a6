/** Frames by which what is sent is known again: Ethernet, with a number of their own in them. */

export interface FrameShape {
  /** Bytes, without the checksum. */
  readonly length: number;
  readonly etherType: number;
}

/** The least that Ethernet carries; for experiments on a local network (IEEE 802). */
const SHORTEST: FrameShape = { length: 60, etherType: 0x88b5 };
/** Digits of it. */
const TYPE_LENGTH = 4;
/** `NdLwf` */
const MAGIC = '4e644c7766';
const BROADCAST = 'ffffffffffff';
/** Locally administered. */
const SOURCE = '024e644c7766';
const ORIGINS = { filter: '01', neighbour: '02' } as const;
export type Origin = keyof typeof ORIGINS;

export interface MarkedFrame {
  readonly origin: Origin;
  /** 1, 2, 3 … in all that the agent sends. */
  readonly number: number;
}

const MAGIC_AT = 24 + TYPE_LENGTH;
const ORIGIN_AT = MAGIC_AT + MAGIC.length;
const NUMBER_AT = ORIGIN_AT + 2;
const NUMBER_LENGTH = 8;

/** @returns the frame, in hexadecimal */
export function frameOf({ origin, number }: MarkedFrame, { length, etherType }: FrameShape = SHORTEST): string {
  const type = etherType.toString(16).padStart(TYPE_LENGTH, '0');
  const mark = `${MAGIC}${ORIGINS[origin]}${number.toString(16).padStart(NUMBER_LENGTH, '0')}`;
  return `${BROADCAST}${SOURCE}${type}${mark}`.padEnd(2 * length, '0');
}

/** @param bytes hexadecimal @returns undefined for a frame of somebody else */
export function readFrame(bytes: string): MarkedFrame | undefined {
  const text = bytes.toLowerCase();
  if (text.slice(MAGIC_AT, ORIGIN_AT) !== MAGIC) return undefined;
  const code = text.slice(ORIGIN_AT, NUMBER_AT);
  const origin = code === ORIGINS.filter ? 'filter' : code === ORIGINS.neighbour ? 'neighbour' : undefined;
  const number = Number.parseInt(text.slice(NUMBER_AT, NUMBER_AT + NUMBER_LENGTH), 16);
  return origin && Number.isSafeInteger(number) ? { origin, number } : undefined;
}

/** How a frame is called. */
export function frameName({ number }: MarkedFrame): string {
  return `f${number}`;
}

/** What all frames of the agent have in common, for whoever is to hold them: from the first byte on, hexadecimal. */
export const PATTERN = {
  pattern: `${'0'.repeat(MAGIC_AT)}${MAGIC}`,
  mask: `${'0'.repeat(MAGIC_AT)}${'f'.repeat(MAGIC.length)}`,
};
