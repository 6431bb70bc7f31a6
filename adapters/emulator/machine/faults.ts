import type { Bugcheck } from '../../../src/kernel';
import { KitError } from '../../../src/kernel';
import { DISPATCH_LEVEL } from '../../../src/trace';
import type { Access, Exit, Registers } from '../cpu/contract';
import { GENERAL_REGISTERS } from '../cpu/contract';
import { whereIs, stackOf } from './backtrace';
import { GuestException, type CrashDetails } from './crash';
import type { Guest } from './guest';
import { isOfApplication } from './user-memory';
import type { WatchedRange } from './watched';

type AccessFault = Extract<Exit, { kind: 'fault' }>;
type Trap = Extract<Exit, { kind: 'divide' | 'interrupt' | 'illegal' | 'unsupported' }>;

/** User addresses end here; everything from the other canonical half is the kernel's. */
const USER_END = 0x0000_8000_0000_0000n;
/** Ranges that one instruction may touch: `movs` between two, straddling. */
const MOST_RANGES = 4;

const STATUS_BREAKPOINT = '0x80000003';
const STATUS_ASSERTION_FAILURE = '0xC0000420';
const STATUS_INTEGER_DIVIDE_BY_ZERO = '0xC0000094';
const STATUS_ILLEGAL_INSTRUCTION = '0xC000001D';
const STATUS_PRIVILEGED_INSTRUCTION = '0xC0000096';
const STATUS_ACCESS_VIOLATION = '0xC0000005';

/** Parameters of 0x133 for time at DISPATCH_LEVEL without an end: what it is, and the watchdog's period in ticks. */
export const WATCHDOG = ['0x1', '0x1E00', '0x0', '0x0'] as const;

/** What a fault in the second parameter of 0x50, and in the third of 0xD1, was about. */
export const PAGE_FAULT = { read: '0x0', write: '0x2', execute: '0x10' } as const;
export const AT_IRQL = { read: '0x0', write: '0x1', execute: '0x8' } as const;

/** What becomes of an instruction that cannot be executed: an observation, an exception of the guest, or a bugcheck. */
export class Faults {
  constructor(private readonly guest: Guest) {}

  /**
   * An instruction touched what it must not. Returns when a watched range allowed it after all; the instruction is done then.
   * @throws Bugcheck otherwise
   */
  access(fault: AccessFault, registers: Registers): void {
    const { guest } = this;
    const { engine } = guest;
    const opened: WatchedRange[] = [];
    let next: Exit = fault;
    try {
      while (next.kind === 'fault' && opened.length < MOST_RANGES) {
        const offset = this.deniedByte(next);
        const range = offset === undefined ? undefined : guest.watched.at(offset);
        if (!range || opened.includes(range)) break;
        opened.push(range);
        const first = guest.memory.offsetOf(next.address) ?? range.offset;
        this.open(range, next.access, first - range.offset);
        next = engine.run(registers, 1, true);
      }
    } finally {
      for (const range of opened) this.close(range);
    }
    if (next.kind === 'fault') throw this.badAccess(next.access, next.address, next.size);
    if (next.kind !== 'budget') throw this.unexpected(next);
  }

  /** The same for a range that an export touches on the driver's behalf. */
  touch(access: 'read' | 'write', offset: number, length: number): void {
    const { guest } = this;
    if (length <= 0) return;
    const irql = guest.kernel.running?.irql ?? 0;
    const inside = offset >= 0 && offset + length <= guest.memory.size;
    if (inside && guest.memory.firstDenied(access, offset, length, irql) === undefined) return;
    const opened: WatchedRange[] = [];
    try {
      for (;;) {
        const denied =
          offset < 0 || offset + length > guest.memory.size
            ? offset
            : guest.memory.firstDenied(access, offset, length, irql);
        if (denied === undefined) return;
        const range = guest.watched.at(denied);
        if (!range || opened.includes(range)) throw this.badAccess(access, guest.address(denied), 1);
        opened.push(range);
        this.open(range, access, denied - range.offset);
      }
    } finally {
      for (const range of opened) this.close(range);
    }
  }

  /** @returns the bugcheck of a read or a write of the driver that its memory does not allow */
  badAccess(access: Access, address: bigint, size: number): Bugcheck {
    const { guest } = this;
    const offset = guest.memory.offsetOf(address);
    const hex = hexOf(address);
    const at = hexOf(this.instruction);
    if (access === 'execute' && this.isReadable(offset, size)) return this.noExecute(address);
    if (offset !== undefined) {
      const block = guest.pool.bugcheckFor(access, offset, size);
      if (block) return block;
      const running = guest.kernel.running;
      const thread = running && guest.threads.of(running);
      if (thread?.isNear(offset) && offset < thread.stack) return this.stackOverflow(address);
    }
    const irql = guest.kernel.running?.irql ?? 0;
    const verb = access === 'write' ? 'wrote' : access === 'execute' ? 'jumped to' : 'read';
    const what = `the driver ${verb} ${this.describe(address, offset)}`;
    if (irql >= DISPATCH_LEVEL) {
      return guest.stop('0xD1', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL', what, [hex, hexOf(BigInt(irql)), AT_IRQL[access], at]);
    }
    if (access === 'write' && this.isReadable(offset, size)) {
      return guest.stop('0xBE', 'ATTEMPTED_WRITE_TO_READONLY_MEMORY', what, [hex, '0x0', '0x0', '0xA']);
    }
    if (address < USER_END) {
      const exception = [STATUS_ACCESS_VIOLATION, at, '0x0', '0x0'];
      return isOfApplication(guest.kernel)
        ? guest.stop('0x3B', 'SYSTEM_SERVICE_EXCEPTION', what, exception)
        : guest.stop('0x7E', 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', what, exception);
    }
    return guest.stop('0x50', 'PAGE_FAULT_IN_NONPAGED_AREA', what, [hex, PAGE_FAULT[access], at, '0x2']);
  }

  /** @returns the bugcheck of a jump to memory that holds data */
  private noExecute(address: bigint): Bugcheck {
    const { guest } = this;
    const offset = guest.memory.offsetOf(address);
    const name = offset === undefined ? undefined : guest.pool.noteHit(offset);
    return guest.stop(
      '0xFC',
      'ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY',
      `the driver jumped to ${hexOf(address)}, which is ${name ?? 'memory'} that holds data, not code`,
      [hexOf(address), '0x0', '0x0', '0x2'],
    );
  }

  /** @returns the bugcheck of a thread that has used up its stack */
  stackOverflow(address: bigint): Bugcheck {
    return this.guest.stop(
      '0x7F',
      'UNEXPECTED_KERNEL_MODE_TRAP',
      'the kernel stack was used up: the functions of the driver call each other too deep, or keep too much on the stack',
      ['0x8', hexOf(address), '0x0', hexOf(this.instruction)],
    );
  }

  /** @returns the bugcheck of a jump to a place that holds no code */
  wildJump(registers: Registers): Bugcheck {
    return this.badAccess('execute', registers.rip, 1);
  }

  /** @returns the bugcheck of code that goes round and round without a call of any export */
  endlessLoop(): Bugcheck {
    return this.guest.stop('0x133', 'DPC_WATCHDOG_VIOLATION', 'the driver ran on and on without ever waiting', [
      ...WATCHDOG,
    ]);
  }

  /** @returns the exception that the driver may handle by itself; undefined for what stops the system whatever it does */
  exceptionOf(exit: AccessFault | Trap): GuestException | undefined {
    switch (exit.kind) {
      case 'fault': {
        const isUser = exit.address < USER_END && this.guest.kernel.thread.irql < DISPATCH_LEVEL;
        const access = exit.access === 'write' ? 1n : 0n;
        return isUser ? new GuestException(Number(STATUS_ACCESS_VIOLATION), [access, exit.address]) : undefined;
      }
      case 'divide':
        return new GuestException(Number(STATUS_INTEGER_DIVIDE_BY_ZERO));
      case 'illegal':
        return new GuestException(Number(STATUS_ILLEGAL_INSTRUCTION));
      case 'interrupt':
        return exit.vector === 3 ? new GuestException(Number(STATUS_BREAKPOINT)) : undefined;
      case 'unsupported':
        return undefined;
    }
  }

  /** @returns the bugcheck of an exception that nobody handles */
  unhandled({ status }: GuestException, reason: string): Bugcheck {
    return this.unhandledStatus(`0x${status.toString(16).toUpperCase()}`, reason, hexOf(this.instruction));
  }

  /** An instruction that raises an exception of its own. @throws Bugcheck */
  trap(exit: Trap, registers: Registers): void {
    const at = hexOf(registers.rip);
    switch (exit.kind) {
      case 'divide':
        throw this.unhandledStatus(
          STATUS_INTEGER_DIVIDE_BY_ZERO,
          'the driver divided by zero, or the quotient did not fit',
          at,
        );
      case 'illegal':
        throw this.unhandledStatus(STATUS_ILLEGAL_INSTRUCTION, `the driver executed ${exit.mnemonic}`, at);
      case 'unsupported':
        throw this.unexpected(exit);
      case 'interrupt':
        throw this.interrupt(exit.vector, registers, at);
    }
  }

  /** What is known of a thread right now; without one, of the running one. */
  details(running = this.guest.kernel.running): CrashDetails {
    const { guest } = this;
    const activations = running ? (guest.threads.of(running)?.activations ?? []) : [];
    const registers = activations.at(-1)?.registers;
    return {
      instruction: registers && { address: registers.rip, where: whereIs(guest, registers.rip) },
      stack: stackOf(guest, activations),
      registers: registers
        ? Object.fromEntries(GENERAL_REGISTERS.map((register) => [register, registers.get(register)]))
        : {},
      block: guest.pool.lastHit,
    };
  }

  private interrupt(vector: number, registers: Registers, at: string): Bugcheck {
    const { guest } = this;
    if (vector === 0x29) {
      const code = Number(registers.get('rcx') & 0xffff_ffffn);
      return guest.stop(
        '0x139',
        'KERNEL_SECURITY_CHECK_FAILURE',
        `the driver gave up by __fastfail(${code})${FAST_FAIL[code] ? `: ${FAST_FAIL[code]}` : ''}`,
        [`0x${code.toString(16)}`, '0x0', '0x0', at],
      );
    }
    if (vector === 0x2c) return this.unhandledStatus(STATUS_ASSERTION_FAILURE, 'an assertion of the driver failed', at);
    if (vector === 3) return this.unhandledStatus(STATUS_BREAKPOINT, 'the driver ran into a breakpoint', at);
    return this.unhandledStatus(STATUS_PRIVILEGED_INSTRUCTION, `the driver executed int ${vector}`, at);
  }

  private unhandledStatus(status: string, reason: string, at: string): Bugcheck {
    return this.guest.stop('0x1E', 'KMODE_EXCEPTION_NOT_HANDLED', reason, [status, at, '0x0', '0x0']);
  }

  private unexpected(exit: Exit): Error {
    const mnemonic = 'mnemonic' in exit ? exit.mnemonic : exit.kind;
    return this.guest.kernel.fail(
      new KitError(`the emulator does not implement ${mnemonic} at ${whereIs(this.guest, this.instruction)}`),
    );
  }

  private open(range: WatchedRange, access: 'read' | 'write', field: number): void {
    this.guest.memory.protect(range.offset, range.length, range.onAccess(access, field));
  }

  private close(range: WatchedRange): void {
    this.guest.memory.protect(range.offset, range.length, range.protection());
  }

  /** First byte of an access that is denied. */
  private deniedByte({ access, address, size }: AccessFault): number | undefined {
    const { memory, kernel } = this.guest;
    const offset = memory.offsetOf(address);
    if (offset === undefined || offset + size > memory.size) return undefined;
    return memory.firstDenied(access, offset, size, kernel.thread.irql);
  }

  private isReadable(offset: number | undefined, size: number): boolean {
    const { memory, kernel } = this.guest;
    if (offset === undefined || offset + size > memory.size) return false;
    return memory.firstDenied('read', offset, size, kernel.thread.irql) === undefined;
  }

  /** Where code of the guest is on the running thread. */
  get instruction(): bigint {
    const { kernel, threads } = this.guest;
    const running = kernel.running;
    return (running && threads.of(running)?.activations.at(-1)?.registers.rip) ?? 0n;
  }

  private describe(address: bigint, offset: number | undefined): string {
    if (address < 0x1_0000n) return `address ${hexOf(address)}: a NULL pointer was followed`;
    const irql = this.guest.kernel.running?.irql ?? 0;
    const { memory } = this.guest;
    if (offset !== undefined && irql >= DISPATCH_LEVEL && memory.firstDenied('read', offset, 1, 0) === undefined) {
      return `pageable memory at ${hexOf(address)}, at IRQL ${irql}`;
    }
    if (offset !== undefined && this.guest.threads.isOnStack(offset)) {
      return `address ${hexOf(address)}, on the stack of a call that has returned to the system`;
    }
    return `address ${hexOf(address)}, where it owns no memory`;
  }
}

const FAST_FAIL: Readonly<Record<number, string>> = {
  2: 'a buffer on the stack was overrun',
  3: 'a corrupt list entry was found',
  5: 'an invalid argument was found',
  6: 'the security cookie was never initialised',
  10: 'an indirect call went to no function',
};

/** @returns a 64-bit value as a debugger shows it */
export function hexOf(value: bigint): string {
  return `0x${value.toString(16).toUpperCase()}`;
}
