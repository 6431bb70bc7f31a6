/** SSE2 over whole registers: lane by lane, shifts, packs and shuffles. */
import type { Instruction } from '../instruction';
import type { Execute } from './cpu';
import { immediateAt, operandAt } from './operands';
import { each, type Prepare, type Table } from './table';
import { Vector, vectorAt, vectorReader } from './vector';

/** a is the destination as it was, b the source; `out` is all written. */
type Operate = (out: Vector, a: Vector, b: Vector) => void;

export function operation(operate: Operate): Prepare {
  return (instruction) => {
    const to = operandAt(instruction, 0);
    const index = vectorAt(to);
    const left = vectorReader(instruction, to);
    const right = vectorReader(instruction, operandAt(instruction, 1));
    const out = new Vector();
    const a = new Vector();
    const b = new Vector();
    return (cpu) => {
      right(cpu, b);
      left(cpu, a);
      operate(out, a, b);
      cpu.vector.set(out.i32, index);
    };
  };
}

export type Lanes = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32';

/** Stored results wrap to the width of the lane. */
export function lanes(kind: Lanes, operate: (a: number, b: number) => number): Prepare {
  return operation((out, a, b) => {
    const to = out[kind];
    for (let i = 0; i < to.length; i++) to[i] = operate(a[kind][i] ?? 0, b[kind][i] ?? 0);
  });
}

export function quads(operate: (a: bigint, b: bigint) => bigint): Prepare {
  return operation((out, a, b) => {
    for (let i = 0; i < 2; i++) out.u64[i] = operate(a.u64[i] ?? 0n, b.u64[i] ?? 0n);
  });
}

const clamp = (low: number, high: number) => (value: number) => Math.min(Math.max(value, low), high);
const toI8 = clamp(-0x80, 0x7f);
const toU8 = clamp(0, 0xff);
export const toI16 = clamp(-0x8000, 0x7fff);
export const toU16 = clamp(0, 0xffff);
const truth = (holds: boolean): number => (holds ? -1 : 0);

const ARITHMETIC: Table = {
  ...each(
    ['pxor', 'xorps', 'xorpd'],
    lanes('i32', (a, b) => a ^ b),
  ),
  ...each(
    ['por', 'orps', 'orpd'],
    lanes('i32', (a, b) => a | b),
  ),
  ...each(
    ['pand', 'andps', 'andpd'],
    lanes('i32', (a, b) => a & b),
  ),
  ...each(
    ['pandn', 'andnps', 'andnpd'],
    lanes('i32', (a, b) => ~a & b),
  ),
  paddb: lanes('u8', (a, b) => a + b),
  paddw: lanes('u16', (a, b) => a + b),
  paddd: lanes('u32', (a, b) => a + b),
  paddq: quads((a, b) => a + b),
  psubb: lanes('u8', (a, b) => a - b),
  psubw: lanes('u16', (a, b) => a - b),
  psubd: lanes('u32', (a, b) => a - b),
  psubq: quads((a, b) => a - b),
  paddsb: lanes('i8', (a, b) => toI8(a + b)),
  paddsw: lanes('i16', (a, b) => toI16(a + b)),
  paddusb: lanes('u8', (a, b) => toU8(a + b)),
  paddusw: lanes('u16', (a, b) => toU16(a + b)),
  psubsb: lanes('i8', (a, b) => toI8(a - b)),
  psubsw: lanes('i16', (a, b) => toI16(a - b)),
  psubusb: lanes('u8', (a, b) => toU8(a - b)),
  psubusw: lanes('u16', (a, b) => toU16(a - b)),
  pmullw: lanes('i16', (a, b) => a * b),
  pmulhw: lanes('i16', (a, b) => (a * b) >> 16),
  pmulhuw: lanes('u16', (a, b) => (a * b) / 0x1_0000),
  pavgb: lanes('u8', (a, b) => (a + b + 1) >> 1),
  pavgw: lanes('u16', (a, b) => (a + b + 1) >> 1),
  pminub: lanes('u8', Math.min),
  pmaxub: lanes('u8', Math.max),
  pminsw: lanes('i16', Math.min),
  pmaxsw: lanes('i16', Math.max),
  pcmpeqb: lanes('u8', (a, b) => truth(a === b)),
  pcmpeqw: lanes('u16', (a, b) => truth(a === b)),
  pcmpeqd: lanes('u32', (a, b) => truth(a === b)),
  pcmpgtb: lanes('i8', (a, b) => truth(a > b)),
  pcmpgtw: lanes('i16', (a, b) => truth(a > b)),
  pcmpgtd: lanes('i32', (a, b) => truth(a > b)),
  pmuludq: operation((out, a, b) => {
    for (let i = 0; i < 2; i++) out.u64[i] = BigInt(a.u32[2 * i] ?? 0) * BigInt(b.u32[2 * i] ?? 0);
  }),
  pmaddwd: operation((out, a, b) => {
    const product = (i: number): number => (a.i16[i] ?? 0) * (b.i16[i] ?? 0);
    for (let i = 0; i < 4; i++) out.i32[i] = product(2 * i) + product(2 * i + 1);
  }),
  psadbw: operation((out, a, b) => {
    out.u64.fill(0n);
    for (let i = 0; i < 16; i++) {
      const at = i < 8 ? 0 : 4;
      out.u16[at] = (out.u16[at] ?? 0) + Math.abs((a.u8[i] ?? 0) - (b.u8[i] ?? 0));
    }
  }),
};

type ShiftLanes = (out: Vector, a: Vector, count: number) => void;

function narrowShift(
  kind: 'u16' | 'i16' | 'u32' | 'i32',
  operate: (value: number, count: number) => number,
): ShiftLanes {
  return (out, a, count) => {
    const to = out[kind];
    for (let i = 0; i < to.length; i++) to[i] = operate(a[kind][i] ?? 0, count);
  };
}

function wideShift(operate: (value: bigint, count: bigint) => bigint): ShiftLanes {
  return (out, a, count) => {
    for (let i = 0; i < 2; i++) out.u64[i] = operate(a.u64[i] ?? 0n, BigInt(count));
  };
}

/** Counts beyond the lane give 0, or the sign all over. */
const SHIFTS: Readonly<Record<string, ShiftLanes>> = {
  psllw: narrowShift('u16', (value, count) => (count > 15 ? 0 : value << count)),
  pslld: narrowShift('u32', (value, count) => (count > 31 ? 0 : value << count)),
  psllq: wideShift((value, count) => (count > 63n ? 0n : value << count)),
  psrlw: narrowShift('u16', (value, count) => (count > 15 ? 0 : value >>> count)),
  psrld: narrowShift('u32', (value, count) => (count > 31 ? 0 : value >>> count)),
  psrlq: wideShift((value, count) => (count > 63n ? 0n : value >> count)),
  psraw: narrowShift('i16', (value, count) => value >> Math.min(count, 15)),
  psrad: narrowShift('i32', (value, count) => value >> Math.min(count, 31)),
};

/** The count is a constant, or the low 64 bits of a vector: more than a byte of it is as good as 255. */
function shift(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const index = vectorAt(to);
  const operate = SHIFTS[instruction.mnemonic];
  const read = vectorReader(instruction, to);
  const counter = operandAt(instruction, 1);
  const constant = counter.kind === 'immediate' ? counter.lo & 0xff : undefined;
  const source = constant === undefined ? vectorReader(instruction, counter) : undefined;
  const a = new Vector();
  const b = new Vector();
  const out = new Vector();
  return (cpu) => {
    source?.(cpu, b);
    const low = b.u64[0] ?? 0n;
    const count = constant ?? (low > 255n ? 255 : Number(low));
    read(cpu, a);
    operate?.(out, a, count);
    cpu.vector.set(out.i32, index);
  };
}

function byteShift(up: boolean): Prepare {
  return (instruction) => {
    const count = Math.min(immediateAt(instruction, 1).lo & 0xff, 16);
    const index = vectorAt(operandAt(instruction, 0));
    const read = vectorReader(instruction, operandAt(instruction, 0));
    const value = new Vector();
    return (cpu) => {
      read(cpu, value);
      if (up) value.u8.copyWithin(count, 0).fill(0, 0, count);
      else value.u8.copyWithin(0, count).fill(0, 16 - count);
      cpu.vector.set(value.i32, index);
    };
  };
}

export function pack(
  from: 'i16' | 'i32',
  to: 'i8' | 'u8' | 'i16' | 'u16',
  saturate: (value: number) => number,
): Prepare {
  return operation((out, a, b) => {
    const half = a[from].length;
    for (let i = 0; i < half; i++) {
      out[to][i] = saturate(a[from][i] ?? 0);
      out[to][i + half] = saturate(b[from][i] ?? 0);
    }
  });
}

function unpack(kind: 'u8' | 'u16' | 'u32', high: boolean): Prepare {
  return operation((out, a, b) => {
    const half = out[kind].length / 2;
    const from = high ? half : 0;
    for (let i = 0; i < half; i++) {
      out[kind][2 * i] = a[kind][from + i] ?? 0;
      out[kind][2 * i + 1] = b[kind][from + i] ?? 0;
    }
  });
}

const unpackQuads = (high: 0 | 1): Prepare =>
  operation((out, a, b) => {
    out.u64[0] = a.u64[high] ?? 0n;
    out.u64[1] = b.u64[high] ?? 0n;
  });

/** @param lane says for each lane of the result which lane of `a` (0 up) or `b` (`length` up) it is */
export function shuffle(kind: 'u16' | 'u32' | 'u64', lane: (order: number, index: number) => number): Prepare {
  return (instruction) => {
    const order = immediateAt(instruction, 2).lo & 0xff;
    return operation((out, a, b) => {
      const length = out[kind].length;
      for (let i = 0; i < length; i++) {
        const from = lane(order, i);
        out[kind][i] = (from < length ? a : b)[kind][from % length] ?? 0;
      }
    })(instruction);
  };
}

const twoBits = (order: number, index: number): number => (order >> (2 * index)) & 3;

const ARRANGEMENT: Table = {
  packsswb: pack('i16', 'i8', toI8),
  packuswb: pack('i16', 'u8', toU8),
  packssdw: pack('i32', 'i16', toI16),
  punpcklbw: unpack('u8', false),
  punpcklwd: unpack('u16', false),
  ...each(['punpckldq', 'unpcklps'], unpack('u32', false)),
  ...each(['punpcklqdq', 'unpcklpd'], unpackQuads(0)),
  punpckhbw: unpack('u8', true),
  punpckhwd: unpack('u16', true),
  ...each(['punpckhdq', 'unpckhps'], unpack('u32', true)),
  ...each(['punpckhqdq', 'unpckhpd'], unpackQuads(1)),
  pshufd: shuffle('u32', (order, index) => 4 + twoBits(order, index)),
  pshuflw: shuffle('u16', (order, index) => 8 + (index < 4 ? twoBits(order, index) : index)),
  pshufhw: shuffle('u16', (order, index) => 8 + (index < 4 ? index : 4 + twoBits(order, index - 4))),
  shufps: shuffle('u32', (order, index) => (index < 2 ? 0 : 4) + twoBits(order, index)),
  shufpd: shuffle('u64', (order, index) => 2 * index + ((order >> index) & 1)),
};

export const VECTOR_INTEGER: Table = {
  ...ARITHMETIC,
  ...each(Object.keys(SHIFTS), shift),
  pslldq: byteShift(true),
  psrldq: byteShift(false),
  ...ARRANGEMENT,
};
