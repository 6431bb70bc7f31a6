/** Frames by which what is sent is known again: Ethernet, with a number of their own in them. */

/** For experiments on a local network (IEEE 802). */
const ETHER_TYPE = '88b5';
/** `NdLwf` */
const MAGIC = '4e644c7766';
const BROADCAST = 'ffffffffffff';
/** Locally administered. */
const SOURCE = '024e644c7766';
/** The least that Ethernet carries, without the checksum. */
const LENGTH = 60;

const ORIGINS = { filter: '01', neighbour: '02' } as const;
export type Origin = keyof typeof ORIGINS;

export interface MarkedFrame {
  readonly origin: Origin;
  /** 1, 2, 3 … in all that the agent sends. */
  readonly number: number;
}

const HEAD = `${ETHER_TYPE}${MAGIC}`;
const HEAD_AT = 24;
const ORIGIN_AT = HEAD_AT + HEAD.length;
const NUMBER_AT = ORIGIN_AT + 2;
const NUMBER_LENGTH = 8;

/** @returns the frame, in hexadecimal */
export function frameOf({ origin, number }: MarkedFrame): string {
  const text = `${BROADCAST}${SOURCE}${HEAD}${ORIGINS[origin]}${number.toString(16).padStart(NUMBER_LENGTH, '0')}`;
  return text.padEnd(2 * LENGTH, '0');
}

/** @param bytes hexadecimal @returns undefined for a frame of somebody else */
export function readFrame(bytes: string): MarkedFrame | undefined {
  const text = bytes.toLowerCase();
  if (text.slice(HEAD_AT, ORIGIN_AT) !== HEAD) return undefined;
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
  pattern: `${'0'.repeat(HEAD_AT)}${HEAD}`,
  mask: `${'0'.repeat(HEAD_AT)}${'f'.repeat(HEAD.length)}`,
};
