/** Multiplication and division of integers. */
import type { Instruction } from '../instruction';
import type { Context } from './context';
import { pushSigned } from './flags';
import { allInteger, general, integers, sizeOf } from './handlers';
import type { Handler, Handlers } from './handlers';
import { LOCAL } from './locals';
import { OP } from './opcodes';
import { STATUS } from './state';

const { a, b, c, result } = LOCAL;
type Emit = Handler['emit'];

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

const dividesWide = (instruction: Instruction): boolean =>
  allInteger(instruction) && sizeOf(instruction.operands[0]) >= 4;

export const MULTIPLICATION: Handlers = {
  ...integers({
    imul: multiply,
    mul: (context, instruction) => widening(context, instruction, false),
  }),
  div: { accepts: dividesWide, emit: divide(false) },
  idiv: { accepts: dividesWide, emit: divide(true) },
};
