/** Finds the blocks of a region: what is reached from an entry without calls, as far as it may be executed and is known. */
import type { InstructionDecoder } from '../decode';
import type { Instruction } from '../instruction';
import { STACK, wayOf } from './control';
import type { Way } from './control';
import type { Handler, Handlers } from './handlers';
import { INTEGER } from './integer';
import { MULTIPLICATION } from './multiply';
import { SHIFTING } from './shifts';
import { ARITHMETIC_FLAGS } from './state';
import { VECTORS } from './vectors';

/** V8 copes badly with very large functions. */
const MOST_BLOCKS = 200;
const MOST_BLOCKS_STEPPING = 600;
/** Instructions of a block, with the one that ends it. */
export const LONGEST_BLOCK = 64;

const HANDLERS: Handlers = { ...INTEGER, ...MULTIPLICATION, ...SHIFTING, ...STACK, ...VECTORS };

/** What may stop besides what has an operand in memory; and what leaves the flags alone that it leaves undefined. */
const SHOWS_FLAGS = new Set(['push', 'pop', 'leave', 'div', 'idiv', 'bsf', 'bsr', 'tzcnt']);

export interface Step {
  readonly instruction: Instruction;
  readonly handler: Handler;
}

export interface Block {
  readonly offset: number;
  /** Where the next instruction is when the last one does not lead away. */
  readonly end: number;
  /** All but the one that ends the block. */
  readonly steps: readonly Step[];
  readonly last: Instruction | undefined;
  readonly way: Way;
}

export interface Question {
  readonly decoder: InstructionDecoder;
  /** Whether these bytes may be executed, and not written. */
  readonly isCode: (offset: number, length: number) => boolean;
  /** Whether another region has a block there. */
  readonly isForeign: (offset: number) => boolean;
  /** Guest address of offset 0, upper half. */
  readonly baseHigh: number;
  readonly size: number;
  /** Every instruction is a block. */
  readonly stepping: boolean;
}

function handlerOf(instruction: Instruction): Handler | undefined {
  const handler = HANDLERS[instruction.mnemonic];
  return handler?.accepts(instruction) === true ? handler : undefined;
}

/** @returns offset of a direct target, undefined outside the window */
export function offsetOfTarget({ lo, hi }: { lo: number; hi: number }, question: Question): number | undefined {
  return hi === question.baseHigh && lo >>> 0 < question.size ? lo >>> 0 : undefined;
}

/** @returns the blocks by ascending offset; none when there is nothing to translate at the entry */
export function discover(entry: number, question: Question): Block[] {
  const most = question.stepping ? MOST_BLOCKS_STEPPING : MOST_BLOCKS;
  const decoded = new Map<number, Instruction | undefined>();
  const fetch = (offset: number): Instruction | undefined => {
    if (decoded.has(offset)) return decoded.get(offset);
    let instruction: Instruction | undefined;
    if (question.isCode(offset, 1)) {
      instruction = question.decoder.decode(offset);
      if (!question.isCode(offset, instruction.length)) instruction = undefined;
    }
    decoded.set(offset, instruction);
    return instruction;
  };
  const leaders = findLeaders(entry, most, question, fetch);
  return [...leaders]
    .sort((one, other) => one - other)
    .map((leader) => blockAt(leader, leaders, question, fetch))
    .filter((block) => block.last !== undefined || block.steps.length > 0);
}

type Fetch = (offset: number) => Instruction | undefined;

function findLeaders(entry: number, most: number, question: Question, fetch: Fetch): Set<number> {
  const leaders = new Set([entry]);
  const work = [entry];
  const add = (offset: number | undefined): void => {
    if (offset === undefined || leaders.has(offset) || leaders.size >= most || question.isForeign(offset)) return;
    if (fetch(offset) === undefined) return;
    leaders.add(offset);
    work.push(offset);
  };
  for (let start = work.pop(); start !== undefined; start = work.pop()) {
    const block = blockAt(start, new Set(), question, fetch);
    const { way } = block;
    if (way.kind === 'branch' || way.kind === 'jump') add(offsetOfTarget(way.target, question));
    if (way.kind !== 'jump' && way.kind !== 'leave') add(block.end);
  }
  return leaders;
}

function blockAt(offset: number, leaders: ReadonlySet<number>, question: Question, fetch: Fetch): Block {
  const steps: Step[] = [];
  const longest = question.stepping ? 1 : LONGEST_BLOCK - 1;
  let at = offset;
  for (;;) {
    const instruction = fetch(at);
    if (
      instruction === undefined ||
      steps.length === longest ||
      (at !== offset && (leaders.has(at) || question.isForeign(at)))
    ) {
      return { offset, end: at, steps, last: undefined, way: { kind: 'next' } };
    }
    const handler = handlerOf(instruction);
    const way = wayOf(instruction, handler !== undefined);
    if (way !== undefined) {
      // What the interpreter executes is a block of its own: the budget is not charged for it here.
      if (way.kind === 'fallback' && steps.length > 0) {
        return { offset, end: at, steps, last: undefined, way: { kind: 'next' } };
      }
      return { offset, end: at + instruction.length, steps, last: instruction, way };
    }
    if (handler !== undefined) steps.push({ instruction, handler });
    at += instruction.length;
  }
}

/** @returns whether a block leads back to itself */
export function isLoop({ offset, way }: Block, question: Question): boolean {
  return (way.kind === 'branch' || way.kind === 'jump') && offsetOfTarget(way.target, question) === offset;
}

/** @returns whether all flags are overwritten before they are read or an instruction could stop: a fault shows them */
export function areFlagsDead(steps: readonly Step[], index: number): boolean {
  for (let at = index + 1; at < steps.length; at += 1) {
    const step = steps[at];
    if (step === undefined) return false;
    const { flags, operands, mnemonic } = step.instruction;
    if ((flags.read & ARITHMETIC_FLAGS) !== 0 || SHOWS_FLAGS.has(mnemonic)) return false;
    if (operands.some((operand) => operand.kind === 'memory' && operand.size > 0)) return false;
    // By cl, nothing is written when it is 0.
    const certain = !operands.some((operand, nth) => nth > 0 && operand.kind === 'register' && operand.size === 1);
    if (certain && ((flags.written | flags.undefined) & ARITHMETIC_FLAGS) === ARITHMETIC_FLAGS) return true;
  }
  return false;
}
