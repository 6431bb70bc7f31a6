/**
 * One WebAssembly function for one region. Its blocks follow each other, each inside the labels of all later ones: a branch
 * forward is a branch; one back goes to a loop around everything, which branches to the block that `next` says.
 * Registers are locals; they go to the register file when the function ends or calls.
 */
import type { Layout } from '../memory/layout';
import { Code } from './code';
import type { Label } from './code';
import { Context } from './context';
import { emitEnd } from './control';
import type { Way } from './control';
import type { KnownFlags } from './flags';
import { LOCAL, LOCAL_GROUPS } from './locals';
import { moduleOf } from './module';
import { OP } from './opcodes';
import { offsetOfTarget } from './region';
import type { Block, Question, Step } from './region';
import { REGION, SIGNATURES } from './runtime';
import type { RuntimeFunction } from './runtime';
import { ARITHMETIC_FLAGS, STATE, STATUS } from './state';

/** Imported by every region, in this order. */
const IMPORTS = Object.keys(SIGNATURES) as RuntimeFunction[];
const FUNCTION_NUMBERS = Object.fromEntries(IMPORTS.map((name, index) => [name, index])) as Record<
  RuntimeFunction,
  number
>;

/** What may stop besides what has an operand in memory; and what leaves the flags alone that it leaves undefined. */
const SHOWS_FLAGS = new Set(['push', 'pop', 'leave', 'div', 'idiv', 'bsf', 'bsr', 'tzcnt']);

/** Besides those of the state: the function calls what is at rip and goes on at block `next`. */
const CALLS = -1;

export const REGION_EXPORT = 'region';

const I64_FIELDS: readonly (readonly [local: number, field: number])[] = [
  ...Array.from({ length: 16 }, (_, index) => [LOCAL.general + index, STATE.general + index * 8] as const),
  [LOCAL.flagA, STATE.flagA],
  [LOCAL.flagB, STATE.flagB],
  [LOCAL.flagResult, STATE.flagResult],
];
const I32_FIELDS: readonly (readonly [local: number, field: number])[] = [
  [LOCAL.flagKind, STATE.flagKind],
  [LOCAL.budget, STATE.budget],
];

/** @returns the module of a region; it exports the function that begins with the block whose number it is given */
export function translate(blocks: readonly Block[], question: Question, layout: Layout): Uint8Array {
  const code = new Region(blocks, question, layout).emit();
  const imports = IMPORTS.map((name) => ({ name, signature: SIGNATURES[name] }));
  const body = { signature: REGION, name: REGION_EXPORT, locals: LOCAL_GROUPS, code };
  return moduleOf(imports, [body], layout.wasmPages);
}

class Region {
  private readonly context: Context;
  private readonly numbers: ReadonlyMap<number, number>;
  /** Of each block, where its code begins when one breaks out of it. */
  private readonly labels: Label[] = [];
  /** Of each block that a block before it leads to: the flags that come along. A guess, since others lead there too. */
  private readonly likely = new Map<number, KnownFlags | undefined>();
  private again: Label = 0;
  private head: Label | undefined;

  constructor(
    private readonly blocks: readonly Block[],
    private readonly question: Question,
    layout: Layout,
  ) {
    this.context = new Context(layout, FUNCTION_NUMBERS, { lo: 0, hi: question.baseHigh });
    this.numbers = new Map(blocks.map(({ offset }, number) => [offset, number]));
  }

  emit(): Uint8Array {
    const { context, blocks } = this;
    const { code } = context;
    const reenter = code.loop();
    // Which registers are loaded here is known only when everything has been emitted.
    const entrance = code.length;
    context.exit = code.block();
    this.again = code.loop();
    // The innermost label is that of the first block.
    for (let number = blocks.length - 1; number >= 0; number -= 1) this.labels[number] = code.block();
    code.get(LOCAL.next).brTable(this.labels.slice(0, -1), this.labels[this.labels.length - 1] ?? 0);
    blocks.forEach((block, number) => {
      code.end();
      this.block(block, number);
    });
    code.end();
    code.op(OP.unreachable);
    code.end();
    this.leave();
    code.get(LOCAL.status).i32(CALLS).op(OP.i32Eq).if();
    // The callee runs inside `dispatch`; when it comes back to behind the call, so does this function.
    code.get(LOCAL.result);
    context.call('dispatch');
    code.tee(LOCAL.status).op(OP.i32Eqz).brIf(reenter);
    code.end();
    code.get(LOCAL.status).op(OP.return);
    code.end();
    code.op(OP.unreachable);
    return code.withInserted(entrance, this.entrance());
  }

  private block(block: Block, number: number): void {
    const { context } = this;
    const { code } = context;
    // A block that branches to itself is a loop of its own.
    this.head = isLoop(block, this.question) ? code.loop() : undefined;
    const charged = block.steps.length + (block.last !== undefined && block.way.kind !== 'fallback' ? 1 : 0);
    context.known = undefined;
    context.likely = this.likely.get(number);
    context.instruction = block.steps[0]?.instruction ?? block.last;
    context.unexecuted = 0;
    code.get(LOCAL.budget).i32(0).op(OP.i32LeS).if();
    context.stop(STATUS.budget);
    code.end();
    if (charged > 0) code.get(LOCAL.budget).i32(charged).op(OP.i32Sub).set(LOCAL.budget);
    block.steps.forEach(({ instruction, handler }, index) => {
      context.instruction = instruction;
      context.unexecuted = charged - index;
      context.flagsDead = areFlagsDead(block.steps, index);
      handler.emit(context, instruction);
    });
    if (block.last !== undefined) {
      context.instruction = block.last;
      context.unexecuted = charged - block.steps.length;
      emitEnd(context, block.last, block.way);
    }
    this.follow(block, block.way, number);
    if (this.head !== undefined) code.end();
  }

  private follow(block: Block, way: Way, number: number): void {
    const { context } = this;
    const { code } = context;
    switch (way.kind) {
      case 'next':
        this.goTo(block.end, number);
        break;
      case 'jump':
        this.goToTarget(way.target, number);
        break;
      case 'branch':
        context.pushCondition(block.last?.condition ?? 0);
        code.if();
        this.goToTarget(way.target, number);
        code.end();
        this.goTo(block.end, number);
        break;
      case 'call':
        if (way.target === undefined) code.get(LOCAL.a).set(LOCAL.rip);
        else code.i64(way.target.lo, way.target.hi).set(LOCAL.rip);
        this.call(block.end);
        break;
      case 'leave':
        code.get(LOCAL.a).set(LOCAL.rip);
        this.goOut();
        break;
      case 'fallback':
        context.stop(STATUS.fallback);
    }
  }

  private call(next: number): void {
    const { context } = this;
    const { code } = context;
    const number = this.numbers.get(next);
    if (number === undefined) {
      this.goOut();
      return;
    }
    code.i32(number).set(LOCAL.next);
    context.pushRip(next);
    code.set(LOCAL.result).i32(CALLS).set(LOCAL.status).br(context.exit);
  }

  private goToTarget(target: { lo: number; hi: number }, from: number): void {
    const { code } = this.context;
    const offset = offsetOfTarget(target, this.question);
    if (offset !== undefined && this.numbers.has(offset)) {
      this.goTo(offset, from);
      return;
    }
    code.i64(target.lo, target.hi).set(LOCAL.rip);
    this.goOut();
  }

  private goTo(offset: number, from: number): void {
    const { context } = this;
    const { code } = context;
    const to = this.numbers.get(offset);
    const label = to === undefined ? undefined : this.labels[to];
    if (to === undefined || label === undefined) {
      context.pushRip(offset);
      code.set(LOCAL.rip);
      this.goOut();
    } else if (to > from) {
      if (!this.likely.has(to)) this.likely.set(to, context.known ?? context.likely);
      code.br(label);
    } else if (to === from && this.head !== undefined) code.br(this.head);
    else code.i32(to).set(LOCAL.next).br(this.again);
  }

  private goOut(): void {
    this.context.code.i32(STATUS.go).set(LOCAL.status).br(this.context.exit);
  }

  /** From the state to the locals. */
  private entrance(): Uint8Array {
    const { context } = this;
    const code = new Code();
    for (const [local, field] of this.registers()) code.i32(0).access(OP.i64Load, context.state(field)).set(local);
    for (const [local, field] of I32_FIELDS) code.i32(0).access(OP.i32Load, context.state(field)).set(local);
    code.i32(0).access(OP.i32Load, context.state(STATE.planeOffset)).set(LOCAL.planeOffset);
    return code.toArray();
  }

  /** From the locals to the state. */
  private leave(): void {
    const { context } = this;
    const { code } = context;
    for (const [local, field] of [...this.registers(), [LOCAL.rip, STATE.rip] as const]) {
      code.i32(0).get(local).access(OP.i64Store, context.state(field));
    }
    for (const [local, field] of I32_FIELDS) code.i32(0).get(local).access(OP.i32Store, context.state(field));
  }

  /** Those that the region knows of; the others stay in the state. */
  private registers(): readonly (readonly [local: number, field: number])[] {
    const { code } = this.context;
    return I64_FIELDS.filter(([local]) => local >= LOCAL.flagA || code.uses(local));
  }
}

function isLoop({ offset, way }: Block, question: Question): boolean {
  return (way.kind === 'branch' || way.kind === 'jump') && offsetOfTarget(way.target, question) === offset;
}

/** Whether all flags are overwritten before they are read or an instruction could stop: a fault shows them. */
function areFlagsDead(steps: readonly Step[], index: number): boolean {
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
