/** Moves between general registers and memory, exchanges, flag moves. */
import { GENERAL_REGISTERS, GUEST_BASE } from '../contract';
import type { Instruction, RegisterOperand } from '../instruction';
import { BASE_HIGH } from '../memory/registers';
import { BINARY, COMPARISONS } from './alu';
import { join, low, type Cpu, type Execute } from './cpu';
import { selectorMove } from './float-state';
import { CF, CONDITIONS, DF, OF, STATUS, ZF } from './flags';
import {
  effectiveAddressOf,
  generalPlace,
  locatorOf,
  operandAt,
  placeOf,
  readerOf,
  sizeOf,
  Unsupported,
} from './operands';
import type { Table } from './table';

function move(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const from = operandAt(instruction, 1);
  for (const [control, general] of [
    [to, from],
    [from, to],
  ] as const)
    if (control.kind === 'register' && control.bank === 'control' && general.kind === 'register')
      return controlMove(instruction, control, general, control === to);
  const selector = selectorMove(instruction);
  if (selector !== undefined) return selector;
  const { locate, store } = placeOf(to);
  const source = readerOf(from);
  return (cpu) => {
    const at = locate(cpu);
    const lo = source(cpu);
    store(cpu, at, lo, cpu.hi);
  };
}

/** The task priority is the IRQL: the machine's business. The other control registers are not there. */
function controlMove(
  instruction: Instruction,
  control: RegisterOperand,
  general: RegisterOperand,
  write: boolean,
): Execute {
  const register = GENERAL_REGISTERS[general.index];
  const next = GUEST_BASE + BigInt(instruction.offset + instruction.length);
  return (cpu) => {
    throw cpu.stopped(
      control.index === 8 && register !== undefined
        ? { kind: 'cr8', write, register, next }
        : { kind: 'unsupported', mnemonic: `mov cr${control.index}` },
    );
  };
}

function extending(isSigned: boolean): (instruction: Instruction) => Execute {
  return (instruction) => {
    const { store } = placeOf(operandAt(instruction, 0));
    const from = operandAt(instruction, 1);
    const source = readerOf(from);
    const up = 32 - sizeOf(from) * 8;
    return (cpu) => {
      const value = source(cpu) << up;
      const lo = isSigned ? value >> up : (value >>> up) | 0;
      store(cpu, 0, lo, isSigned ? lo >> 31 : 0);
    };
  };
}

function lea(instruction: Instruction): Execute {
  const from = operandAt(instruction, 1);
  if (from.kind !== 'memory') throw new Unsupported(instruction.mnemonic);
  const address = effectiveAddressOf(from);
  const { store } = placeOf(operandAt(instruction, 0));
  return (cpu) => {
    const lo = address(cpu);
    store(cpu, 0, lo, cpu.hi);
  };
}

/** Two operands that both change; the second is always a register. */
function twoWay(exchange: boolean): (instruction: Instruction) => Execute {
  return (instruction) => {
    const first = operandAt(instruction, 0);
    const a = placeOf(first);
    const b = placeOf(operandAt(instruction, 1));
    const add = BINARY.add?.[sizeOf(first)];
    if (add === undefined) throw new Unsupported(instruction.mnemonic);
    return (cpu) => {
      // Only the first may be memory; it is written last, so that xadd of a register with itself leaves the sum.
      const at = a.locate(cpu);
      const other = b.locate(cpu);
      const bLo = b.load(cpu, other);
      const bHi = cpu.hi;
      const aLo = a.load(cpu, at);
      const aHi = cpu.hi;
      const lo = exchange ? bLo : add(cpu, aLo, aHi, bLo, bHi);
      const hi = exchange ? bHi : cpu.hi;
      b.store(cpu, other, aLo, aHi);
      a.store(cpu, at, lo, hi);
    };
  };
}

/** On success the accumulator stays; else memory is written back as it was, and a register stays, in all its width. */
function compareExchange(instruction: Instruction): Execute {
  const first = operandAt(instruction, 0);
  const size = sizeOf(first);
  const place = placeOf(first);
  const inMemory = first.kind === 'memory';
  const source = readerOf(operandAt(instruction, 1));
  const accumulator = generalPlace(0, size);
  const compare = COMPARISONS.cmp?.[size];
  if (compare === undefined) throw new Unsupported(instruction.mnemonic);
  return (cpu) => {
    const at = place.locate(cpu);
    const bLo = source(cpu);
    const bHi = cpu.hi;
    const aLo = place.load(cpu, at);
    const aHi = cpu.hi;
    const expected = accumulator.load(cpu, 0);
    compare(cpu, expected, cpu.hi, aLo, aHi);
    if ((cpu.flags & ZF) !== 0) place.store(cpu, at, bLo, bHi);
    else {
      if (inMemory) place.store(cpu, at, aLo, aHi);
      accumulator.store(cpu, 0, aLo, aHi);
    }
  };
}

/** cmpxchg8b and cmpxchg16b: rdx:rax against memory, rcx:rbx into it. */
function compareExchangePair(half: 4 | 8): (instruction: Instruction) => Execute {
  const [a, c, d, b] = [0, 1, 2, 3].map((index) => generalPlace(index, half));
  const bits = half * 8;
  return (instruction) => {
    const operand = operandAt(instruction, 0);
    if (operand.kind !== 'memory' || !a || !b || !c || !d) throw new Unsupported(instruction.mnemonic);
    const locate = locatorOf(operand);
    const pair = (cpu: Cpu, upper: typeof a, lower: typeof a): bigint => {
      const hi = upper.load(cpu, 0);
      const high = BigInt.asUintN(bits, join(hi, cpu.hi));
      const lo = lower.load(cpu, 0);
      return (high << BigInt(bits)) | BigInt.asUintN(bits, join(lo, cpu.hi));
    };
    return (cpu) => {
      const at = locate(cpu);
      if (at % (half * 2) !== 0 && half === 8) throw cpu.fault('write', at, BASE_HIGH, 16);
      const first = cpu.memory.u64(at);
      const held = half === 8 ? first | (cpu.memory.u64(at + 8) << 64n) : first;
      const equal = pair(cpu, d, a) === held;
      const value = equal ? pair(cpu, c, b) : held;
      cpu.memory.setU64(at, BigInt.asUintN(64, value));
      if (half === 8) cpu.memory.setU64(at + 8, value >> 64n);
      cpu.touched(at, half * 2);
      cpu.flags = (cpu.flags & ~ZF) | (equal ? ZF : 0);
      if (equal) return;
      const upper = held >> BigInt(bits);
      a.store(cpu, 0, low(held), low(held >> 32n));
      d.store(cpu, 0, low(upper), low(upper >> 32n));
    };
  };
}

function conditionOf(instruction: Instruction): (cpu: Cpu) => boolean {
  const condition = CONDITIONS[instruction.condition];
  if (condition === undefined) throw new Unsupported(instruction.mnemonic);
  return condition;
}

function setByte(instruction: Instruction): Execute {
  const condition = conditionOf(instruction);
  const { locate, store } = placeOf(operandAt(instruction, 0));
  return (cpu) => {
    const at = locate(cpu);
    store(cpu, at, condition(cpu) ? 1 : 0, 0);
  };
}

/** The source is read, and a 32-bit destination zero-extended, whatever the condition says. */
function conditionalMove(instruction: Instruction): Execute {
  const condition = conditionOf(instruction);
  const { load, store } = placeOf(operandAt(instruction, 0));
  const source = readerOf(operandAt(instruction, 1));
  return (cpu) => {
    const lo = source(cpu);
    if (condition(cpu)) store(cpu, 0, lo, cpu.hi);
    else {
      const same = load(cpu, 0);
      store(cpu, 0, same, cpu.hi);
    }
  };
}

/** Sign extension within rax, of half of it to the whole. */
function widen(size: 2 | 4 | 8): () => Execute {
  const from = generalPlace(0, size / 2);
  const to = generalPlace(0, size);
  const up = size === 2 ? 24 : size === 4 ? 16 : 0;
  return () => (cpu) => {
    const lo = (from.load(cpu, 0) << up) >> up;
    to.store(cpu, 0, lo, lo >> 31);
  };
}

/** The sign of rax, all over rdx. */
function spread(size: 2 | 4 | 8): () => Execute {
  const from = generalPlace(0, size);
  const to = generalPlace(2, size);
  const up = size === 2 ? 16 : 0;
  return () => (cpu) => {
    const lo = from.load(cpu, 0);
    const sign = (size === 8 ? cpu.hi : lo << up) >> 31;
    to.store(cpu, 0, sign, sign);
  };
}

function changeFlags(change: (flags: number) => number): () => Execute {
  return () => (cpu) => {
    cpu.flags = change(cpu.flags);
  };
}

const AH = 1;
const IN_AH = STATUS & ~OF;

export const MOVES: Table = {
  mov: move,
  movnti: move,
  movzx: extending(false),
  movsx: extending(true),
  movsxd: extending(true),
  lea,
  xchg: twoWay(true),
  xadd: twoWay(false),
  cmpxchg: compareExchange,
  cmpxchg8b: compareExchangePair(4),
  cmpxchg16b: compareExchangePair(8),
  cbw: widen(2),
  cwde: widen(4),
  cdqe: widen(8),
  cwd: spread(2),
  cdq: spread(4),
  cqo: spread(8),
  clc: changeFlags((flags) => flags & ~CF),
  stc: changeFlags((flags) => flags | CF),
  cmc: changeFlags((flags) => flags ^ CF),
  cld: changeFlags((flags) => flags & ~DF),
  std: changeFlags((flags) => flags | DF),
  lahf: () => (cpu) => {
    cpu.u8[AH] = (cpu.flags & IN_AH) | 2;
  },
  sahf: () => (cpu) => {
    cpu.flags = (cpu.flags & ~IN_AH) | ((cpu.u8[AH] ?? 0) & IN_AH);
  },
};

/** setcc and cmovcc have a mnemonic a condition. */
export const CONDITIONAL_MOVES = { set: setByte, cmov: conditionalMove } as const;
