/** Bit tests and scans, bswap. */
import type { Instruction } from '../instruction';
import { low, type Cpu, type Execute } from './cpu';
import { CF, resultFlags, STATUS, ZF } from './flags';
import {
  addressOf,
  LOADS,
  operandAt,
  placeOf,
  readerOf,
  sizeOf,
  STORES,
  Unsupported,
  type Place,
  type Read,
} from './operands';
import type { Table } from './table';

type Change = (word: number, bit: number) => number;

const CHANGES: Readonly<Record<string, Change>> = {
  bt: (word) => word,
  bts: (word, bit) => word | bit,
  btr: (word, bit) => word & ~bit,
  btc: (word, bit) => word ^ bit,
};

/** The bit is one of the operand, wherever that is; only a register can say a bit of memory beyond it. */
function bitTest(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const offset = operandAt(instruction, 1);
  const change = CHANGES[instruction.mnemonic];
  if (change === undefined) throw new Unsupported(instruction.mnemonic);
  const size = sizeOf(operand);
  const position = readerOf(offset);
  const { locate, load, store } =
    operand.kind === 'memory' && offset.kind === 'register' ? beyond(instruction, position) : placeOf(operand);
  const stores = instruction.mnemonic !== 'bt';
  return (cpu) => {
    const at = locate(cpu);
    const index = position(cpu) & (size * 8 - 1);
    const lo = load(cpu, at);
    const hi = cpu.hi;
    const bit = 1 << (index & 31);
    const upper = index >= 32;
    const word = upper ? hi : lo;
    if (stores) store(cpu, at, upper ? lo : change(lo, bit), upper ? change(hi, bit) : hi);
    cpu.flags = (cpu.flags & ~CF) | ((word & bit) !== 0 ? CF : 0);
  };
}

/** @returns the place of the operand-sized unit of memory that a signed bit offset reaches */
function beyond(instruction: Instruction, position: Read): Place {
  const operand = operandAt(instruction, 0);
  if (operand.kind !== 'memory') throw new Unsupported(instruction.mnemonic);
  const { size, write } = operand;
  const address = addressOf(operand);
  const load = LOADS[size];
  const store = STORES[size];
  if (load === undefined || store === undefined) throw new Unsupported(instruction.mnemonic);
  const locate = (cpu: Cpu): number => {
    let lo = position(cpu);
    let hi = cpu.hi;
    if (size === 2) lo = (lo << 16) >> 16;
    if (size !== 8) hi = lo >> 31;
    const units = size === 2 ? 4 : size === 4 ? 5 : 6;
    const step = BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo >>> 0)) >> BigInt(units);
    const bytes = step * BigInt(size);
    const base = address(cpu);
    const sum = (base >>> 0) + (low(bytes) >>> 0);
    const at = [sum | 0, (cpu.hi + low(bytes >> 32n) + (sum > 0xffff_ffff ? 1 : 0)) | 0] as const;
    return write ? cpu.changeable(...at, size) : cpu.readable(...at, size);
  };
  return { locate, load, store };
}

function lowestBit(lo: number, hi: number): number {
  return lo !== 0 ? 31 - Math.clz32(lo & -lo) : 63 - Math.clz32(hi & -hi);
}

function highestBit(lo: number, hi: number): number {
  return hi !== 0 ? 63 - Math.clz32(hi) : 31 - Math.clz32(lo);
}

/** With nothing to find, the destination stays. Flags but ZF are undefined and stay. */
function scan(find: (lo: number, hi: number) => number): (instruction: Instruction) => Execute {
  return (instruction) => {
    const to = operandAt(instruction, 0);
    const { store } = placeOf(to);
    const wide = sizeOf(to) === 8;
    const source = readerOf(operandAt(instruction, 1));
    return (cpu) => {
      const lo = source(cpu);
      const hi = wide ? cpu.hi : 0;
      if ((lo | hi) === 0) {
        cpu.flags |= ZF;
        return;
      }
      cpu.flags &= ~ZF;
      store(cpu, 0, find(lo, hi), 0);
    };
  };
}

/** tzcnt and lzcnt: CF for a source of 0, ZF for a result of 0. */
function count(find: (lo: number, hi: number, bits: number) => number): (instruction: Instruction) => Execute {
  return (instruction) => {
    const to = operandAt(instruction, 0);
    const { store } = placeOf(to);
    const bits = sizeOf(to) * 8;
    const source = readerOf(operandAt(instruction, 1));
    return (cpu) => {
      const lo = source(cpu);
      const hi = bits === 64 ? cpu.hi : 0;
      const none = (lo | hi) === 0;
      const result = none ? bits : find(lo, hi, bits);
      cpu.flags = (cpu.flags & ~(CF | ZF)) | (none ? CF : 0) | (result === 0 ? ZF : 0);
      store(cpu, 0, result, 0);
    };
  };
}

function ones(word: number): number {
  let pairs = word - ((word >>> 1) & 0x5555_5555);
  pairs = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

function population(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const { store } = placeOf(to);
  const wide = sizeOf(to) === 8;
  const source = readerOf(operandAt(instruction, 1));
  return (cpu) => {
    const lo = source(cpu);
    const result = ones(lo) + (wide ? ones(cpu.hi) : 0);
    cpu.flags = (cpu.flags & ~STATUS) | (resultFlags(4, result, 0) & ZF);
    store(cpu, 0, result, 0);
  };
}

/** @returns the bytes of a word in the other order */
export function reversed(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function swap(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const size = sizeOf(operand);
  if (size === 2) throw new Unsupported(instruction.mnemonic);
  const { load, store } = placeOf(operand);
  return (cpu) => {
    const lo = load(cpu, 0);
    if (size === 4) store(cpu, 0, reversed(lo), 0);
    else store(cpu, 0, reversed(cpu.hi), reversed(lo));
  };
}

export const BITS: Table = {
  bt: bitTest,
  bts: bitTest,
  btr: bitTest,
  btc: bitTest,
  bsf: scan(lowestBit),
  bsr: scan(highestBit),
  tzcnt: count(lowestBit),
  lzcnt: count((lo, hi, bits) => bits - 1 - highestBit(lo, hi)),
  popcnt: population,
  bswap: swap,
};
