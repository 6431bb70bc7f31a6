/**
 * One WebAssembly function for one region. Its blocks follow each other, each inside the labels of all later ones: a branch
 * forward is a branch; one back goes to a loop around everything, which branches to the block that `next` says.
 * Registers are locals; they go to the register file when the function ends or calls.
 */
import type { Layout } from '../memory/layout';
import type { Label } from './code';
import { Context } from './context';
import { emitEnd } from './control';
import type { Way } from './control';
import type { KnownFlags } from './flags';
import { Flow } from './flow';
import type { Locals } from './flow';
import { LOCAL, LOCAL_GROUPS } from './locals';
import { headOf, withCode } from './module';
import { OP } from './opcodes';
import { areFlagsDead, isLoop, offsetOfTarget } from './region';
import type { Block, Question } from './region';
import { pushCacheEntry, REGION, SIGNATURES } from './runtime';
import type { RuntimeFunction } from './runtime';
import { MAX_DEPTH, STATE, STATUS } from './state';
import { transfersOf, type Transfers } from './transfers';

/** Imported by every region, in this order. */
const IMPORTS = Object.keys(SIGNATURES) as RuntimeFunction[];
const FUNCTION_NUMBERS = Object.fromEntries(IMPORTS.map((name, index) => [name, index])) as Record<
  RuntimeFunction,
  number
>;

/** Types are numbered as the imports are and then the function itself. */
const REGION_TYPE = IMPORTS.length;

export const REGION_EXPORT = 'region';
const FUNCTION = { signature: REGION, name: REGION_EXPORT };

/** @returns the module of a region; it exports the function that begins with the block whose number it is given */
export function translate(blocks: readonly Block[], question: Question, layout: Layout): Uint8Array {
  const code = new Region(blocks, question, layout).emit();
  return withCode(headFor(layout.wasmPages), [{ ...FUNCTION, locals: LOCAL_GROUPS, code }]);
}

/** Regions have different code and are alike in everything before it. */
const heads = new Map<number, Uint8Array>();

function headFor(pages: number): Uint8Array {
  let head = heads.get(pages);
  if (head === undefined) {
    const imports = IMPORTS.map((name) => ({ name, signature: SIGNATURES[name] }));
    heads.set(pages, (head = headOf(imports, [FUNCTION], pages)));
  }
  return head;
}

class Region {
  private readonly context: Context;
  private readonly numbers: ReadonlyMap<number, number>;
  /** Of each block, where its code begins when one breaks out of it; and where that is for who comes from outside. */
  private readonly labels: Label[] = [];
  private readonly entrances: Label[] = [];
  /** Of each block that a block before it leads to: the flags that come along. A guess, since others lead there too. */
  private readonly likely = new Map<number, KnownFlags | undefined>();
  private readonly flow: Flow;
  private readonly touched: Locals[] = [];
  private readonly transfers: Transfers;
  private again: Label = 0;
  private callee: Label = 0;
  private head: Label | undefined;
  private number = 0;

  constructor(
    private readonly blocks: readonly Block[],
    private readonly question: Question,
    layout: Layout,
  ) {
    const base = { lo: 0, hi: question.baseHigh };
    this.context = new Context(layout, FUNCTION_NUMBERS, base, (status) => this.leave(status));
    this.numbers = new Map(blocks.map(({ offset }, number) => [offset, number]));
    this.flow = new Flow(blocks.length);
    this.transfers = transfersOf(layout);
  }

  emit(): Uint8Array {
    const { context, blocks } = this;
    const { code } = context;
    code.i32(0).access(OP.i32Load, context.state(STATE.planeOffset)).set(LOCAL.planeOffset);
    code.i32(0).access(OP.i32Load, context.state(STATE.exact)).set(LOCAL.exact);
    const reenter = code.loop();
    code.i32(0).access(OP.i32Load, context.state(STATE.budget)).set(LOCAL.budget);
    this.callee = code.block();
    this.again = code.loop();
    // The innermost label is that of the first block.
    for (let number = blocks.length - 1; number >= 0; number -= 1) {
      this.labels[number] = code.block();
      this.entrances[number] = code.block();
    }
    code.get(LOCAL.next).brTable([...this.entrances, ...this.labels.slice(0, -1)], this.labels.at(-1) ?? 0);
    blocks.forEach((block, number) => {
      code.end();
      const entrance = code.length;
      code.end();
      this.flow.begin(number, entrance, code.length);
      this.block(block, number);
    });
    code.end();
    code.op(OP.unreachable);
    code.end();
    this.enterCallee(reenter);
    code.op(OP.i32Eqz).brIf(reenter);
    code.end();
    code.get(LOCAL.status);
    return code.withInserted(
      this.flow.solve().map(({ at, loads, stores }) => ({ at, bytes: this.transfers.between(loads, stores) })),
    );
  }

  /**
   * Calls what is at rip, mostly translated already, else by way of `dispatch`, which also goes on when the callee has come
   * back to another place than behind the call. When it has come back there, so does this function; else it pushes the status.
   */
  private enterCallee(reenter: Label): void {
    const { context } = this;
    const { code } = context;
    const { engine } = context.layout;
    code.get(LOCAL.depth).i32(MAX_DEPTH).op(OP.i32GeS).if();
    code.i32(STATUS.unwind).op(OP.return);
    code.end();
    const dispatch = code.block();
    pushCacheEntry(code, LOCAL.rip, LOCAL.scratch, engine);
    code.tee(LOCAL.scratch).access(OP.i64Load, 0).get(LOCAL.rip).op(OP.i64Ne).brIf(dispatch);
    code.get(LOCAL.scratch).access(OP.i32Load, 12);
    code.get(LOCAL.depth).i32(1).op(OP.i32Add);
    code.get(LOCAL.scratch).access(OP.i32Load, 8);
    code.op(OP.callIndirect).unsigned(REGION_TYPE).unsigned(0).tee(LOCAL.status);
    code.if();
    code.get(LOCAL.status).op(OP.return);
    code.end();
    code.i32(0).access(OP.i64Load, context.state(STATE.rip)).get(LOCAL.result).op(OP.i64Eq).brIf(reenter);
    code.end();
    code.get(LOCAL.result).get(LOCAL.depth).i32(1).op(OP.i32Add);
    context.call('dispatch');
    code.tee(LOCAL.status);
  }

  private block(block: Block, number: number): void {
    const { context } = this;
    const { code } = context;
    // A block that branches to itself is a loop of its own.
    this.head = isLoop(block, this.question) ? code.loop() : undefined;
    this.number = number;
    code.watch();
    const charged = block.steps.length + (block.last !== undefined && block.way.kind !== 'fallback' ? 1 : 0);
    context.known = undefined;
    context.likely = this.likely.get(number);
    context.instruction = block.steps[0]?.instruction ?? block.last;
    context.unexecuted = 0;
    // A block that must not overrun the budget needs all that it will be charged.
    code.get(LOCAL.budget);
    if (charged > 1) {
      code
        .i32(charged - 1)
        .get(LOCAL.exact)
        .op(OP.i32And);
    } else code.i32(0);
    code.op(OP.i32LeS).if();
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
    this.flow.end(number, code);
    this.touched[number] = code.exposed | code.changed;
    this.findLoop(block, number);
  }

  /** A loop is a way back over blocks that call nothing. */
  private findLoop({ way }: Block, number: number): void {
    if (way.kind !== 'branch' && way.kind !== 'jump') return;
    const offset = offsetOfTarget(way.target, this.question);
    const first = offset === undefined ? undefined : this.numbers.get(offset);
    if (first === undefined || first > number) return;
    const body = this.blocks.slice(first, number + 1);
    if (body.some((block) => block.way.kind === 'call' || block.way.kind === 'fallback')) return;
    this.flow.loop(
      first,
      this.touched.slice(first).reduce((all, one) => all | one, 0),
    );
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
    this.store();
    code.i32(number).set(LOCAL.next);
    context.pushRip(next);
    code.set(LOCAL.result).br(this.callee);
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
      return;
    }
    if (to === from && this.head !== undefined) {
      this.flow.edge(from, to, code.length, code);
      code.br(this.head);
      return;
    }
    this.flow.edge(from, to, code.length, code);
    if (to > from) {
      if (!this.likely.has(to)) this.likely.set(to, context.known ?? context.likely);
      code.br(label);
    } else {
      code
        .i32(this.blocks.length + to)
        .set(LOCAL.next)
        .br(this.again);
    }
  }

  private goOut(): void {
    this.leave(STATUS.go);
  }

  private leave(status: number): void {
    this.store();
    this.context.code.i32(status).op(OP.return);
  }

  /** All that has changed, rip and the budget to the state. */
  private store(): void {
    const { context, flow, number } = this;
    const { code } = context;
    flow.out(number, code.length, code);
    code.i32(0).get(LOCAL.rip).access(OP.i64Store, context.state(STATE.rip));
    code.i32(0).get(LOCAL.budget).access(OP.i32Store, context.state(STATE.budget));
  }
}
