/** Moves, addition, subtraction, logic, multiplication and division of integers. */
import type { Instruction, RegisterOperand } from '../decode';
import type { Context } from './context';
import { pushSigned } from './flags';
import { integers, isInteger, sizeOf } from './handlers';
import type { Handler, Handlers } from './handlers';
import { LOCAL } from './locals';
import { OP } from './opcodes';
import { STATUS } from './state';

const { a, b, c, result } = LOCAL;
type Emit = Handler['emit'];

/** The accumulator is register 0, its upper half register 2. */
function general(index: number, size: number): RegisterOperand {
  return { kind: 'register', bank: 'general', index, size };
}

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

/** CF and OF say that the product does not fit; they are computed at once, the others follow from the result. */
function setOverflow(context: Context, size: number): void {
  context.code.op(OP.i64ExtendI32U).set(c);
  context.setFlags('given', size, { a: c, b: c, result });
}

const multiply: Emit = (context, instruction) => {
  const { operands } = instruction;
  const [to] = operands;
  if (operands.length === 1) {
    widening(context, instruction, true);
    return;
  }
  const left = operands[operands.length - 2];
  const right = operands[operands.length - 1];
  if (to === undefined || left === undefined || right === undefined) return;
  const { code } = context;
  const size = sizeOf(to);
  context.read(left, a, size);
  context.read(right, b, size);
  if (size === 8) {
    code.get(a).get(b).op(OP.i64Mul).set(result);
    code.get(a).get(b);
    context.call('multiplyHighSigned');
    code.get(result).i64(63).op(OP.i64ShrS).op(OP.i64Ne);
  } else {
    pushSigned(code, a, size);
    pushSigned(code, b, size).op(OP.i64Mul).tee(c);
    context.narrow(size);
    code.set(result);
    pushSigned(code, result, size).get(c).op(OP.i64Ne);
  }
  setOverflow(context, size);
  context.write(to, result);
};

function widening(context: Context, { operands: [from] }: Instruction, signed: boolean): void {
  if (from === undefined) return;
  const { code } = context;
  const size = sizeOf(from);
  context.read(from, b, size);
  context.pushRegister(general(0, size));
  code.set(a);
  const upper = LOCAL.d;
  if (size === 8) {
    code.get(a).get(b).op(OP.i64Mul).set(result).get(a).get(b);
    context.call(signed ? 'multiplyHighSigned' : 'multiplyHigh');
    code.set(upper).get(upper);
    if (signed) code.get(result).i64(63).op(OP.i64ShrS);
    else code.i64(0);
    code.op(OP.i64Ne);
  } else {
    const push = (local: number): void => void (signed ? pushSigned(code, local, size) : code.get(local));
    push(a);
    push(b);
    code.op(OP.i64Mul).tee(c);
    context.narrow(size);
    code
      .set(result)
      .get(c)
      .i64(size * 8)
      .op(OP.i64ShrU);
    context.narrow(size);
    code.set(upper);
    push(result);
    code.get(c).op(OP.i64Ne);
  }
  setOverflow(context, size);
  if (size === 1) {
    code.get(upper).i64(8).op(OP.i64Shl).get(result).op(OP.i64Or).set(a);
    context.setRegister(general(0, 2), a);
    return;
  }
  context.setRegister(general(0, size), result);
  context.setRegister(general(2, size), upper);
}

/** The common cases of 4 and 8 bytes; what would divide by zero, overflow or need 128 bits goes to the interpreter. */
function divide(signed: boolean): Emit {
  return (context, { operands: [from] }) => {
    if (from === undefined) return;
    const { code } = context;
    const size = sizeOf(from);
    const [quotient, rest] = [result, c];
    const refuseIf = (): void => {
      code.if();
      context.stop(STATUS.fallback);
      code.end();
    };
    context.read(from, b, size);
    code.get(b).op(OP.i64Eqz);
    refuseIf();
    if (size === 4) {
      if (signed) pushSigned(code, b, 4).set(b);
      code
        .get(LOCAL.general + 2)
        .i64(32)
        .op(OP.i64Shl);
      context.pushRegister(general(0, 4));
      code.op(OP.i64Or).set(a);
    } else {
      code
        .get(LOCAL.general)
        .set(a)
        .get(LOCAL.general + 2);
      if (signed) code.get(a).i64(63).op(OP.i64ShrS).op(OP.i64Ne);
      else code.op(OP.i64Eqz).op(OP.i32Eqz);
      refuseIf();
    }
    if (signed) {
      // The one signed quotient that 64 bits do not hold.
      code.get(b).i64(-1).op(OP.i64Eq);
      refuseIf();
    }
    code
      .get(a)
      .get(b)
      .op(signed ? OP.i64DivS : OP.i64DivU)
      .set(quotient);
    code
      .get(a)
      .get(b)
      .op(signed ? OP.i64RemS : OP.i64RemU)
      .set(rest);
    if (size === 4) {
      code.get(quotient);
      if (signed) pushSigned(code, quotient, 4);
      else code.get(quotient).i64(-1, 0).op(OP.i64And);
      code.op(OP.i64Ne);
      refuseIf();
      code.get(quotient);
      context.narrow(4);
      code.set(quotient).get(rest);
      context.narrow(4);
      code.set(rest);
    }
    context.setRegister(general(0, size), quotient);
    context.setRegister(general(2, size), rest);
  };
}

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

/** mul and imul of one byte use ah; both are the same code. */
const wide = (instruction: Instruction): boolean => sizeOf(instruction.operands[0]) >= 4;

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
    imul: multiply,
    mul: (context, instruction) => widening(context, instruction, false),
    cwde: extendAccumulator(2, 0, 4),
    cdqe: extendAccumulator(4, 0, 8),
    cdq: extendAccumulator(4, 2, 4),
    cqo: extendAccumulator(8, 2, 8),
    ...Object.fromEntries(conditions.map((name) => [`set${name}`, setOnCondition])),
    ...Object.fromEntries(conditions.map((name) => [`cmov${name}`, moveOnCondition])),
  }),
  div: { accepts: (one) => wide(one) && one.operands.every(isInteger), emit: divide(false) },
  idiv: { accepts: (one) => wide(one) && one.operands.every(isInteger), emit: divide(true) },
  bswap: { accepts: (one) => wide(one), emit: swapBytes },
  nop: ANY,
  pause: ANY,
  lfence: ANY,
  mfence: ANY,
  sfence: ANY,
  prefetchnta: ANY,
  prefetcht0: ANY,
  prefetchw: ANY,
};
