import type { Call } from '../../../src/kernel';
import { KitError } from '../../../src/kernel';
import { GUEST_BASE } from '../cpu/contract';
import type { Registers } from '../cpu/contract';
import { CallArguments } from './arguments';
import type { Result } from './contract';
import { GuestException, GuestUnwind, isExpected } from './crash';
import { raise, unwindTo } from './exceptions';
import { passGuard } from './guard';
import type { Guest } from './guest';
import type { ImportTarget } from './imports';
import { RETURN_SENTINEL } from './layout';
import { checkIrql } from './irql-contract';
import type { Activation, GuestThread } from './threads';

/** Instructions between two looks at the clock. */
const SLICE = 50_000;
/** The same where every step of a thread is offered to the scheduler: plain accesses to shared memory can race. */
const SHORT_SLICE = 50;
/** Instructions without a call of any export after which code that spins is taken to spin for ever. */
const SPIN_LIMIT = 10_000_000;
/** The same for exceptions: each costs as much as thousands of instructions. */
const EXCEPTION_COST = SPIN_LIMIT / 1000;
/** The same for indirect calls through the guard: about as many instructions lie between two of them. */
const GUARD_COST = 50;
const STATUS_BAD_STACK = 0xc000_0028;

const RETURN_ADDRESS = GUEST_BASE + BigInt(RETURN_SENTINEL);
const IN_REGISTERS = ['rcx', 'rdx', 'r8', 'r9'] as const;
const HOME_SPACE = 32;

/** A call of an export that is being served. */
interface Served {
  readonly target: ImportTarget<Guest>;
  readonly registers: Registers;
  readonly caller: bigint;
  readonly wasInDriver: boolean;
}

/** Runs functions of the guest: enters them, serves their calls of exports, and comes back with rax. */
export class Runner {
  constructor(private readonly guest: Guest) {}

  *call(address: bigint, args: readonly bigint[]): Call<bigint> {
    const { guest } = this;
    const { thread } = guest.kernel;
    const guestThread = guest.threads.enter(thread);
    guest.processors.run(thread.cpu, guestThread.object);
    const outer = guestThread.activations.at(-1);
    const activation = guestThread.push(guest.engine);
    try {
      this.enter(guestThread, outer, activation, address, args);
      return yield* this.run(activation);
    } catch (failure) {
      throw isExpected(failure) ? failure : this.kitFailed(failure);
    } finally {
      guestThread.activations.pop();
      if (guestThread.activations.length === 0) guest.threads.leave(thread, guestThread);
    }
  }

  /** A mistake of the kit must never look like one of the driver. */
  private kitFailed(failure: unknown): KitError {
    const text = failure instanceof Error ? failure.message : String(failure);
    return this.guest.kernel.fail(new KitError(`the emulator failed: ${text}`, { cause: failure }));
  }

  /** Lays out the frame as a caller would: arguments, home space, return address, aligned to 16 bytes. */
  private enter(
    thread: GuestThread,
    outer: Activation | undefined,
    activation: Activation,
    address: bigint,
    args: readonly bigint[],
  ): void {
    const { guest } = this;
    const { registers } = activation;
    const top = outer ? outer.registers.get('rsp') : thread.top;
    const space = BigInt(HOME_SPACE + 8 * Math.max(args.length - IN_REGISTERS.length, 0));
    const base = (top - space) & ~15n;
    const entry = base - 8n;
    const lowest = guest.memory.offsetOf(entry);
    if (lowest === undefined || lowest < thread.stack) throw guest.faults.stackOverflow(entry);
    guest.memory.setU64(lowest, RETURN_ADDRESS);
    args.forEach((value, index) => {
      const register = IN_REGISTERS[index];
      if (register) registers.set(register, BigInt.asUintN(64, value));
      else guest.memory.setU64(lowest + 8 + 8 * index, BigInt.asUintN(64, value));
    });
    registers.set('rsp', entry);
    registers.rip = address;
    registers.rflags = 0x202n;
    registers.gsBase = guest.processors.gsBase(guest.kernel.thread.cpu);
    activation.entry = entry;
  }

  private *run(activation: Activation): Call<bigint> {
    const { guest } = this;
    const { engine, kernel, faults } = guest;
    const { registers } = activation;
    let spun = 0;
    for (;;) {
      engine.irql = kernel.thread.irql;
      guest.shared.show(kernel.now);
      const slice = kernel.interruptible ? SHORT_SLICE : SLICE;
      const exit = engine.run(registers, slice);
      switch (exit.kind) {
        case 'fetch': {
          const place = registers.ripOffset;
          if (place === RETURN_SENTINEL) return registers.get('rax');
          if (passGuard(guest, place, registers, () => this.returnAddress(registers))) {
            spun += GUARD_COST;
            if (spun > SPIN_LIMIT) throw faults.endlessLoop();
            if (spun % SLICE < GUARD_COST) yield* this.letOthersRun();
            break;
          }
          const target = guest.imports.targetAt(place);
          if (!target) throw faults.wildJump(registers);
          spun = 0;
          const rest = this.serve(target, activation);
          if (rest) yield* rest;
          break;
        }
        case 'budget':
          spun += slice;
          if (spun > SPIN_LIMIT) throw faults.endlessLoop();
          if (spun % SLICE < slice) yield* this.letOthersRun();
          else yield { point: 'SharedAccess' };
          break;
        case 'cr8':
          yield* this.cr8(activation, exit.write, exit.register, exit.next);
          break;
        case 'fault':
        case 'divide':
        case 'interrupt':
        case 'illegal':
        case 'unsupported': {
          const exception = faults.exceptionOf(exit);
          if (exception && (yield* raise(guest, registers, exception))) {
            spun += EXCEPTION_COST;
            if (spun > SPIN_LIMIT) throw faults.endlessLoop();
            break;
          }
          if (exit.kind === 'fault') faults.access(exit, registers);
          else faults.trap(exit, registers);
          break;
        }
      }
    }
  }

  /** Serves the call of an export and returns from it. @returns what is left to do when other threads may run meanwhile */
  private serve(target: ImportTarget<Guest>, { registers }: Activation): Call<void> | undefined {
    const { guest } = this;
    const { kernel } = guest;
    const { thread } = kernel;
    const caller = this.returnAddress(registers);
    if (!target.export) {
      throw kernel.fail(
        new KitError(`the driver called ${target.module}!${target.name}, which the emulator does not model`),
      );
    }
    kernel.spend();
    checkIrql(guest, target.module, target.export);
    const served: Served = { target, registers, caller, wasInDriver: thread.inDriver };
    thread.inDriver = false;
    try {
      const started = target.export.run(guest, new CallArguments(guest, registers, target.name, caller));
      if (isCall(started)) return this.finish(served, started);
      this.leave(served, started);
      return undefined;
    } catch (failure) {
      return this.raised(served, failure);
    }
  }

  private *finish(served: Served, started: Call<Result>): Call<void> {
    let result: Result;
    try {
      result = yield* started;
    } catch (failure) {
      return yield* this.raised(served, failure);
    }
    this.leave(served, result);
  }

  /** Back to the caller. */
  private leave({ registers, caller, wasInDriver }: Served, result: Result): void {
    this.guest.kernel.thread.inDriver = wasInDriver;
    if (result !== undefined) registers.set('rax', toRax(result));
    registers.returnTo(caller);
  }

  private returnAddress(registers: Registers): bigint {
    const { guest } = this;
    const top = registers.stackOffset;
    if (top < 0 || top + 8 > guest.memory.size) return guest.readU64(registers.get('rsp'));
    guest.touch('read', top, 8);
    return guest.memory.u64(top);
  }

  /** An export has raised an exception of the guest: its code may handle it. @throws any other failure as it is */
  private *raised({ target, registers, wasInDriver }: Served, failure: unknown): Call<void> {
    if (!(failure instanceof GuestException || failure instanceof GuestUnwind)) throw failure;
    const { guest } = this;
    guest.kernel.thread.inDriver = wasInDriver;
    if (failure instanceof GuestUnwind) {
      if (yield* unwindTo(guest, registers, failure)) return;
      throw guest.faults.unhandled(
        new GuestException(STATUS_BAD_STACK),
        `${target.name} was given a frame that is not on the stack`,
      );
    }
    if (yield* raise(guest, registers, failure)) return;
    throw guest.faults.unhandled(failure, `${target.name} raised an exception that the driver does not handle`);
  }

  /** Code that spins for another thread: the others run, and time passes once none of them can. */
  private *letOthersRun(): Call<void> {
    const { kernel } = this.guest;
    kernel.spend();
    yield { point: 'SharedAccess', ready: () => false, deadline: kernel.now + 1 };
  }

  /** `mov cr8, register` and back: KeRaiseIrql, KeLowerIrql and KeGetCurrentIrql as inline functions. */
  private *cr8(
    { registers }: Activation,
    write: boolean,
    register: Parameters<typeof registers.get>[0],
    next: bigint,
  ): Call<void> {
    const { kernel, wdk } = this.guest;
    if (write) {
      const irql = Number(registers.get(register) & 15n);
      if (irql < kernel.thread.irql) yield* wdk.KeLowerIrql(irql);
      else yield* wdk.KeRaiseIrql(irql);
    } else {
      registers.set(register, BigInt(kernel.thread.irql));
    }
    registers.rip = next;
  }
}

function isCall(started: Call<Result> | Result): started is Call<Result> {
  return typeof started === 'object' && started !== null;
}

function toRax(result: bigint | number | boolean): bigint {
  if (typeof result === 'bigint') return BigInt.asUintN(64, result);
  return typeof result === 'number' ? BigInt(result >>> 0) : result ? 1n : 0n;
}
