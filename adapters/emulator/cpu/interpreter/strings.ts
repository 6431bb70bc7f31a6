/**
 * movs, stos, lods, cmps, scas with their prefixes. A fault in the middle leaves rcx, rsi and rdi where the fault is, so
 * that the instruction can go on; flags are then as before it.
 */
import type { Instruction, MemoryOperand } from '../instruction';
import { BASE_HIGH } from '../memory/registers';
import { COMPARISONS, type Binary } from './alu';
import { type Cpu, type Execute } from './cpu';
import { DF, ZF } from './flags';
import { addressOf, generalPlace, LOADS, STORES, Unsupported, type Read } from './operands';
import type { Prepare, Table } from './table';

const RCX = 1;
const RSI = 6;
const RDI = 7;

interface Form {
  readonly size: number;
  readonly load: (cpu: Cpu, at: number) => number;
  readonly store: (cpu: Cpu, at: number, lo: number, hi: number) => void;
  readonly source: Read;
  readonly target: Read;
  readonly compare: Binary;
}

/** One element, with its registers moved on. */
type Element = (cpu: Cpu) => void;

function formOf(instruction: Instruction): Form {
  const places = instruction.operands.filter((operand): operand is MemoryOperand => operand.kind === 'memory');
  const size = places[0]?.size ?? 0;
  const load = LOADS[size];
  const store = STORES[size];
  const compare = COMPARISONS.cmp?.[size];
  // With 32-bit addresses nothing in the window can be reached.
  if (!load || !store || !compare || places.some(({ addressSize }) => addressSize !== 8))
    throw new Unsupported(instruction.mnemonic);
  const at = (base: number): Read => {
    const place = places.find((candidate) => candidate.base === base);
    return place === undefined ? () => 0 : addressOf(place);
  };
  return { size, load, store, compare, source: at(RSI), target: at(RDI) };
}

/** Adds a signed number of bytes to rsi or rdi. */
function advance(cpu: Cpu, register: number, by: number): void {
  cpu.u64[register] = (cpu.u64[register] ?? 0n) + BigInt(by);
}

function step(cpu: Cpu, size: number): number {
  return (cpu.flags & DF) === 0 ? size : -size;
}

function readable(cpu: Cpu, address: Read, size: number): number {
  const lo = address(cpu);
  return cpu.readable(lo, cpu.hi, size);
}

function writable(cpu: Cpu, address: Read, size: number): number {
  const lo = address(cpu);
  return cpu.writable(lo, cpu.hi, size);
}

function movs({ size, load, store, source, target }: Form): Element {
  return (cpu) => {
    const from = readable(cpu, source, size);
    const to = writable(cpu, target, size);
    const lo = load(cpu, from);
    store(cpu, to, lo, cpu.hi);
    advance(cpu, RSI, step(cpu, size));
    advance(cpu, RDI, step(cpu, size));
  };
}

function stos({ size, store, target }: Form): Element {
  const value = generalPlace(0, size);
  return (cpu) => {
    const to = writable(cpu, target, size);
    const lo = value.load(cpu, 0);
    store(cpu, to, lo, cpu.hi);
    advance(cpu, RDI, step(cpu, size));
  };
}

function lods({ size, load, source }: Form): Element {
  const value = generalPlace(0, size);
  return (cpu) => {
    const lo = load(cpu, readable(cpu, source, size));
    value.store(cpu, 0, lo, cpu.hi);
    advance(cpu, RSI, step(cpu, size));
  };
}

function cmps({ size, load, source, target, compare }: Form): Element {
  return (cpu) => {
    const first = readable(cpu, source, size);
    const second = readable(cpu, target, size);
    const aLo = load(cpu, first);
    const aHi = cpu.hi;
    const bLo = load(cpu, second);
    compare(cpu, aLo, aHi, bLo, cpu.hi);
    advance(cpu, RSI, step(cpu, size));
    advance(cpu, RDI, step(cpu, size));
  };
}

function scas({ size, load, target, compare }: Form): Element {
  const value = generalPlace(0, size);
  return (cpu) => {
    const at = readable(cpu, target, size);
    const aLo = value.load(cpu, 0);
    const aHi = cpu.hi;
    const bLo = load(cpu, at);
    compare(cpu, aLo, aHi, bLo, cpu.hi);
    advance(cpu, RDI, step(cpu, size));
  };
}

/** A bulk form of an element: does as many of `count` as it can at once, and says how many. */
type Bulk = (cpu: Cpu, count: number) => number;

/** @returns how many whole elements from here on are allowed, going up */
function allowed(cpu: Cpu, access: 'read' | 'write', address: Read, size: number, count: number): number {
  const lo = address(cpu) >>> 0;
  if (cpu.hi !== BASE_HIGH || lo >= cpu.memory.size) return 0;
  const inside = Math.min(count, Math.floor((cpu.memory.size - lo) / size));
  const denied = cpu.memory.firstDenied(access, lo, inside * size, cpu.irql);
  return denied === undefined ? inside : Math.floor((denied - lo) / size);
}

function bulkMovs({ size, source, target }: Form): Bulk {
  return (cpu, count) => {
    const readableCount = allowed(cpu, 'read', source, size, count);
    const done = allowed(cpu, 'write', target, size, readableCount);
    const from = source(cpu) >>> 0;
    const to = target(cpu) >>> 0;
    const length = done * size;
    // Going up into what is still to be read repeats a pattern: element by element.
    if (done === 0 || (to > from && to < from + length)) return 0;
    cpu.memory.write(to, cpu.memory.bytes.slice(from, from + length));
    cpu.touched(to, length);
    advance(cpu, RSI, length);
    advance(cpu, RDI, length);
    return done;
  };
}

function bulkStos({ size, target }: Form): Bulk {
  const value = generalPlace(0, size);
  return (cpu, count) => {
    const done = allowed(cpu, 'write', target, size, count);
    if (done === 0) return 0;
    const to = target(cpu) >>> 0;
    const pattern = new Int32Array([value.load(cpu, 0), cpu.hi]);
    const bytes = new Uint8Array(done * size);
    const unit = new Uint8Array(pattern.buffer, 0, size);
    bytes.set(unit);
    for (let filled = size; filled < bytes.length; filled *= 2) bytes.copyWithin(filled, 0, filled);
    cpu.memory.write(to, bytes);
    cpu.touched(to, bytes.length);
    advance(cpu, RDI, bytes.length);
    return done;
  };
}

const none: Bulk = () => 0;

/** More than a number holds never ends: the window is smaller, so it faults first. */
function remaining(cpu: Cpu): number {
  return Number(cpu.u64[RCX] ?? 0n);
}

function repeated(element: Element, bulk: Bulk): Execute {
  return (cpu) => {
    if ((cpu.flags & DF) === 0 && remaining(cpu) > 0)
      cpu.u64[RCX] = (cpu.u64[RCX] ?? 0n) - BigInt(bulk(cpu, remaining(cpu)));
    while (cpu.u64[RCX] !== 0n) {
      element(cpu);
      cpu.u64[RCX] = (cpu.u64[RCX] ?? 0n) - 1n;
    }
  };
}

function repeatedWhile(element: Element, zero: boolean): Execute {
  return (cpu) => {
    const before = cpu.flags;
    try {
      while (cpu.u64[RCX] !== 0n) {
        element(cpu);
        cpu.u64[RCX] = (cpu.u64[RCX] ?? 0n) - 1n;
        if (((cpu.flags & ZF) !== 0) !== zero) return;
      }
    } catch (stop) {
      cpu.flags = before;
      throw stop;
    }
  };
}

/** Without a condition both prefixes mean the same. */
function moving(elementOf: (form: Form) => Element, bulkOf?: (form: Form) => Bulk): Prepare {
  return (instruction) => {
    const form = formOf(instruction);
    const element = elementOf(form);
    return instruction.repeat === 'none' ? element : repeated(element, bulkOf?.(form) ?? none);
  };
}

function comparing(elementOf: (form: Form) => Element): Prepare {
  return (instruction) => {
    const element = elementOf(formOf(instruction));
    return instruction.repeat === 'none' ? element : repeatedWhile(element, instruction.repeat === 'rep');
  };
}

const PREPARE: Readonly<Record<string, Prepare>> = {
  movs: moving(movs, bulkMovs),
  stos: moving(stos, bulkStos),
  lods: moving(lods),
  cmps: comparing(cmps),
  scas: comparing(scas),
};

export const STRINGS: Table = Object.fromEntries(
  Object.entries(PREPARE).flatMap(([name, prepare]) => ['b', 'w', 'd', 'q'].map((size) => [name + size, prepare])),
);
