import { Bugcheck, KitError } from '../../../src/kernel';
import type { ArgValue } from '../../../src/trace';

/** One function of the guest on a stack, innermost first. */
export interface StackFrame {
  readonly address: bigint;
  /** `mydriver!FilterAttach+0x1c`, or the address relative to the image when there are no symbols. */
  readonly where: string;
}

/** The pool block that a bad access hit, or came near to. */
export interface BlockHit {
  readonly tag: string;
  readonly address: bigint;
  readonly length: number;
  readonly freed: boolean;
  /** Offset of the access from the beginning of the block: negative or past the length for an overrun. */
  readonly offset: number;
  readonly allocatedAt: string;
  readonly freedAt: string | undefined;
  /** The calls that led to the allocation and to the free, innermost first. */
  readonly allocationStack: readonly StackFrame[];
  readonly freeStack: readonly StackFrame[];
}

/** What a kernel developer asks for first: where it was, how it got there, whose memory it was. */
export interface CrashDetails {
  readonly instruction: StackFrame | undefined;
  readonly stack: readonly StackFrame[];
  readonly registers: Readonly<Record<string, bigint>>;
  readonly block: BlockHit | undefined;
}

/** Every bugcheck has four. */
const PARAMETERS = 4;

/** A bugcheck of code of the guest, with everything a report can print about it. */
export class GuestBugcheck extends Bugcheck {
  constructor(
    code: string,
    bugcheckName: string,
    reason: string,
    parameters: readonly string[],
    readonly details: CrashDetails,
  ) {
    const place = details.instruction ?? details.stack[0];
    const four = Array.from({ length: PARAMETERS }, (_, index) => parameters[index] ?? '0x0');
    super(code, bugcheckName, place ? `${reason}, in ${place.where}` : reason, four);
  }
}

/** @returns what the trace keeps of it, in the args of `!!Bugcheck` */
export function evidenceOf({ instruction, stack, registers, block }: CrashDetails): Readonly<Record<string, ArgValue>> {
  return {
    ...(instruction && {
      instruction: instruction.where,
      registers: Object.entries(registers).map(([name, value]) => `${name}=${wide(value)}`),
    }),
    ...(stack.length > 0 && { stack: stack.map(({ where }) => where) }),
    ...(block && blockEvidence(block)),
  };
}

function blockEvidence(block: BlockHit): Readonly<Record<string, ArgValue>> {
  const { tag, address, length, offset, allocatedAt, freedAt, allocationStack, freeStack } = block;
  return {
    blockTag: tag,
    blockAddress: `0x${wide(address)}`,
    blockLength: length,
    blockOffset: offset,
    blockAllocatedAt: allocatedAt,
    blockAllocationStack: allocationStack.map(({ where }) => where),
    ...(freedAt !== undefined && { blockFreedAt: freedAt, blockFreeStack: freeStack.map(({ where }) => where) }),
  };
}

/** @returns sixteen digits, as a debugger shows a register */
function wide(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}

/** What an export raises as a structured exception in its caller: ProbeForRead, ExRaiseStatus and the like. */
export class GuestException extends Error {
  override readonly name = 'GuestException';

  /** @param status NTSTATUS of the exception */
  constructor(
    readonly status: number,
    readonly parameters: readonly bigint[] = [],
  ) {
    super(`exception 0x${status.toString(16)}`);
  }
}

/** Thrown by `_local_unwind`: the code that called it goes on elsewhere in a function on its stack. */
export class GuestUnwind extends Error {
  override readonly name = 'GuestUnwind';

  /**
   * @param frame of the function, as its handlers know it
   * @param target where it goes on
   * @param result rax there
   */
  constructor(
    readonly frame: bigint,
    readonly target: bigint,
    readonly result: bigint,
  ) {
    super(`unwind to 0x${target.toString(16)}`);
  }
}

/** Thrown by PsTerminateSystemThread: the thread does not come back. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';
}

/** What the guest brings about, and what the kit says of itself; anything else that is thrown is a fault of the kit. */
export function isExpected(failure: unknown): boolean {
  return [Bugcheck, KitError, GuestException, GuestUnwind, ThreadEnded].some((kind) => failure instanceof kind);
}
