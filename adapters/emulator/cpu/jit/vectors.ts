/** SSE moves, lanes, shifts and shuffles of whole registers; the register file in memory is where they are. */
import type { Instruction, Operand } from '../instruction';
import type { Simd } from './opcodes';
import { ARRANGED, orderOf, ZERO } from './arrangements';
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

/** movss and movsd with memory: as `single`. Between registers the rest stays. */
const scalar: Handler = {
  accepts: (instruction) =>
    !instruction.string && instruction.operands.some(({ kind }) => kind === 'memory') && single.accepts(instruction),
  emit: single.emit,
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
  ['i8x16GtS', ['pcmpgtb']],
  ['i16x8GtS', ['pcmpgtw']],
  ['i32x4GtS', ['pcmpgtd']],
  ['i8x16AddSatS', ['paddsb']],
  ['i8x16AddSatU', ['paddusb']],
  ['i8x16SubSatS', ['psubsb']],
  ['i8x16SubSatU', ['psubusb']],
  ['i16x8AddSatS', ['paddsw']],
  ['i16x8AddSatU', ['paddusw']],
  ['i16x8SubSatS', ['psubsw']],
  ['i16x8SubSatU', ['psubusw']],
  ['i8x16MinU', ['pminub']],
  ['i8x16MaxU', ['pmaxub']],
  ['i8x16AvgrU', ['pavgb']],
  ['i16x8AvgrU', ['pavgw']],
  ['i16x8Mul', ['pmullw']],
  ['i16x8MinS', ['pminsw']],
  ['i16x8MaxS', ['pmaxsw']],
];

/** from without the bits of to. */
const withoutBits: Handler = {
  accepts: ({ operands: [to, from] }) => isVector(to) && isWhole(from),
  emit(context, { operands: [to, from] }) {
    if (to === undefined || from === undefined) return;
    const { code } = context;
    pushWhole(context, from, true);
    code.set(vector).i32(0).get(vector);
    code.i32(0).simdAccess('load', place(context, to));
    code.simd('andNot').simdAccess('store', place(context, to));
  },
};

/** By a constant; beyond the lane it gives 0, or the sign all over. */
function shift(opcode: Simd, bits: number, arithmetic = false): Handler {
  return {
    accepts: ({ operands: [to, by] }) => isVector(to) && by?.kind === 'immediate',
    emit(context, { operands: [to, by] }) {
      if (to === undefined || by?.kind !== 'immediate') return;
      const { code } = context;
      const count = by.lo & 0xff;
      code.i32(0).i32(0).simdAccess('load', place(context, to));
      if (count >= bits && !arithmetic) code.simd('constant').raw(NOTHING).simd('and');
      else code.i32(Math.min(count, bits - 1)).simd(opcode);
      code.simdAccess('store', place(context, to));
    },
  };
}

const NOTHING = new Uint8Array(16);

const SHIFTS: Handlers = {
  psllw: shift('i16x8Shl', 16),
  psrlw: shift('i16x8ShrU', 16),
  psraw: shift('i16x8ShrS', 16, true),
  pslld: shift('i32x4Shl', 32),
  psrld: shift('i32x4ShrU', 32),
  psrad: shift('i32x4ShrS', 32, true),
  psllq: shift('i64x2Shl', 64),
  psrlq: shift('i64x2ShrU', 64),
};

/** Bytes of both operands in another order. Those that become 0 are taken of zeros, which stand for the source then. */
const arrange: Handler = {
  accepts: ({ operands: [to, from] }) => isVector(to) && (isWhole(from) || from?.kind === 'immediate'),
  emit(context, instruction) {
    const [to, from] = instruction.operands;
    if (to === undefined || from === undefined) return;
    const { code } = context;
    const order = orderOf(instruction);
    if (from.kind === 'immediate') code.simd('constant').raw(NOTHING);
    else pushWhole(context, from, true);
    code.set(vector).i32(0).i32(0).simdAccess('load', place(context, to)).get(vector);
    code.simd('shuffle').raw(Uint8Array.from(order, (byte) => (byte === ZERO ? FIRST_OF_SOURCE : byte)));
    code.simdAccess('store', place(context, to));
  },
};

const FIRST_OF_SOURCE = 16;

/** Where bytes come from both operands and from nowhere, it is the interpreter's. */
const arrangeBoth: Handler = {
  accepts: (instruction) => arrange.accepts(instruction) && !orderOf(instruction).includes(ZERO),
  emit: (context, instruction) => arrange.emit(context, instruction),
};

const signs: Handler = {
  accepts: ({ operands: [to, from] }) => to?.kind === 'register' && to.bank === 'general' && isVector(from),
  emit(context, { operands: [to, from] }) {
    if (to === undefined || from === undefined) return;
    const { code } = context;
    code.i32(0).simdAccess('load', place(context, from)).simd('i8x16Bitmask').op(OP.i64ExtendI32U).set(a);
    context.write(to, a);
  },
};

const UNALIGNED = ['movups', 'movupd', 'movdqu', 'lddqu'];
const ALIGNED = ['movaps', 'movapd', 'movdqa', 'movntdq', 'movntps', 'movntpd'];

export const VECTORS: Handlers = {
  ...Object.fromEntries(UNALIGNED.map((name) => [name, move(false)])),
  ...Object.fromEntries(ALIGNED.map((name) => [name, move(true)])),
  ...Object.fromEntries(COMBINE.flatMap(([opcode, names]) => names.map((name) => [name, combine(opcode)]))),
  ...SHIFTS,
  ...Object.fromEntries(ARRANGED.map((name) => [name, name === 'palignr' ? arrangeBoth : arrange])),
  pandn: withoutBits,
  andnps: withoutBits,
  andnpd: withoutBits,
  pmovmskb: signs,
  movd: single,
  movq: single,
  movss: scalar,
  movsd: scalar,
};
