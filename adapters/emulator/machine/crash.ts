import { Bugcheck } from '../../../src/kernel';
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
}

/** What a kernel developer asks for first: where it was, how it got there, whose memory it was. */
export interface CrashDetails {
  readonly instruction: StackFrame | undefined;
  readonly stack: readonly StackFrame[];
  readonly registers: Readonly<Record<string, bigint>>;
  readonly block: BlockHit | undefined;
}

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
    super(code, bugcheckName, place ? `${reason}, in ${place.where}` : reason, parameters);
  }
}

/** @returns what the trace keeps of it, in the args of `!!Bugcheck` */
export function evidenceOf({ stack, block }: CrashDetails): Readonly<Record<string, ArgValue>> {
  return {
    ...(stack.length > 0 && { stack: stack.map(({ where }) => where) }),
    ...(block && { blockTag: block.tag, blockAllocatedAt: block.allocatedAt }),
    ...(block?.freedAt !== undefined && { blockFreedAt: block.freedAt }),
  };
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
