/** SSE moves and bitwise operations of whole registers; the register file in memory is where they are. */
import type { Instruction, Operand } from '../decode';
import type { Simd } from './opcodes';
import type { Context } from './context';
import { isInteger } from './handlers';
import type { Handler, Handlers } from './handlers';
import { LOCAL } from './locals';
import { OP } from './opcodes';
import { STATE, STATUS } from './state';

const { a, vector } = LOCAL;

function isVector(operand: Operand | undefined): boolean {
  return operand?.kind === 'register' && operand.bank === 'xmm';
}

function isWhole(operand: Operand | undefined): boolean {
  return isVector(operand) || (operand?.kind === 'memory' && operand.size === 16 && operand.segment !== 'fs');
}

function place(context: Context, operand: Operand): number {
  return context.state(STATE.xmm) + (operand.kind === 'register' ? operand.index : 0) * 16;
}

/** Leaves to the interpreter what is not aligned and has to be: it knows what becomes of it. */
function mustBeAligned(context: Context): void {
  const { code } = context;
  code.get(LOCAL.address).op(OP.i32WrapI64).i32(15).op(OP.i32And).if();
  context.stop(STATUS.fallback);
  code.end();
}

/** Pushes a whole register or 16 bytes of memory, checked. */
function pushWhole(context: Context, operand: Operand, aligned: boolean): void {
  const { code } = context;
  if (operand.kind !== 'memory') {
    code.i32(0).simdAccess('load', place(context, operand));
    return;
  }
  context.address(operand);
  if (aligned) mustBeAligned(context);
  context.check('read', 16);
  code.get(LOCAL.address).op(OP.i32WrapI64).simdAccess('load', 0);
}

function move(aligned: boolean): Handler {
  return {
    accepts: ({ operands: [to, from] }) => isWhole(to) && isWhole(from),
    emit(context, { operands: [to, from] }) {
      if (to === undefined || from === undefined) return;
      const { code } = context;
      if (to.kind !== 'memory') {
        code.i32(0);
        pushWhole(context, from, aligned);
        code.simdAccess('store', place(context, to));
        return;
      }
      context.address(to);
      if (aligned) mustBeAligned(context);
      context.check('write', 16);
      code.get(LOCAL.address).op(OP.i32WrapI64);
      pushWhole(context, from, aligned);
      code.simdAccess('store', 0);
      context.mark(16);
    },
  };
}

/** to = to op from, lane by lane; memory has to be aligned. */
function combine(opcode: Simd): Handler {
  return {
    accepts: ({ operands: [to, from] }) => isVector(to) && isWhole(from),
    emit(context, { operands: [to, from] }) {
      if (to === undefined || from === undefined) return;
      const { code } = context;
      pushWhole(context, from, true);
      code.set(vector).i32(0).i32(0).simdAccess('load', place(context, to));
      code.get(vector).simd(opcode).simdAccess('store', place(context, to));
    },
  };
}

/** Between a vector register and a general one or memory, 4 or 8 bytes; a vector register is cleared above them. */
const single: Handler = {
  accepts: ({ operands: [to, from] }: Instruction) =>
    to !== undefined &&
    from !== undefined &&
    (isVector(to) || isVector(from)) &&
    [to, from].every((one) => isVector(one) || (isInteger(one) && one.kind !== 'immediate')),
  emit(context, { operands: [to, from], mnemonic }) {
    if (to === undefined || from === undefined) return;
    const { code } = context;
    const size = mnemonic === 'movd' ? 4 : 8;
    if (!isVector(to)) {
      const width = to.kind === 'register' || to.kind === 'memory' ? to.size : size;
      context.locate(to);
      code.i32(0).access(OP.i64Load, place(context, from));
      context.narrow(width);
      code.set(a);
      context.write(to, a);
      return;
    }
    if (isVector(from)) code.i32(0).access(OP.i64Load, place(context, from)).set(a);
    else context.read(from, a, size);
    code.i32(0).get(a).access(OP.i64Store, place(context, to));
    code
      .i32(0)
      .i64(0)
      .access(OP.i64Store, place(context, to) + 8);
  },
};

const COMBINE: readonly (readonly [Simd, readonly string[]])[] = [
  ['xor', ['pxor', 'xorps', 'xorpd']],
  ['and', ['pand', 'andps', 'andpd']],
  ['or', ['por', 'orps', 'orpd']],
  ['i8x16Eq', ['pcmpeqb']],
  ['i16x8Eq', ['pcmpeqw']],
  ['i32x4Eq', ['pcmpeqd']],
  ['i8x16Add', ['paddb']],
  ['i16x8Add', ['paddw']],
  ['i32x4Add', ['paddd']],
  ['i64x2Add', ['paddq']],
  ['i8x16Sub', ['psubb']],
  ['i16x8Sub', ['psubw']],
  ['i32x4Sub', ['psubd']],
  ['i64x2Sub', ['psubq']],
];

const UNALIGNED = ['movups', 'movupd', 'movdqu', 'lddqu'];
const ALIGNED = ['movaps', 'movapd', 'movdqa', 'movntdq', 'movntps', 'movntpd'];

export const VECTORS: Handlers = {
  ...Object.fromEntries(UNALIGNED.map((name) => [name, move(false)])),
  ...Object.fromEntries(ALIGNED.map((name) => [name, move(true)])),
  ...Object.fromEntries(COMBINE.flatMap(([opcode, names]) => names.map((name) => [name, combine(opcode)]))),
  movd: single,
  movq: single,
};
