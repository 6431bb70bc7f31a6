/**
 * What ends a block, and the stack. Ends are said as a `Way`: the function's emitter knows which blocks it has.
 */
import type { Instruction, TargetOperand } from '../instruction';
import type { Context } from './context';
import { isInteger, sizeOf } from './handlers';
import type { Handlers } from './handlers';
import { LOCAL } from './locals';

const { a, result } = LOCAL;
const RSP = 4;
const RBP = 5;

/** What a block's last instruction leads to; emitted by `emitEnd` up to there. */
export type Way =
  | { readonly kind: 'next' }
  | { readonly kind: 'jump'; readonly target: TargetOperand }
  | { readonly kind: 'branch'; readonly target: TargetOperand }
  /** The return address is pushed. Without a target it is in local `a`. */
  | { readonly kind: 'call'; readonly target?: TargetOperand }
  /** rip is in local `a`. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'fallback' };

/** @returns how an instruction ends its block, undefined when it does not; nothing is emitted */
export function wayOf(instruction: Instruction, translated: boolean): Way | undefined {
  const [operand] = instruction.operands;
  const direct = operand?.kind === 'target' && !/rel16/.test(instruction.code) ? operand : undefined;
  const wide = operand !== undefined && isInteger(operand) && sizeOf(operand) === 8;
  switch (instruction.flow) {
    case 'next':
      return translated ? undefined : { kind: 'fallback' };
    case 'jump':
      return direct === undefined ? { kind: 'fallback' } : { kind: 'jump', target: direct };
    case 'branch':
      // jrcxz asks no flags, loops count besides.
      if (direct === undefined || !instruction.mnemonic.startsWith('j') || instruction.condition < 0)
        return { kind: 'fallback' };
      return { kind: 'branch', target: direct };
    case 'call':
      return direct === undefined ? { kind: 'fallback' } : { kind: 'call', target: direct };
    case 'indirect call':
      return wide ? { kind: 'call' } : { kind: 'fallback' };
    case 'indirect jump':
      return wide ? { kind: 'leave' } : { kind: 'fallback' };
    case 'return':
      return instruction.code.startsWith('Retnq') ? { kind: 'leave' } : { kind: 'fallback' };
    default:
      return { kind: 'fallback' };
  }
}

/** Emits what a call, return or indirect jump does up to the jump itself. */
export function emitEnd(context: Context, instruction: Instruction, way: Way): void {
  const { code } = context;
  const [operand] = instruction.operands;
  if (way.kind === 'call') {
    if (way.target === undefined && operand !== undefined) context.read(operand, a, 8);
    context.locatePush(LOCAL.address);
    context.pushRip(instruction.offset + instruction.length);
    code.set(result);
    context.store(8, result);
    context.moveStack(-8);
  } else if (way.kind === 'leave' && instruction.flow === 'return') {
    context.check('read', 8, LOCAL.general + RSP);
    context.load(8, LOCAL.general + RSP);
    code.set(a);
    context.moveStack(8 + (operand?.kind === 'immediate' ? operand.lo & 0xffff : 0));
  } else if (way.kind === 'leave' && operand !== undefined) context.read(operand, a, 8);
}

export const STACK: Handlers = {
  push: {
    accepts: ({ code, operands: [from] }) =>
      from !== undefined &&
      isInteger(from) &&
      (from.kind === 'immediate' ? code.startsWith('Pushq') : sizeOf(from) === 8),
    emit(context, { operands: [from] }) {
      if (from === undefined) return;
      context.read(from, a, 8);
      context.locatePush(LOCAL.address);
      context.store(8, a);
      context.moveStack(-8);
    },
  },
  pop: {
    accepts: ({ operands: [to] }) => to?.kind === 'register' && to.bank === 'general' && to.size === 8,
    emit(context, { operands: [to] }) {
      if (to === undefined) return;
      context.check('read', 8, LOCAL.general + RSP);
      context.load(8, LOCAL.general + RSP);
      context.code.set(a);
      context.moveStack(8);
      context.write(to, a);
    },
  },
  leave: {
    accepts: ({ code }) => code === 'Leaveq',
    emit(context) {
      const { code } = context;
      context.check('read', 8, LOCAL.general + RBP);
      context.load(8, LOCAL.general + RBP);
      code.set(a);
      code.get(LOCAL.general + RBP).set(LOCAL.general + RSP);
      context.moveStack(8);
      code.get(a).set(LOCAL.general + RBP);
    },
  },
};
