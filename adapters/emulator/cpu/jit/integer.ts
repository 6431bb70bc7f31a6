/** Moves, addition, subtraction, logic and exchanges of integers. */
import type { Instruction } from '../instruction';
import type { Context } from './context';
import { pushSigned } from './flags';
import { general, integers, sizeOf } from './handlers';
import type { Handler, Handlers } from './handlers';
import { LOCAL } from './locals';
import { OP } from './opcodes';

const { a, b, c, result } = LOCAL;
type Emit = Handler['emit'];

const move: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from === undefined) return;
  context.locate(to);
  // Only one of the two is memory, so reading does not disturb the address.
  context.read(from, a, sizeOf(to));
  context.write(to, a);
};

const extendSigned: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from === undefined) return;
  context.read(from, b, sizeOf(from));
  pushSigned(context.code, b, sizeOf(from));
  context.narrow(sizeOf(to));
  context.code.set(a);
  context.write(to, a);
};

const loadAddress: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from?.kind !== 'memory') return;
  context.address(from, a, false);
  context.code.get(a);
  context.narrow(sizeOf(to));
  context.code.set(a);
  context.write(to, a);
};

/** Reads destination and source into `a` and `b`, checked; what `address` is of then is the destination. */
function readBoth(context: Context, { operands: [to, from] }: Instruction): number {
  const size = sizeOf(to);
  if (to === undefined || from === undefined) return size;
  context.locate(to);
  context.read(from, b, size);
  context.pushLocated(to);
  context.code.set(a);
  return size;
}

type Combine = (context: Context) => void;

function arithmetic(opcode: number, operation: 'add' | 'subtract', stores = true): Emit {
  return (context, instruction) => {
    const [to] = instruction.operands;
    const size = readBoth(context, instruction);
    context.code.get(a).get(b).op(opcode);
    context.narrow(size);
    context.code.set(result);
    if (stores && to !== undefined) context.write(to, result);
    context.setFlags(operation, size, { a, b, result });
  };
}

function withCarry(opcode: number, operation: 'carry' | 'borrow'): Emit {
  return (context, instruction) => {
    const [to] = instruction.operands;
    const size = readBoth(context, instruction);
    context.code.get(a).get(b).op(opcode);
    context.pushCondition(2);
    context.code.op(OP.i64ExtendI32U).op(opcode);
    context.narrow(size);
    context.code.set(result);
    if (to !== undefined) context.write(to, result);
    context.setFlags(operation, size, { a, b, result });
  };
}

function logic(combine: Combine, stores = true): Emit {
  return (context, instruction) => {
    const [to] = instruction.operands;
    const size = readBoth(context, instruction);
    context.code.get(a).get(b);
    combine(context);
    context.code.set(result);
    if (stores && to !== undefined) context.write(to, result);
    context.setFlags('logic', size, { result });
  };
}

function step(opcode: number, operation: 'increment' | 'decrement'): Emit {
  return (context, { operands: [to] }) => {
    if (to === undefined) return;
    const size = sizeOf(to);
    context.locate(to);
    context.pushLocated(to);
    context.code.i64(1).op(opcode);
    context.narrow(size);
    context.code.set(result);
    context.pushCondition(2);
    context.code.op(OP.i64ExtendI32U).set(c);
    context.write(to, result);
    context.setFlags(operation, size, { a: c, result });
  };
}

const negate: Emit = (context, { operands: [to] }) => {
  if (to === undefined) return;
  const size = sizeOf(to);
  context.locate(to);
  context.pushLocated(to);
  context.code.set(b).i64(0).tee(a).get(b).op(OP.i64Sub);
  context.narrow(size);
  context.code.set(result);
  context.write(to, result);
  context.setFlags('subtract', size, { a, b, result });
};

const invert: Emit = (context, { operands: [to] }) => {
  if (to === undefined) return;
  context.locate(to);
  context.pushLocated(to);
  context.code.i64(-1).op(OP.i64Xor);
  context.narrow(sizeOf(to));
  context.code.set(result);
  context.write(to, result);
};

const exchange: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from === undefined) return;
  context.locate(to);
  context.read(from, b, sizeOf(to));
  context.pushLocated(to);
  context.code.set(a);
  context.write(from, a);
  context.write(to, b);
};

const exchangeAdd: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from === undefined) return;
  const size = sizeOf(to);
  context.locate(to);
  context.read(from, b, size);
  context.pushLocated(to);
  context.code.tee(a).get(b).op(OP.i64Add);
  context.narrow(size);
  context.code.set(result);
  context.write(from, a);
  context.write(to, result);
  context.setFlags('add', size, { a, b, result });
};

const compareExchange: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from === undefined) return;
  const { code } = context;
  const size = sizeOf(to);
  const accumulator = general(0, size);
  context.locate(to);
  context.read(from, b, size);
  context.pushLocated(to);
  code.set(c);
  context.pushRegister(accumulator);
  code.set(a);
  code.get(a).get(c).op(OP.i64Sub);
  context.narrow(size);
  code.set(result);
  code.get(a).get(c).op(OP.i64Eq).if();
  context.write(to, b);
  code.else();
  // Memory is written in any case; a register stays in all its width.
  if (to.kind === 'memory') context.write(to, c);
  context.setRegister(accumulator, c);
  code.end();
  context.setFlags('subtract', size, { a, b: c, result });
};

/** Sign-extends part of a register into another: cdqe and its family. */
function extendAccumulator(fromSize: number, toIndex: number, size: number): Emit {
  return (context) => {
    const { code } = context;
    pushSigned(code, LOCAL.general, fromSize);
    if (toIndex === 2) code.i64(63).op(OP.i64ShrS);
    context.narrow(size);
    code.set(a);
    context.setRegister(general(toIndex, size), a);
  };
}

const setOnCondition: Emit = (context, { operands: [to], condition }) => {
  if (to === undefined) return;
  context.locate(to);
  context.pushCondition(condition);
  context.code.op(OP.i64ExtendI32U).set(a);
  context.write(to, a);
};

/** The source is read in any case, and 32 bits of the destination extend in any case. */
const moveOnCondition: Emit = (context, { operands: [to, from], condition }) => {
  if (to === undefined || from === undefined) return;
  context.read(from, b, sizeOf(to));
  context.pushLocated(to);
  context.code.set(a).get(b).get(a);
  context.pushCondition(condition);
  context.code.op(OP.select).set(a);
  context.write(to, a);
};

const swapBytes: Emit = (context, { operands: [to] }) => {
  if (to === undefined) return;
  const { code } = context;
  const swap = (shift: number, lo: number, hi: number): void => {
    code.get(a).i64(shift).op(OP.i64ShrU).i64(lo, hi).op(OP.i64And);
    code.get(a).i64(lo, hi).op(OP.i64And).i64(shift).op(OP.i64Shl).op(OP.i64Or).set(a);
  };
  context.pushLocated(to);
  code.set(a);
  swap(8, 0x00ff_00ff, 0x00ff_00ff);
  swap(16, 0x0000_ffff, 0x0000_ffff);
  code.get(a).i64(32).op(OP.i64Rotl);
  if (sizeOf(to) === 4) code.i64(32).op(OP.i64ShrU);
  code.set(a);
  context.write(to, a);
};

const nothing: Emit = () => undefined;
const ANY = { accepts: (): boolean => true, emit: nothing };

const conditions = ['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'];

export const INTEGER: Handlers = {
  ...integers({
    mov: move,
    movzx: (context, instruction) => {
      const [to, from] = instruction.operands;
      if (to === undefined || from === undefined) return;
      context.read(from, a, sizeOf(from));
      context.write(to, a);
    },
    movsx: extendSigned,
    movsxd: extendSigned,
    lea: loadAddress,
    add: arithmetic(OP.i64Add, 'add'),
    sub: arithmetic(OP.i64Sub, 'subtract'),
    cmp: arithmetic(OP.i64Sub, 'subtract', false),
    adc: withCarry(OP.i64Add, 'carry'),
    sbb: withCarry(OP.i64Sub, 'borrow'),
    and: logic(({ code }) => code.op(OP.i64And)),
    or: logic(({ code }) => code.op(OP.i64Or)),
    xor: logic(({ code }) => code.op(OP.i64Xor)),
    test: logic(({ code }) => code.op(OP.i64And), false),
    inc: step(OP.i64Add, 'increment'),
    dec: step(OP.i64Sub, 'decrement'),
    neg: negate,
    not: invert,
    xchg: exchange,
    xadd: exchangeAdd,
    cmpxchg: compareExchange,
    cwde: extendAccumulator(2, 0, 4),
    cdqe: extendAccumulator(4, 0, 8),
    cdq: extendAccumulator(4, 2, 4),
    cqo: extendAccumulator(8, 2, 8),
    ...Object.fromEntries(conditions.map((name) => [`set${name}`, setOnCondition])),
    ...Object.fromEntries(conditions.map((name) => [`cmov${name}`, moveOnCondition])),
  }),
  bswap: { accepts: ({ operands: [to] }) => sizeOf(to) >= 4, emit: swapBytes },
  nop: ANY,
  endbr64: ANY,
  pause: ANY,
  lfence: ANY,
  mfence: ANY,
  sfence: ANY,
  prefetchnta: ANY,
  prefetcht0: ANY,
  prefetcht1: ANY,
  prefetcht2: ANY,
  prefetchw: ANY,
};
