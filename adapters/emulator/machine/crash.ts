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
    super(code, bugcheckName, `${reason}${whereabouts(details)}`, parameters);
    const { stack, block } = details;
    this.evidence = {
      stack: stack.map(({ where }) => where),
      ...(block && { blockTag: block.tag, blockAllocatedAt: block.allocatedAt }),
      ...(block?.freedAt !== undefined && { blockFreedAt: block.freedAt }),
    };
  }

  override readonly evidence: Readonly<Record<string, ArgValue>>;
}

/** So many callers are told in the message; the trace has them all. */
const CALLERS_TOLD = 3;

function whereabouts({ instruction, stack, block }: CrashDetails): string {
  const place = instruction ?? stack[0];
  const callers = stack.filter(({ where }) => where !== place?.where).slice(0, CALLERS_TOLD);
  return [
    place ? `, in ${place.where}` : '',
    callers.length > 0 ? `, called by ${callers.map(({ where }) => where).join(' < ')}` : '',
    block ? `; the block '${block.tag}' was allocated in ${block.allocatedAt}` : '',
    block?.freedAt !== undefined ? ` and freed in ${block.freedAt}` : '',
  ].join('');
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
