/** Shifts, rotates, bit tests and scans. */
import { FLAG, type Instruction } from '../instruction';
import type { Code } from './code';
import type { Context } from './context';
import { pushSigned } from './flags';
import { allInteger, integers, sizeOf } from './handlers';
import type { Handler, Handlers } from './handlers';
import { LOCAL } from './locals';
import { OP } from './opcodes';

const { a, b, c, d, result } = LOCAL;
type Emit = Handler['emit'];
const { CF, ZF, OF } = FLAG;
const OF_AT = 11;

/** Emits code from `a` and the count in `b` (masked, not 0) to `result`, with CF in `c` and OF in `d`. */
type Shift = (context: Context, size: number) => void;

/** OF is that of a count of 1 for every count. */
const SHIFTS: Readonly<Record<string, Shift>> = {
  shl(context, size) {
    const { code } = context;
    code.get(a).get(b).op(OP.i64Shl);
    context.narrow(size);
    code.set(result);
    // The last bit that left at the top.
    if (size === 8) code.get(a).i64(64).get(b).op(OP.i64Sub).op(OP.i64ShrU);
    else
      code
        .get(a)
        .get(b)
        .op(OP.i64Shl)
        .i64(size * 8)
        .op(OP.i64ShrU);
    lowBit(code, c);
    bit(code, result, size * 8 - 1)
      .get(c)
      .op(OP.i64Xor);
    lowBit(code, d);
  },
  shr({ code }, size) {
    code.get(a).get(b).op(OP.i64ShrU).set(result);
    code.get(a).get(b).i64(1).op(OP.i64Sub).op(OP.i64ShrU);
    lowBit(code, c);
    topBitsDiffer(code, size);
  },
  sar(context, size) {
    const { code } = context;
    pushSigned(code, a, size).get(b).op(OP.i64ShrS);
    context.narrow(size);
    code.set(result);
    pushSigned(code, a, size).get(b).i64(1).op(OP.i64Sub).op(OP.i64ShrS);
    lowBit(code, c);
    code.i64(0).set(d);
  },
};

const ROTATES: Readonly<Record<string, Shift>> = {
  rol({ code }, size) {
    rotate(code, size, OP.i64Rotl, OP.i32Rotl, OP.i64Shl, OP.i64ShrU);
    code.get(result);
    lowBit(code, c);
    bit(code, result, size * 8 - 1)
      .get(c)
      .op(OP.i64Xor);
    lowBit(code, d);
  },
  ror({ code }, size) {
    rotate(code, size, OP.i64Rotr, OP.i32Rotr, OP.i64ShrU, OP.i64Shl);
    bit(code, result, size * 8 - 1);
    lowBit(code, c);
    topBitsDiffer(code, size);
  },
};

function bit(code: Code, local: number, at: number): Code {
  return code.get(local).i64(at).op(OP.i64ShrU);
}

function lowBit(code: Code, into: number): void {
  code.i64(1).op(OP.i64And).set(into);
}

function topBitsDiffer(code: Code, size: number): void {
  bit(code, result, size * 8 - 1);
  bit(code, result, size * 8 - 2).op(OP.i64Xor);
  lowBit(code, d);
}

function rotate(code: Code, size: number, wide: number, half: number, there: number, back: number): void {
  const bits = size * 8;
  if (size === 8) code.get(a).get(b).op(wide);
  else if (size === 4) {
    code.get(a).op(OP.i32WrapI64).get(b).op(OP.i32WrapI64).op(half).op(OP.i64ExtendI32U);
  } else {
    code
      .get(b)
      .i64(bits - 1)
      .op(OP.i64And)
      .set(c);
    code.get(a).get(c).op(there);
    code.get(a).i64(bits).get(c).op(OP.i64Sub).op(back).op(OP.i64Or);
    code.i64((1 << bits) - 1).op(OP.i64And);
  }
  code.set(result);
}

/** Replaces some flags; `push` pushes their new bits as an i32. */
function replaceFlags(context: Context, mask: number, push: () => void): void {
  const { code } = context;
  if (context.flagsDead) return;
  context.pushFlags();
  code.i32(~mask).op(OP.i32And);
  push();
  code.op(OP.i32Or).op(OP.i64ExtendI32U).set(result);
  context.setFlags('explicit', 1, { result });
}

function shifting(shift: Shift, finish: (context: Context, size: number) => void): Emit {
  return (context, { operands: [to, by] }) => {
    if (to === undefined || by === undefined) return;
    const { code } = context;
    const size = sizeOf(to);
    const mask = size === 8 ? 63 : 31;
    context.locate(to);
    context.pushLocated(to);
    code.tee(a).set(result);
    if (by.kind === 'immediate') {
      const count = by.lo & mask;
      code.i64(count).set(b);
      if (count !== 0) shift(context, size);
      context.write(to, result);
      if (count !== 0) finish(context, size);
      return;
    }
    context.read(by, b, 1);
    code.get(b).i64(mask).op(OP.i64And).set(b);
    code.get(b).op(OP.i64Eqz).op(OP.i32Eqz).if();
    shift(context, size);
    code.end();
    context.write(to, result);
    const before = context.known;
    code.get(b).op(OP.i64Eqz).op(OP.i32Eqz).if();
    finish(context, size);
    code.end();
    if (before !== context.known) context.known = undefined;
  };
}

const shifted = (context: Context, size: number): void => context.setFlags('given', size, { a: c, b: d, result });

/** A rotate leaves all flags but CF and OF alone. */
const rotated = (context: Context): void => {
  const { code } = context;
  replaceFlags(context, CF | OF, () => code.get(c).get(d).i64(OF_AT).op(OP.i64Shl).op(OP.i64Or).op(OP.i32WrapI64));
};

const CHANGES: Readonly<Record<string, (code: Code) => void>> = {
  bts: (code) => code.op(OP.i64Or),
  btr: (code) => code.i64(-1).op(OP.i64Xor).op(OP.i64And),
  btc: (code) => code.op(OP.i64Xor),
};

const bitTest: Emit = (context, { mnemonic, operands: [to, by] }) => {
  if (to === undefined || by === undefined) return;
  const { code } = context;
  const size = sizeOf(to);
  const change = CHANGES[mnemonic];
  if (change !== undefined) {
    context.locate(to);
    context.read(by, b, size);
    context.pushLocated(to);
    code.set(a);
  } else {
    context.read(to, a, size);
    context.read(by, b, size);
  }
  code
    .get(b)
    .i64(size * 8 - 1)
    .op(OP.i64And)
    .set(b);
  code.get(a).get(b).op(OP.i64ShrU);
  lowBit(code, c);
  if (change !== undefined) {
    code.get(a).i64(1).get(b).op(OP.i64Shl);
    change(code);
    code.set(d);
    context.write(to, d);
  }
  replaceFlags(context, CF, () => code.get(c).op(OP.i32WrapI64));
};

/** With nothing to find, the destination stays. */
function scan(push: (code: Code) => void): Emit {
  return (context, { operands: [to, from] }) => {
    if (to === undefined || from === undefined) return;
    const { code } = context;
    context.read(from, b, sizeOf(from));
    code.get(b).op(OP.i64Eqz).op(OP.i32Eqz).if();
    push(code);
    code.set(a);
    context.write(to, a);
    code.end();
    replaceFlags(context, ZF, () => code.get(b).op(OP.i64Eqz).i32(6).op(OP.i32Shl));
  };
}

const trailing: Emit = (context, { operands: [to, from] }) => {
  if (to === undefined || from === undefined) return;
  const { code } = context;
  const size = sizeOf(to);
  context.read(from, b, size);
  // A bit behind the operand: the count of an empty operand is its width.
  code.get(b);
  if (size < 8)
    code
      .i64(1)
      .i64(size * 8)
      .op(OP.i64Shl)
      .op(OP.i64Or);
  code.op(OP.i64Ctz).set(a);
  context.write(to, a);
  replaceFlags(context, CF | ZF, () => {
    code.get(b).op(OP.i64Eqz);
    code.get(a).op(OP.i64Eqz).i32(6).op(OP.i32Shl).op(OP.i32Or);
  });
};

/** A register as bit offset reaches beyond an operand in memory: that is the interpreter's. */
const staysInside = (instruction: Instruction): boolean => {
  const [to, by] = instruction.operands;
  return allInteger(instruction) && (to?.kind === 'register' || by?.kind === 'immediate');
};

const tests = { accepts: staysInside, emit: bitTest };

export const SHIFTING: Handlers = {
  ...integers(Object.fromEntries(Object.entries(SHIFTS).map(([name, one]) => [name, shifting(one, shifted)]))),
  ...integers(Object.fromEntries(Object.entries(ROTATES).map(([name, one]) => [name, shifting(one, rotated)]))),
  ...integers({
    bsf: scan((code) => code.get(b).op(OP.i64Ctz)),
    bsr: scan((code) => code.i64(63).get(b).op(OP.i64Clz).op(OP.i64Sub)),
    tzcnt: trailing,
  }),
  bt: tests,
  bts: tests,
  btr: tests,
  btc: tests,
};
