/** Jumps, calls, the stack. */
import type { Instruction } from '../instruction';
import { BASE_HIGH } from '../memory/registers';
import { RSP, type Cpu, type Execute } from './cpu';
import { CONDITIONS, FLAGS_OF_POPF, RESUME, TRAP, ZF } from './flags';
import {
  generalPlace,
  immediateAt,
  LOADS,
  operandAt,
  placeOf,
  readerOf,
  sizeOf,
  STORES,
  Unsupported,
} from './operands';
import type { Table } from './table';

/** Jumps with an operand-size prefix would cut rip to 16 bits. */
function near(instruction: Instruction): void {
  if (/(_|rel)16(_[ER]?CX)?$/.test(instruction.code)) throw new Unsupported(instruction.mnemonic);
}

type Go = (cpu: Cpu) => void;

function direct(instruction: Instruction): Go {
  near(instruction);
  const target = operandAt(instruction, 0);
  if (target.kind !== 'target' || instruction.operands.length !== 1) throw new Unsupported(instruction.mnemonic);
  const { lo, hi } = target;
  if (hi !== BASE_HIGH) return (cpu) => cpu.jump(lo, hi);
  const offset = lo >>> 0;
  return (cpu) => {
    if (offset < cpu.memory.size) cpu.ip = offset;
    else cpu.jump(lo, hi);
  };
}

function jump(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  if (operand.kind === 'target') return direct(instruction);
  if (sizeOf(operand) !== 8) throw new Unsupported(instruction.mnemonic);
  const target = readerOf(operand);
  return (cpu) => {
    const lo = target(cpu);
    cpu.jump(lo, cpu.hi);
  };
}

/** jcc: there is a mnemonic a condition. */
export function branch(instruction: Instruction): Execute {
  const condition = CONDITIONS[instruction.condition];
  if (condition === undefined) throw new Unsupported(instruction.mnemonic);
  const go = direct(instruction);
  return (cpu) => {
    if (condition(cpu)) go(cpu);
  };
}

function call(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const next = instruction.offset + instruction.length;
  const pushNext = (cpu: Cpu): void => {
    const at = cpu.pushable(8);
    cpu.store64(at, next, BASE_HIGH);
    cpu.moveStack(-8);
  };
  if (operand.kind === 'target') {
    const go = direct(instruction);
    return (cpu) => {
      pushNext(cpu);
      go(cpu);
    };
  }
  if (sizeOf(operand) !== 8) throw new Unsupported(instruction.mnemonic);
  const target = readerOf(operand);
  return (cpu) => {
    const lo = target(cpu);
    const hi = cpu.hi;
    pushNext(cpu);
    cpu.jump(lo, hi);
  };
}

/** Reads the top of the stack without moving it. */
function top(cpu: Cpu, size: number): number {
  const at = cpu.readable(cpu.i32[2 * RSP] ?? 0, cpu.i32[2 * RSP + 1] ?? 0, size);
  return LOADS[size]?.(cpu, at) ?? 0;
}

function ret(instruction: Instruction): Execute {
  if (!instruction.code.startsWith('Retnq')) throw new Unsupported(instruction.mnemonic);
  const released = 8 + (instruction.operands.length === 0 ? 0 : immediateAt(instruction, 0).lo);
  return (cpu) => {
    const lo = top(cpu, 8);
    const { hi } = cpu;
    cpu.moveStack(released);
    cpu.jump(lo, hi);
  };
}

/** jrcxz, and the loops: `counts` says whether rcx goes down first, `zero` what ZF must be. */
function onCount(counts: boolean, zero?: boolean): (instruction: Instruction) => Execute {
  return (instruction) => {
    const go = direct(instruction);
    const size = /ECX$|^Jecxz/.test(instruction.code) ? 4 : 8;
    if (/_CX$|^Jcxz/.test(instruction.code)) throw new Unsupported(instruction.mnemonic);
    const rcx = generalPlace(1, size);
    return (cpu) => {
      const held = rcx.load(cpu, 0);
      const heldHi = size === 8 ? cpu.hi : 0;
      const lo = counts ? (held - 1) | 0 : held;
      const hi = counts && held === 0 ? (heldHi - 1) | 0 : heldHi;
      if (counts) rcx.store(cpu, 0, lo, hi);
      const none = size === 8 ? (lo | hi) === 0 : lo === 0;
      if (none === counts) return;
      if (zero === undefined || zero === ((cpu.flags & ZF) !== 0)) go(cpu);
    };
  };
}

function push(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const size = operand.kind === 'immediate' ? (instruction.code.startsWith('Pushq') ? 8 : 2) : sizeOf(operand);
  const source = readerOf(operand);
  const store = STORES[size];
  if (store === undefined || size === 4) throw new Unsupported(instruction.mnemonic);
  return (cpu) => {
    const lo = source(cpu);
    const hi = cpu.hi;
    const at = cpu.pushable(size);
    store(cpu, at, lo, hi);
    cpu.moveStack(-size);
  };
}

/** The address of a memory operand is computed with rsp as it is after the pop. */
function pop(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const size = sizeOf(operand);
  const { locate, store } = placeOf(operand);
  return (cpu) => {
    const lo = top(cpu, size);
    const { hi } = cpu;
    const before = cpu.u64[RSP] ?? 0n;
    cpu.moveStack(size);
    let at: number;
    try {
      at = locate(cpu);
    } catch (stop) {
      cpu.u64[RSP] = before;
      throw stop;
    }
    store(cpu, at, lo, hi);
  };
}

function pushFlags(instruction: Instruction): Execute {
  if (instruction.mnemonic !== 'pushfq') throw new Unsupported(instruction.mnemonic);
  return (cpu) => {
    const at = cpu.pushable(8);
    cpu.store64(at, cpu.flags & ~RESUME, 0);
    cpu.moveStack(-8);
  };
}

function popFlags(): Execute {
  return (cpu) => {
    const lo = top(cpu, 8);
    // Single-stepping itself is nothing that a driver can ask of this processor.
    if ((lo & TRAP) !== 0) throw cpu.stopped({ kind: 'unsupported', mnemonic: 'popfq with TF' });
    cpu.moveStack(8);
    cpu.flags = (cpu.flags & ~(FLAGS_OF_POPF | RESUME)) | (lo & FLAGS_OF_POPF);
  };
}

function enter(instruction: Instruction): Execute {
  const bytes = immediateAt(instruction, 0).lo;
  if (immediateAt(instruction, 1).lo !== 0 || instruction.code !== 'Enterq_imm16_imm8')
    throw new Unsupported('enter of a nested frame');
  return (cpu) => {
    const at = cpu.pushable(8);
    cpu.store64(at, cpu.i32[10] ?? 0, cpu.i32[11] ?? 0);
    cpu.moveStack(-8);
    cpu.u64[5] = cpu.u64[RSP] ?? 0n;
    cpu.moveStack(-bytes);
  };
}

function leave(instruction: Instruction): Execute {
  if (instruction.mnemonic !== 'leave' || instruction.code !== 'Leaveq') throw new Unsupported(instruction.mnemonic);
  return (cpu) => {
    const at = cpu.readable(cpu.i32[10] ?? 0, cpu.i32[11] ?? 0, 8);
    const frame = cpu.memory.u64(at);
    cpu.u64[RSP] = cpu.u64[5] ?? 0n;
    cpu.moveStack(8);
    cpu.u64[5] = frame;
  };
}

export const CONTROL: Table = {
  jmp: jump,
  call,
  ret,
  jrcxz: onCount(false),
  jecxz: onCount(false),
  loop: onCount(true),
  loope: onCount(true, true),
  loopne: onCount(true, false),
  push,
  pop,
  pushfq: pushFlags,
  popfq: popFlags,
  enter,
  leave,
};
