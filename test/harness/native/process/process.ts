/**
 * A process of Windows, as far as lwfio needs one: the kit's interpreter executes its machine code, threads take turns where they wait, and time
 * passes only when all of them do. The functions that it imports are JavaScript.
 */
import { GUEST_BASE, type Engine, type GuestMemory, type Registers } from '../../../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../../../adapters/emulator/cpu/memory';
import { load } from './load';

const IMAGE = 0x1_0000;
/** Nothing may be read or executed there: a call stops the engine. */
const IMPORTS = 0x10_0000;
const STRIDE = 16;
const RETURN = IMPORTS - STRIDE;
const STACKS = 0x20_0000;
const STACK_SIZE = 0x1_0000;
const HEAP = 0x60_0000;
const WINDOW = 0x100_0000;
const READ_WRITE = { read: true, write: true, execute: false };

/** What a function that waits returns: it is called again when something has happened, or the time has come. */
export const WAIT = Symbol('wait');
/** A function of the guest is called, and the calling function again when that has returned. */
export const CALLED = Symbol('called');

export interface Thread {
  readonly registers: Registers;
  /** Milliseconds of the process's clock, when it waits until then. */
  until: number | undefined;
  isOver: boolean;
  /** Where to go on after a function of the guest has returned. */
  readonly calls: { readonly rsp: bigint; readonly rip: bigint }[];
}

export type Result = bigint | number | typeof WAIT | typeof CALLED;
export type Import = (process: GuestProcess, thread: Thread, ...args: bigint[]) => Result;

export class GuestProcess {
  readonly memory: GuestMemory;
  /** Milliseconds. */
  now = 1000;
  exitCode: number | undefined;
  /** Whose call is served. */
  running: Thread | undefined;
  private readonly engine: Engine;
  private readonly threads: Thread[] = [];
  private readonly places: { readonly name: string; readonly run: Import }[] = [];
  private top = HEAP;
  /** Sizes of what was allocated, and what was freed, by size. */
  private readonly sizes = new Map<bigint, number>();
  private readonly freed = new Map<number, bigint[]>();

  constructor(program: Buffer, imports: Readonly<Record<string, Import>>) {
    const memory = createMemory(WINDOW);
    this.memory = memory;
    this.engine = createInterpreter(memory);
    const { entry } = load(memory, IMAGE, program, (_, name) => {
      const run = imports[name];
      if (!run) throw new Error(`Nobody plays ${name}.`);
      this.places.push({ name, run });
      return GUEST_BASE + BigInt(IMPORTS + STRIDE * this.places.length);
    });
    this.startThread(GUEST_BASE + BigInt(entry), 0n);
  }

  /** @returns memory of zeros */
  allocate(size: number): bigint {
    const whole = (size + 15) & ~15;
    const address = this.freed.get(whole)?.pop() ?? this.grow(whole);
    this.sizes.set(address, whole);
    this.memory.fill(this.offset(address), whole, 0);
    return address;
  }

  free(address: bigint): void {
    const size = this.sizes.get(address);
    if (size === undefined) throw new Error(`0x${address.toString(16)} is freed, and was not allocated.`);
    this.sizes.delete(address);
    this.freed.set(size, [...(this.freed.get(size) ?? []), address]);
  }

  private grow(size: number): bigint {
    const at = this.top;
    this.top += size + 16;
    if (this.top > WINDOW) throw new Error('The heap of the process is used up.');
    this.memory.protect(at, size, READ_WRITE);
    return GUEST_BASE + BigInt(at);
  }

  startThread(routine: bigint, argument: bigint): void {
    const stack = STACKS + STACK_SIZE * (this.threads.length + 1);
    this.memory.protect(stack - STACK_SIZE + 0x1000, STACK_SIZE - 0x1000, READ_WRITE);
    const registers = this.engine.newRegisters();
    registers.set('rsp', GUEST_BASE + BigInt(stack - 0x100));
    const thread: Thread = { registers, until: undefined, isOver: false, calls: [] };
    this.threads.push(thread);
    this.enter(thread, routine, argument);
  }

  /** @param argument of the only parameter */
  call(thread: Thread, routine: bigint, argument: bigint): typeof CALLED {
    const { registers } = thread;
    thread.calls.push({ rsp: registers.get('rsp'), rip: registers.rip });
    registers.set('rsp', registers.get('rsp') - 0x108n);
    this.enter(thread, routine, argument);
    return CALLED;
  }

  /** Lets everybody run until that is so, for at most so many milliseconds. @returns whether it came to be so */
  run(isSo: () => boolean, milliseconds: number): boolean {
    const end = this.now + milliseconds;
    while (!isSo() && this.exitCode === undefined) {
      const ran = this.threads.filter((thread) => !thread.isOver && this.turn(thread));
      if (ran.length > 0) continue;
      const next = Math.min(...this.threads.map(({ until, isOver }) => (isOver ? Infinity : (until ?? Infinity))));
      if (next > end || isSo()) break;
      this.now = next;
    }
    if (this.exitCode === undefined && !isSo()) this.now = end;
    return isSo();
  }

  offset(address: bigint): number {
    const offset = this.memory.offsetOf(address);
    if (offset === undefined) throw new Error(`0x${address.toString(16)} is no address of the process.`);
    return offset;
  }

  bytes(address: bigint, count: number): Buffer {
    const offset = this.offset(address);
    return Buffer.from(this.memory.bytes.slice(offset, offset + count));
  }

  write(address: bigint, bytes: Uint8Array): void {
    this.memory.write(this.offset(address), bytes);
  }

  private enter(thread: Thread, routine: bigint, argument: bigint): void {
    const { registers } = thread;
    // As behind a call: the stack is eight bytes off its alignment, and has room for four arguments.
    registers.set('rsp', (registers.get('rsp') & ~15n) - 0x28n);
    this.memory.setU64(this.offset(registers.get('rsp')), GUEST_BASE + BigInt(RETURN));
    registers.set('rcx', argument);
    registers.rip = routine;
  }

  /** @returns whether it got anywhere */
  private turn(thread: Thread): boolean {
    const before = this.engine.instructions;
    for (;;) {
      const exit = this.engine.run(thread.registers, 1_000_000);
      if (exit.kind === 'budget') continue;
      if (exit.kind !== 'fetch') {
        throw new Error(
          `The program stops at 0x${thread.registers.rip.toString(16)}: ${JSON.stringify(exit, textOfBigint)}`,
        );
      }
      if (!this.leave(thread)) return this.engine.instructions > before;
      if (thread.isOver || this.exitCode !== undefined) return true;
    }
  }

  /** The program has left its code. @returns whether it can go on */
  private leave(thread: Thread): boolean {
    const { registers } = thread;
    const offset = Number(registers.rip - GUEST_BASE);
    if (offset === RETURN) {
      const caller = thread.calls.pop();
      if (!caller) {
        thread.isOver = true;
        return true;
      }
      registers.set('rsp', caller.rsp);
      registers.rip = caller.rip;
      return true;
    }
    const place = this.places[(offset - IMPORTS) / STRIDE - 1];
    if (!place) throw new Error(`The program jumps to 0x${registers.rip.toString(16)}.`);
    this.running = thread;
    const result = place.run(this, thread, ...this.arguments(registers));
    if (result === WAIT) return false;
    if (result === CALLED) return true;
    thread.until = undefined;
    registers.set('rax', BigInt.asUintN(64, BigInt(result)));
    registers.returnTo(this.memory.u64(this.offset(registers.get('rsp'))));
    return true;
  }

  private arguments(registers: Registers): bigint[] {
    const stack = this.offset(registers.get('rsp'));
    const inRegisters = (['rcx', 'rdx', 'r8', 'r9'] as const).map((name) => registers.get(name));
    const onStack = Array.from({ length: 7 }, (_, at) => this.memory.u64(stack + 0x28 + 8 * at));
    return [...inRegisters, ...onStack];
  }
}

function textOfBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}
