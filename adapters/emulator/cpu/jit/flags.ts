/**
 * Arithmetic flags are computed late. An instruction only leaves a kind and up to three values; whoever asks computes what
 * he asks for. The kind is a number at run time (`operation * 4 + log2(size)`), and mostly known at translation time.
 * Values are zero-extended to 64 bits.
 */
import { Code } from './code';
import { I32 } from './module';
import { OP } from './opcodes';

export const FLAGS = {
  /** The result is the flags themselves, as bits of rflags. */
  explicit: 0,
  /** result = a + b, or a + b + carry */
  add: 1,
  /** result = a - b */
  subtract: 2,
  /** CF and OF are 0. */
  logic: 3,
  /** a is CF as it was before. */
  increment: 4,
  decrement: 5,
  /** a is CF, b is OF. */
  given: 6,
  /** result = a - b - borrow */
  borrow: 7,
  /** result = a + b + carry */
  carry: 8,
} as const;
export type Operation = keyof typeof FLAGS;

/** What is known of the flags at translation time. */
export interface KnownFlags {
  readonly operation: Operation;
  readonly size: number;
}

export function kindOf({ operation, size }: KnownFlags): number {
  return FLAGS[operation] * 4 + Math.log2(size);
}

/** Where the three values are, and how to get all flags as bits of rflags when nothing better is known. */
export interface FlagLocals {
  readonly a: number;
  readonly b: number;
  readonly result: number;
  /** The kind at run time, i32. */
  readonly kind: number;
  /** A scratch local, i32. */
  readonly scratch: number;
  /** Emits code that pushes all flags as an i32. */
  readonly all: () => void;
}

const CONDITION = { overflow: 0, below: 1, equal: 2, belowOrEqual: 3, sign: 4, parity: 5, less: 6, lessOrEqual: 7 };

/** What is known for certain, and what is only likely: the latter is asked about at run time. */
export interface Knowledge {
  readonly known: KnownFlags | undefined;
  readonly likely: KnownFlags | undefined;
}

/**
 * Emits code that pushes 1 when the condition holds, else 0.
 * @param condition as encoded, 0 (o) to 15 (g)
 */
export function pushCondition(code: Code, condition: number, knowledge: Knowledge, locals: FlagLocals): void {
  const { known, likely } = knowledge;
  const exactly = (): void => {
    locals.all();
    code.set(locals.scratch);
    pushOfBits(code, condition >> 1, locals.scratch);
  };
  const quick = new Code();
  if (known !== undefined && pushKnown(quick, condition >> 1, known, locals)) code.include(quick);
  else if (known === undefined && likely !== undefined && pushKnown(quick, condition >> 1, likely, locals)) {
    code.get(locals.kind).i32(kindOf(likely)).op(OP.i32Eq).if(I32);
    code.include(quick).byte(OP.else);
    exactly();
    code.end();
  } else exactly();
  if ((condition & 1) !== 0) code.op(OP.i32Eqz);
}

function pushKnown(code: Code, condition: number, { operation, size }: KnownFlags, locals: FlagLocals): boolean {
  const { a, b, result } = locals;
  const zero = (): void => void code.get(result).op(OP.i64Eqz);
  const sign = (): void => void pushSigned(code, result, size).i64(0).op(OP.i64LtS);
  switch (operation) {
    case 'subtract':
      return pushComparison(code, condition, size, locals);
    case 'logic':
      if (condition === CONDITION.equal || condition === CONDITION.belowOrEqual) zero();
      else if (condition === CONDITION.below || condition === CONDITION.overflow) code.i32(0);
      else if (condition === CONDITION.sign || condition === CONDITION.less) sign();
      else if (condition === CONDITION.lessOrEqual) pushSigned(code, result, size).i64(0).op(OP.i64LeS);
      else return false;
      return true;
    case 'explicit':
      return false;
    case 'add':
      if (condition === CONDITION.below) code.get(result).get(a).op(OP.i64LtU);
      else if (condition === CONDITION.equal) zero();
      else if (condition === CONDITION.sign) sign();
      else return false;
      return true;
    default:
      if (condition === CONDITION.equal) zero();
      else if (condition === CONDITION.sign) sign();
      else if (condition === CONDITION.below && ['increment', 'decrement', 'given'].includes(operation))
        code.get(a).op(OP.i32WrapI64);
      else if (condition === CONDITION.overflow && operation === 'given') code.get(b).op(OP.i32WrapI64);
      else return false;
      return true;
  }
}

function pushComparison(code: Code, condition: number, size: number, { a, b, result }: FlagLocals): boolean {
  switch (condition) {
    case CONDITION.below:
      code.get(a).get(b).op(OP.i64LtU);
      return true;
    case CONDITION.equal:
      code.get(a).get(b).op(OP.i64Eq);
      return true;
    case CONDITION.belowOrEqual:
      code.get(a).get(b).op(OP.i64LeU);
      return true;
    case CONDITION.sign:
      pushSigned(code, result, size).i64(0).op(OP.i64LtS);
      return true;
    case CONDITION.less:
    case CONDITION.lessOrEqual:
      pushSigned(code, a, size);
      pushSigned(code, b, size).op(condition === CONDITION.less ? OP.i64LtS : OP.i64LeS);
      return true;
    default:
      return false;
  }
}

function pushOfBits(code: Code, condition: number, flags: number): void {
  const bit = (at: number): Code => code.get(flags).i32(at).op(OP.i32ShrU);
  const mask = (): Code => code.i32(1).op(OP.i32And);
  const less = (): void => {
    bit(7);
    bit(11).op(OP.i32Xor);
  };
  switch (condition) {
    case CONDITION.overflow:
      bit(11);
      break;
    case CONDITION.below:
      code.get(flags);
      break;
    case CONDITION.equal:
      bit(6);
      break;
    case CONDITION.belowOrEqual:
      bit(6).get(flags).op(OP.i32Or);
      break;
    case CONDITION.sign:
      bit(7);
      break;
    case CONDITION.parity:
      bit(2);
      break;
    case CONDITION.less:
      less();
      break;
    default:
      less();
      bit(6).op(OP.i32Or);
  }
  mask();
}

/** Pushes a zero-extended value sign-extended. */
export function pushSigned(code: Code, local: number, size: number): Code {
  code.get(local);
  if (size === 1) return code.op(OP.i64Extend8S);
  if (size === 2) return code.op(OP.i64Extend16S);
  return size === 4 ? code.op(OP.i64Extend32S) : code;
}
