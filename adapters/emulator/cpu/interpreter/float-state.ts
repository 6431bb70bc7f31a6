/**
 * The state of the floating-point units, which drivers save and restore around what they do with vectors. Nothing computes
 * in the older unit here, so it is always as after a reset; mxcsr is what was loaded last, with the conditions since then.
 */
import type { Instruction } from '../instruction';
import { MXCSR } from '../memory/registers';
import type { Cpu, Execute } from './cpu';
import { addressOf, operandAt, placeOf, readerOf, Unsupported } from './operands';
import { each, type Table } from './table';

const SIZE = 512;
const AT = { mxcsr: 24, mask: 28, registers: 160, end: 416 } as const;
/** Bits of mxcsr that there are. */
const MASK = 0xffff;

/** What fxsave writes, up to the vector registers; the control word is that of a thread of the kernel. */
function area(cpu: Cpu): Uint8Array {
  const bytes = new Uint8Array(AT.registers);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x27f, true);
  view.setInt32(AT.mxcsr, cpu.i32[2 * MXCSR] ?? 0, true);
  view.setUint32(AT.mask, MASK, true);
  return bytes;
}

/** Misaligned, it is a general protection fault: see vector.ts. */
function located(instruction: Instruction, access: 'read' | 'write'): (cpu: Cpu) => number {
  const operand = operandAt(instruction, 0);
  if (operand.kind !== 'memory') throw new Unsupported(instruction.mnemonic);
  const address = addressOf(operand);
  return (cpu) => {
    const lo = address(cpu);
    if ((lo & 15) !== 0) throw cpu.fault(access, lo, cpu.hi, SIZE);
    return access === 'read' ? cpu.readable(lo, cpu.hi, SIZE) : cpu.writable(lo, cpu.hi, SIZE);
  };
}

function save(instruction: Instruction): Execute {
  const locate = located(instruction, 'write');
  return (cpu) => {
    const at = locate(cpu);
    cpu.memory.write(at, area(cpu));
    cpu.memory.write(at + AT.registers, new Uint8Array(Int32Array.from(cpu.vector).buffer));
    cpu.touched(at, SIZE);
  };
}

function restore(instruction: Instruction): Execute {
  const { mnemonic } = instruction;
  const locate = located(instruction, 'read');
  return (cpu) => {
    const at = locate(cpu);
    const given = cpu.memory.bytes.slice(at, at + AT.end);
    const own = area(cpu);
    const mxcsr = new DataView(given.buffer).getInt32(AT.mxcsr, true);
    const same = own.every((byte, i) => (i >= AT.mxcsr && i < AT.mask + 4) || byte === given[i]);
    if (!same || (mxcsr & ~MASK) !== 0) throw cpu.stopped({ kind: 'unsupported', mnemonic });
    cpu.i32[2 * MXCSR] = mxcsr;
    cpu.vector.set(new Int32Array(given.buffer, AT.registers, 64));
  };
}

function loadControl(instruction: Instruction): Execute {
  const { mnemonic } = instruction;
  const read = readerOf(operandAt(instruction, 0));
  return (cpu) => {
    const value = read(cpu);
    // Bits that there are not: a fault of its own kind.
    if ((value & ~MASK) !== 0) throw cpu.stopped({ kind: 'unsupported', mnemonic });
    cpu.i32[2 * MXCSR] = value;
  };
}

function storeControl(instruction: Instruction): Execute {
  const { locate, store } = placeOf(operandAt(instruction, 0));
  return (cpu) => {
    const at = locate(cpu);
    store(cpu, at, cpu.i32[2 * MXCSR] ?? 0, 0);
  };
}

/** Selectors of the kernel: es cs ss ds fs gs. */
const SELECTORS = [0x2b, 0x10, 0x18, 0x2b, 0x53, 0x2b];

/** @returns what reads a segment register, undefined when the instruction does not */
export function selectorMove(instruction: Instruction): Execute | undefined {
  const from = operandAt(instruction, 1);
  if (from.kind !== 'register' || from.bank !== 'segment') return undefined;
  const selector = SELECTORS[from.index] ?? 0;
  const { locate, store } = placeOf(operandAt(instruction, 0));
  return (cpu) => store(cpu, locate(cpu), selector, 0);
}

export const FLOAT_STATE: Table = {
  ...each(['fxsave', 'fxsave64'], save),
  ...each(['fxrstor', 'fxrstor64'], restore),
  ldmxcsr: loadControl,
  stmxcsr: storeControl,
};
