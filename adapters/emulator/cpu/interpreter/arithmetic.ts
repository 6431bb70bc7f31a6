/** Instructions over the units of alu.ts and shift.ts: operands in, flags, result out. */
import type { Instruction } from '../instruction';
import { BINARY, COMPARISONS, UNARY, type Binary } from './alu';
import type { Cpu, Execute } from './cpu';
import { operandAt, placeOf, readerOf, sizeOf, Unsupported } from './operands';
import { maskCount, shiftDouble, SHIFTS } from './shift';
import { each, type Table } from './table';

function binary(instruction: Instruction): Execute {
  const first = operandAt(instruction, 0);
  const second = operandAt(instruction, 1);
  const operate = BINARY[instruction.mnemonic]?.[sizeOf(first)];
  if (operate === undefined) throw new Unsupported(instruction.mnemonic);
  const { locate, load, store } = placeOf(first);
  const source = readerOf(second);
  return (
    quick(instruction, operate, true) ??
    ((cpu) => {
      const at = locate(cpu);
      const bLo = source(cpu);
      const bHi = cpu.hi;
      const aLo = load(cpu, at);
      const lo = operate(cpu, aLo, cpu.hi, bLo, bHi);
      store(cpu, at, lo, cpu.hi);
    })
  );
}

function comparison(instruction: Instruction): Execute {
  const first = operandAt(instruction, 0);
  const operate = COMPARISONS[instruction.mnemonic]?.[sizeOf(first)];
  if (operate === undefined) throw new Unsupported(instruction.mnemonic);
  const left = readerOf(first);
  const right = readerOf(operandAt(instruction, 1));
  return (
    quick(instruction, operate, false) ??
    ((cpu) => {
      const aLo = left(cpu);
      const aHi = cpu.hi;
      const bLo = right(cpu);
      operate(cpu, aLo, aHi, bLo, cpu.hi);
    })
  );
}

/** Most of all code: a wide register with a register or a constant. */
function quick(instruction: Instruction, operate: Binary, stores: boolean): Execute | undefined {
  const [a, b] = instruction.operands;
  if (a?.kind !== 'register' || a.bank !== 'general' || a.size < 4) return undefined;
  const to = a.index * 2;
  const wide = a.size === 8;
  const write = (cpu: Cpu, lo: number): void => {
    if (!stores) return;
    cpu.i32[to] = lo;
    cpu.i32[to + 1] = wide ? cpu.hi : 0;
  };
  if (b?.kind === 'immediate') {
    const { lo, hi } = b;
    return (cpu) => write(cpu, operate(cpu, cpu.i32[to] ?? 0, cpu.i32[to + 1] ?? 0, lo, hi));
  }
  if (b?.kind !== 'register' || b.bank !== 'general') return undefined;
  const from = b.index * 2;
  return (cpu) =>
    write(cpu, operate(cpu, cpu.i32[to] ?? 0, cpu.i32[to + 1] ?? 0, cpu.i32[from] ?? 0, cpu.i32[from + 1] ?? 0));
}

function unary(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const operate = UNARY[instruction.mnemonic]?.[sizeOf(operand)];
  if (operate === undefined) throw new Unsupported(instruction.mnemonic);
  const { locate, load, store } = placeOf(operand);
  return (cpu) => {
    const at = locate(cpu);
    const value = load(cpu, at);
    const lo = operate(cpu, value, cpu.hi);
    store(cpu, at, lo, cpu.hi);
  };
}

function shift(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const operate = SHIFTS[instruction.mnemonic];
  if (operate === undefined) throw new Unsupported(instruction.mnemonic);
  const size = sizeOf(operand);
  const { locate, load, store } = placeOf(operand);
  const counter = readerOf(operandAt(instruction, 1));
  return (cpu) => {
    const at = locate(cpu);
    const count = maskCount(size, counter(cpu));
    const value = load(cpu, at);
    if (count === 0) store(cpu, at, value, cpu.hi);
    else {
      const lo = operate(cpu, size, value, cpu.hi, count);
      store(cpu, at, lo, cpu.hi);
    }
  };
}

function double(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const left = instruction.mnemonic === 'shld';
  const size = sizeOf(operand);
  const { locate, load, store } = placeOf(operand);
  const filler = readerOf(operandAt(instruction, 1));
  const counter = readerOf(operandAt(instruction, 2));
  return (cpu) => {
    const at = locate(cpu);
    const count = maskCount(size, counter(cpu));
    const fillLo = filler(cpu);
    const fillHi = cpu.hi;
    const value = load(cpu, at);
    if (count === 0) store(cpu, at, value, cpu.hi);
    else {
      const lo = shiftDouble(cpu, size, [value, cpu.hi], [fillLo, fillHi], count, left);
      store(cpu, at, lo, cpu.hi);
    }
  };
}

export const ARITHMETIC: Table = {
  ...each(Object.keys(BINARY), binary),
  ...each(Object.keys(COMPARISONS), comparison),
  ...each(Object.keys(UNARY), unary),
  ...each(Object.keys(SHIFTS), shift),
  shld: double,
  shrd: double,
};
