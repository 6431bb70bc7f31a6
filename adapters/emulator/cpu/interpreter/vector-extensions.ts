/** What SSE3, SSSE3 and SSE4 add for integers: lane by lane, shuffles and blends, widening, tests, single lanes. */
import type { Instruction } from '../instruction';
import type { Execute } from './cpu';
import { CF, ZF } from './flags';
import { immediateAt, operandAt, placeOf, readerOf } from './operands';
import { each, type Prepare, type Table } from './table';
import { flagTest, isVector, Vector, vectorAt, vectorReader } from './vector';
import { lanes, operation, pack, quads, shuffle, toI16, toU16, type Lanes } from './vector-integer';

/** Neighbours of the destination, then of the source, two and two. */
function horizontal(kind: 'i16' | 'i32', combine: (a: number, b: number) => number): Prepare {
  return operation((out, a, b) => {
    const half = out[kind].length / 2;
    for (let i = 0; i < half; i++) {
      out[kind][i] = combine(a[kind][2 * i] ?? 0, a[kind][2 * i + 1] ?? 0);
      out[kind][i + half] = combine(b[kind][2 * i] ?? 0, b[kind][2 * i + 1] ?? 0);
    }
  });
}

const sign = (a: number, b: number): number => (b < 0 ? -a : b === 0 ? 0 : a);
const absolute = (_: number, b: number): number => Math.abs(b);

const BYTES: Table = {
  pshufb: operation((out, a, b) => {
    for (let i = 0; i < 16; i++) {
      const order = b.u8[i] ?? 0;
      out.u8[i] = order > 0x7f ? 0 : (a.u8[order & 15] ?? 0);
    }
  }),
  pmaddubsw: operation((out, a, b) => {
    const product = (i: number): number => (a.u8[i] ?? 0) * (b.i8[i] ?? 0);
    for (let i = 0; i < 8; i++) out.i16[i] = toI16(product(2 * i) + product(2 * i + 1));
  }),
  pmulhrsw: lanes('i16', (a, b) => (((a * b) >> 14) + 1) >> 1),
  phaddw: horizontal('i16', (a, b) => a + b),
  phaddd: horizontal('i32', (a, b) => a + b),
  phaddsw: horizontal('i16', (a, b) => toI16(a + b)),
  phsubw: horizontal('i16', (a, b) => a - b),
  phsubd: horizontal('i32', (a, b) => a - b),
  phsubsw: horizontal('i16', (a, b) => toI16(a - b)),
  psignb: lanes('i8', sign),
  psignw: lanes('i16', sign),
  psignd: lanes('i32', sign),
  pabsb: lanes('i8', absolute),
  pabsw: lanes('i16', absolute),
  pabsd: lanes('i32', absolute),
};

const ARITHMETIC: Table = {
  pmuldq: operation((out, a, b) => {
    for (let i = 0; i < 2; i++) out.u64[i] = BigInt(a.i32[2 * i] ?? 0) * BigInt(b.i32[2 * i] ?? 0);
  }),
  pmulld: lanes('i32', Math.imul),
  pcmpeqq: quads((a, b) => (a === b ? -1n : 0n)),
  pcmpgtq: quads((a, b) => (BigInt.asIntN(64, a) > BigInt.asIntN(64, b) ? -1n : 0n)),
  pminsb: lanes('i8', Math.min),
  pminsd: lanes('i32', Math.min),
  pminuw: lanes('u16', Math.min),
  pminud: lanes('u32', Math.min),
  pmaxsb: lanes('i8', Math.max),
  pmaxsd: lanes('i32', Math.max),
  pmaxuw: lanes('u16', Math.max),
  pmaxud: lanes('u32', Math.max),
  packusdw: pack('i32', 'u16', toU16),
  phminposuw: operation((out, _, b) => {
    const least = Math.min(...b.u16);
    out.u64.fill(0n);
    out.u16[0] = least;
    out.u16[1] = b.u16.indexOf(least);
  }),
};

/** Lanes of the source where the immediate has a bit, else of the destination. */
const blend = (kind: 'u16' | 'u32' | 'u64'): Prepare =>
  shuffle(kind, (order, index) => index + (((order >> index) & 1) !== 0 ? 16 / WIDTH[kind] : 0));
const WIDTH = { u16: 2, u32: 4, u64: 8 } as const;

/** Lanes of the source where xmm0 has its sign, else of the destination. */
function variableBlend(width: number): Prepare {
  return (instruction) => {
    const index = vectorAt(operandAt(instruction, 0));
    const readTo = vectorReader(instruction, operandAt(instruction, 0));
    const readFrom = vectorReader(instruction, operandAt(instruction, 1));
    const [to, from, mask] = [new Vector(), new Vector(), new Vector()];
    return (cpu) => {
      readFrom(cpu, from);
      readTo(cpu, to);
      for (let i = 0; i < 4; i++) mask.i32[i] = cpu.vector[i] ?? 0;
      for (let i = 0; i < 16; i++) {
        const signByte = i - (i % width) + width - 1;
        if ((mask.u8[signByte] ?? 0) > 0x7f) to.u8[i] = from.u8[i] ?? 0;
      }
      cpu.vector.set(to.i32, index);
    };
  };
}

/** The bytes of both operands behind each other, source first, from a place on. */
const align: Prepare = (instruction) => {
  const from = immediateAt(instruction, 2).lo & 0xff;
  return operation((out, a, b) => {
    for (let i = 0; i < 16; i++) {
      const at = from + i;
      out.u8[i] = (at < 16 ? b.u8[at] : at < 32 ? a.u8[at - 16] : 0) ?? 0;
    }
  })(instruction);
};

/** The low lanes of the source, each as wide as the result has them. */
function widen(from: Lanes, to: 16 | 32 | 64): Prepare {
  return (instruction) => {
    const index = vectorAt(operandAt(instruction, 0));
    const read = vectorReader(instruction, operandAt(instruction, 1));
    const value = new Vector();
    const out = new Vector();
    return (cpu) => {
      read(cpu, value);
      for (let i = 0; i < 128 / to; i++) {
        const lane = value[from][i] ?? 0;
        if (to === 16) out.u16[i] = lane;
        else if (to === 32) out.u32[i] = lane;
        else out.u64[i] = BigInt(lane);
      }
      cpu.vector.set(out.i32, index);
    };
  };
}

const SHUFFLES: Table = {
  pblendw: blend('u16'),
  blendps: blend('u32'),
  blendpd: blend('u64'),
  pblendvb: variableBlend(1),
  blendvps: variableBlend(4),
  blendvpd: variableBlend(8),
  palignr: align,
  movddup: operation((out, _, b) => void out.u64.fill(b.u64[0] ?? 0n)),
  movsldup: operation((out, _, b) => out.u32.forEach((__, i) => (out.u32[i] = b.u32[i & 2] ?? 0))),
  movshdup: operation((out, _, b) => out.u32.forEach((__, i) => (out.u32[i] = b.u32[i | 1] ?? 0))),
  pmovzxbw: widen('u8', 16),
  pmovzxbd: widen('u8', 32),
  pmovzxbq: widen('u8', 64),
  pmovzxwd: widen('u16', 32),
  pmovzxwq: widen('u16', 64),
  pmovzxdq: widen('u32', 64),
  pmovsxbw: widen('i8', 16),
  pmovsxbd: widen('i8', 32),
  pmovsxbq: widen('i8', 64),
  pmovsxwd: widen('i16', 32),
  pmovsxwq: widen('i16', 64),
  pmovsxdq: widen('i32', 64),
};

/** ZF: no bit in common; CF: none of the source that the destination lacks. */
function test(instruction: Instruction): Execute {
  return flagTest(instruction, (_, a, b) => {
    const none = b.i32.every((word, i) => (word & (a.i32[i] ?? 0)) === 0);
    const within = b.i32.every((word, i) => (word & ~(a.i32[i] ?? 0)) === 0);
    return (none ? ZF : 0) | (within ? CF : 0);
  });
}

/** One lane to a general register, zero-extended, or to memory. */
function extractLane(size: 1 | 2 | 4 | 8): Prepare {
  return (instruction) => {
    const { locate, store } = placeOf(operandAt(instruction, 0));
    const read = vectorReader(instruction, operandAt(instruction, 1));
    const lane = immediateAt(instruction, 2).lo & (16 / size - 1);
    const value = new Vector();
    return (cpu) => {
      const at = locate(cpu);
      read(cpu, value);
      if (size === 8) store(cpu, at, value.i32[2 * lane] ?? 0, value.i32[2 * lane + 1] ?? 0);
      else store(cpu, at, (size === 1 ? value.u8 : size === 2 ? value.u16 : value.i32)[lane] ?? 0, 0);
    };
  };
}

function insertLane(size: 1 | 4 | 8): Prepare {
  return (instruction) => {
    const to = operandAt(instruction, 0);
    const index = vectorAt(to);
    const keep = vectorReader(instruction, to);
    const source = readerOf(operandAt(instruction, 1));
    const lane = immediateAt(instruction, 2).lo & (16 / size - 1);
    const value = new Vector();
    return (cpu) => {
      const lo = source(cpu);
      const { hi } = cpu;
      keep(cpu, value);
      if (size === 1) value.u8[lane] = lo;
      else if (size === 4) value.i32[lane] = lo;
      else value.i32.set([lo, hi], 2 * lane);
      cpu.vector.set(value.i32, index);
    };
  };
}

/** insertps: a word of the source, or the one in memory, to a place; then some become 0. */
function insertSingle(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const from = operandAt(instruction, 1);
  const index = vectorAt(to);
  const read = vectorReader(instruction, from);
  const control = immediateAt(instruction, 2).lo & 0xff;
  const lane = isVector(from) ? control >> 6 : 0;
  const value = new Vector();
  return (cpu) => {
    read(cpu, value);
    cpu.vector[index + ((control >> 4) & 3)] = value.i32[lane] ?? 0;
    for (let i = 0; i < 4; i++) if (((control >> i) & 1) !== 0) cpu.vector[index + i] = 0;
  };
}

/** Carry-less product of the halves that the immediate says. */
const multiplyCarryless: Prepare = (instruction) => {
  const control = immediateAt(instruction, 2).lo;
  return operation((out, a, b) => {
    const left = a.u64[control & 1] ?? 0n;
    const right = b.u64[(control >> 4) & 1] ?? 0n;
    let product = 0n;
    for (let bit = 0n; bit < 64n; bit++) if (((right >> bit) & 1n) !== 0n) product ^= left << bit;
    out.u64[0] = BigInt.asUintN(64, product);
    out.u64[1] = product >> 64n;
  })(instruction);
};

export const VECTOR_EXTENSIONS: Table = {
  ...BYTES,
  ...ARITHMETIC,
  ...SHUFFLES,
  ptest: test,
  pextrb: extractLane(1),
  pextrw: extractLane(2),
  ...each(['pextrd', 'extractps'], extractLane(4)),
  pextrq: extractLane(8),
  pinsrb: insertLane(1),
  pinsrd: insertLane(4),
  pinsrq: insertLane(8),
  insertps: insertSingle,
  pclmulqdq: multiplyCarryless,
};
