/** Shuffles of vectors whose order is known when they are translated: which byte of destination and source goes where. */
import type { Instruction } from '../instruction';

/** For each byte of the result: 0 to 15 of the destination as it was, 16 to 31 of the source, or ZERO. */
export type Order = readonly number[];

/** A byte that becomes 0. */
export const ZERO = -1;

const SOURCE = 16;
const BYTES = Array.from({ length: 16 }, (_, index) => index);

/** @param laneAt says which lane comes to a place; the source's lanes are numbered behind the destination's */
function lanes(width: number, laneAt: (place: number) => number): Order {
  return BYTES.map((byte) => laneAt(Math.floor(byte / width)) * width + (byte % width));
}

/** Lanes of both in turn, of their lower or upper halves. */
function interleaved(width: number, high: boolean): Order {
  const count = 16 / width;
  const from = high ? count / 2 : 0;
  return lanes(width, (place) => from + (place >> 1) + (place % 2 === 0 ? 0 : count));
}

function constantOf({ operands }: Instruction): number {
  const last = operands[operands.length - 1];
  return last?.kind === 'immediate' ? last.lo & 0xff : 0;
}

const twoBits = (control: number, place: number): number => (control >> (2 * place)) & 3;

type Arrange = (control: number) => Order;

const ARRANGEMENTS: Readonly<Record<string, Arrange>> = {
  punpcklbw: () => interleaved(1, false),
  punpckhbw: () => interleaved(1, true),
  punpcklwd: () => interleaved(2, false),
  punpckhwd: () => interleaved(2, true),
  punpckldq: () => interleaved(4, false),
  unpcklps: () => interleaved(4, false),
  punpckhdq: () => interleaved(4, true),
  unpckhps: () => interleaved(4, true),
  punpcklqdq: () => interleaved(8, false),
  unpcklpd: () => interleaved(8, false),
  punpckhqdq: () => interleaved(8, true),
  unpckhpd: () => interleaved(8, true),
  pshufd: (control) => lanes(4, (place) => 4 + twoBits(control, place)),
  pshuflw: (control) => lanes(2, (place) => 8 + (place < 4 ? twoBits(control, place) : place)),
  pshufhw: (control) => lanes(2, (place) => 8 + (place < 4 ? place : 4 + twoBits(control, place - 4))),
  shufps: (control) => lanes(4, (place) => (place < 2 ? 0 : 4) + twoBits(control, place)),
  shufpd: (control) => lanes(8, (place) => 2 * place + ((control >> place) & 1)),
  palignr: (control) =>
    BYTES.map((byte) => {
      const from = byte + control;
      return from < 16 ? SOURCE + from : from < 32 ? from - 16 : ZERO;
    }),
  pslldq: (control) => BYTES.map((byte) => (byte < control ? ZERO : byte - control)),
  psrldq: (control) => BYTES.map((byte) => (byte + control > 15 ? ZERO : byte + control)),
};

export const ARRANGED: readonly string[] = Object.keys(ARRANGEMENTS);

/** @returns the order of an instruction that is one of `ARRANGED` */
export function orderOf(instruction: Instruction): Order {
  const arrange = ARRANGEMENTS[instruction.mnemonic];
  if (arrange === undefined) throw new RangeError(`${instruction.mnemonic} arranges nothing`);
  return arrange(constantOf(instruction));
}
