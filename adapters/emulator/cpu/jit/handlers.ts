/** How the rooms of instructions offer what they translate. What no handler accepts is the interpreter's. */
import type { Instruction, Operand, RegisterOperand } from '../instruction';
import type { Context } from './context';

export interface Handler {
  readonly accepts: (instruction: Instruction) => boolean;
  /** Emits code that has all effects of the instruction, or leaves before any of them. Locals `next` on are not set. */
  readonly emit: (context: Context, instruction: Instruction) => void;
}

/** By mnemonic. */
export type Handlers = Readonly<Record<string, Handler>>;

/** @returns size in bytes; that of an immediate is its destination's */
export function sizeOf(operand: Operand | undefined): number {
  return operand !== undefined && 'size' in operand ? operand.size : 0;
}

/** General registers, immediates and memory of 1 to 8 bytes. */
export function isInteger(operand: Operand): boolean {
  if (operand.kind === 'register') return operand.bank === 'general' || operand.bank === 'high';
  if (operand.kind === 'memory') return operand.segment !== 'fs' && [0, 1, 2, 4, 8].includes(operand.size);
  return operand.kind === 'immediate';
}

export function allInteger({ operands }: Instruction): boolean {
  return operands.every(isInteger);
}

/** @returns handlers that share the question whether all operands are integers */
export function integers(emit: Readonly<Record<string, Handler['emit']>>): Handlers {
  return Object.fromEntries(
    Object.entries(emit).map(([mnemonic, one]) => [mnemonic, { accepts: allInteger, emit: one }]),
  );
}

/** The accumulator is register 0, its upper half register 2. */
export function general(index: number, size: number): RegisterOperand {
  return { kind: 'register', bank: 'general', index, size };
}
