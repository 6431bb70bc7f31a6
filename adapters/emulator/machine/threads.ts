import type { Thread } from '../../../src/kernel';
import { KitError } from '../../../src/kernel';
import type { Engine, Registers } from '../cpu/contract';
import { GUEST_BASE, PAGE_SIZE } from '../cpu/contract';
import type { Arena } from './arena';
import { NOTHING, READ_WRITE, STACK_SIZE } from './layout';

/** What an ETHREAD takes up. It is opaque: no driver may look inside, so the model keeps what it knows of a thread elsewhere. */
export const ETHREAD_SIZE = 0x800;

/** Stacks that are not used again at once: whoever still has a pointer to what was on them is caught. */
const RESTING = 8;

/** What a guest function runs with: one for each call that is under way on a thread, innermost last. */
export interface Activation {
  readonly registers: Registers;
  /** Where rsp was when the function was entered: the slot of its return address. */
  entry: bigint;
}

/** The guest's half of a kernel thread: a stack, a KTHREAD, and the calls that are under way. */
export class GuestThread {
  readonly activations: Activation[] = [];
  /** Register files, one for each depth; kept for the next call. */
  private readonly files: Registers[] = [];

  constructor(
    /** First byte of the stack that it has at this time. */
    public stack: number,
    /** Address of its KTHREAD. */
    readonly object: bigint,
  ) {}

  get top(): bigint {
    return GUEST_BASE + BigInt(this.stack + STACK_SIZE);
  }

  /** The call that is running. @throws KitError when none is */
  get current(): Activation {
    const activation = this.activations.at(-1);
    if (!activation) throw new KitError('no code of the guest runs on this thread');
    return activation;
  }

  /** @returns true for an address on this stack or in the guard pages around it */
  isNear(offset: number): boolean {
    return offset >= this.stack - PAGE_SIZE && offset < this.stack + STACK_SIZE + PAGE_SIZE;
  }

  push(engine: Engine): Activation {
    const depth = this.activations.length;
    const registers = (this.files[depth] ??= engine.newRegisters());
    const activation = { registers, entry: 0n };
    this.activations.push(activation);
    return activation;
  }
}

/** Gives kernel threads stacks while they run code of the guest. */
export class GuestThreads {
  private readonly byThread = new WeakMap<Thread, GuestThread>();
  private readonly idle: GuestThread[] = [];
  private readonly objects = new WeakMap<Thread, bigint>();
  private readonly stacks: number[] = [];
  private readonly resting: number[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly arena: Arena,
  ) {}

  /** @returns the guest's half of a thread, undefined when it has not entered the guest */
  of(thread: Thread): GuestThread | undefined {
    return this.byThread.get(thread);
  }

  /** @returns whether an offset is in the stack of any thread, running or gone */
  isOnStack(offset: number): boolean {
    return this.stacks.some((stack) => offset >= stack && offset < stack + STACK_SIZE);
  }

  /** A kernel thread enters the guest from outside. */
  enter(thread: Thread): GuestThread {
    const known = this.byThread.get(thread);
    if (known) return known;
    const own = this.objects.get(thread);
    const idle = own === undefined ? this.idle.pop() : undefined;
    if (idle) idle.stack = this.takeStack();
    const guestThread = idle ?? new GuestThread(this.takeStack(), own ?? this.newObject());
    this.byThread.set(thread, guestThread);
    return guestThread;
  }

  /**
   * It has left the guest, and what it had on its stack is gone. Its stack and its KTHREAD serve the next one, unless the
   * KTHREAD is its own.
   */
  leave(thread: Thread, guestThread: GuestThread): void {
    this.byThread.delete(thread);
    this.engine.memory.protect(guestThread.stack, STACK_SIZE, NOTHING);
    this.resting.push(guestThread.stack);
    if (!this.objects.has(thread)) this.idle.push(guestThread);
  }

  /** Gives a thread that the guest has made a KTHREAD of its own, which outlives it. */
  adopt(thread: Thread, object: bigint): void {
    this.objects.set(thread, object);
  }

  /** @returns the address of a zeroed KTHREAD */
  newObject(): bigint {
    const object = this.arena.take(ETHREAD_SIZE, 16, 64);
    this.engine.memory.protect(object, ETHREAD_SIZE, READ_WRITE);
    return GUEST_BASE + BigInt(object);
  }

  private takeStack(): number {
    const rested = this.resting.length > RESTING ? this.resting.shift() : undefined;
    const stack = rested ?? this.arena.take(STACK_SIZE, PAGE_SIZE, PAGE_SIZE);
    if (rested === undefined) this.stacks.push(stack);
    this.engine.memory.protect(stack, STACK_SIZE, READ_WRITE);
    return stack;
  }
}
