/**
 * Structured exceptions of x64: looks for an `__except` block by .pdata and scope tables, runs filters and `__finally` blocks as
 * functions of the guest, and goes on in the block that was found.
 */
import type { Call } from '../../../src/kernel';
import type { Registers } from '../cpu/contract';
import { GENERAL_REGISTERS } from '../cpu/contract';
import type { UnwindContext, UnwoundFrame } from '../image/contract';
import { primaryOf, scopeTable, unwindFrame, type Scope } from '../image';
import { GuestException, type GuestUnwind } from './crash';
import type { Guest } from './guest';
import { contextOf, continueWith, IMAGE_ADDRESS, readStack, XMM_REGISTERS } from './unwinding';

/** EXCEPTION_RECORD, CONTEXT and EXCEPTION_POINTERS: one behind the other, on the stack of the thread. */
const RECORD = { size: 0xa0, code: 0x00, flags: 0x04, address: 0x10, count: 0x18, information: 0x20 } as const;
const CONTEXT = { size: 0x4d0, contextFlags: 0x30, flags: 0x44, general: 0x78, rip: 0xf8, xmm: 0x1a0 } as const;
const POINTERS_SIZE = 0x10;
const ROOM = BigInt(RECORD.size + CONTEXT.size + POINTERS_SIZE);
const NONCONTINUABLE = 1;
/** CONTEXT_AMD64: control, integer, floating point. */
const CONTEXT_FULL = 0x10_000b;
const STATUS_NONCONTINUABLE = 0xc000_0025;

const EXECUTE_HANDLER = 1;
const CONTINUE_EXECUTION = -1;
const MOST_FRAMES = 256;
const RAX = 0;

/** One function on the stack while an exception looks for its handler. */
interface Frame {
  /** Registers while the function runs. */
  readonly context: UnwindContext;
  readonly rva: number;
  readonly unwound: UnwoundFrame;
  readonly scopes: readonly Scope[];
}

/** The block that takes the exception: the frame, and which of its scopes. */
interface Taker {
  readonly depth: number;
  readonly scope: number;
  readonly target: number;
}

/**
 * Raises an exception in the guest.
 * @param registers of the code that raised it; they lead on from the `__except` block when one was found
 * @returns false when nobody handles it
 * @throws Bugcheck when a filter wants to go on behind what cannot be gone on with
 */
export function* raise(guest: Guest, registers: Registers, exception: GuestException): Call<boolean> {
  const frames = framesOf(guest, registers);
  if (!frames.some(({ scopes }) => scopes.length > 0)) return false;
  const rsp = registers.get('rsp');
  const isContinuable = frames[0]?.context.rip === registers.rip;
  const at = describe(guest, registers, exception, isContinuable);
  // Filters and blocks run on the same stack, below what they are shown.
  registers.set('rsp', guest.address(at));
  const taker = yield* search(guest, frames, guest.address(at + RECORD.size + CONTEXT.size));
  if (!taker) {
    registers.set('rsp', rsp);
    return false;
  }
  if (taker === 'continue') {
    if (!isContinuable) {
      throw guest.faults.unhandled(
        new GuestException(STATUS_NONCONTINUABLE),
        'a filter of the driver wanted to go on where an exception had been raised on purpose',
      );
    }
    readContext(guest, registers, at + RECORD.size);
    return true;
  }
  yield* unwind(guest, frames, taker);
  const { context } = frames[taker.depth] as Frame;
  context.rip = IMAGE_ADDRESS + BigInt(taker.target);
  context.registers[RAX] = BigInt(exception.status >>> 0);
  continueWith(registers, context);
  return true;
}

/**
 * Leaves blocks without an exception: a `return` or `goto` out of `__try` blocks that have a `__finally`.
 * @param registers of the code that asked for it; they lead on at the target
 * @returns false when no such frame is on the stack
 */
export function* unwindTo(guest: Guest, registers: Registers, { frame, target, result }: GuestUnwind): Call<boolean> {
  const frames = framesOf(guest, registers);
  const depth = frames.findIndex(({ unwound }) => unwound.establisherFrame === frame);
  const taken = frames[depth];
  if (!taken) return false;
  const goal = Number(target - IMAGE_ADDRESS);
  for (const [level, { rva, scopes, unwound }] of frames.slice(0, depth + 1).entries()) {
    for (const scope of scopes) {
      if (rva < scope.begin || rva >= scope.end) continue;
      // What also encloses the place where it goes on is not left.
      if (level === depth && goal >= scope.begin && goal < scope.end) break;
      if (scope.kind === 'finally') {
        yield* guest.call(IMAGE_ADDRESS + BigInt(scope.routine), 1n, unwound.establisherFrame);
      }
    }
  }
  const { context } = taken;
  context.rip = target;
  context.registers[RAX] = result;
  continueWith(registers, context);
  return true;
}

/** Functions of the image from the innermost outwards, up to where NDIS or the system called in. */
function framesOf(guest: Guest, registers: Registers): Frame[] {
  const frames: Frame[] = [];
  const context = contextOf(guest, registers);
  while (frames.length < MOST_FRAMES) {
    const before = { rip: context.rip, registers: context.registers.slice(), xmm: context.xmm.slice() };
    const unwound = unwindFrame(guest.image, context, readStack(guest), IMAGE_ADDRESS);
    if (!unwound) break;
    frames.push({
      context: before,
      rva: Number(before.rip - IMAGE_ADDRESS),
      unwound,
      scopes: scopesOf(guest, unwound),
    });
  }
  return frames;
}

/**
 * A handler whose data is no table of scopes in its function is another compiler's check of the stack. The table of a function
 * in pieces covers all of them.
 */
function scopesOf(guest: Guest, { handler, function: here }: UnwoundFrame): readonly Scope[] {
  if (!handler || !here) return [];
  const { image } = guest;
  const own = primaryOf(image, here)?.begin;
  const isOwn = (rva: number): boolean => {
    const piece = image.functionAt(rva);
    return piece !== undefined && primaryOf(image, piece)?.begin === own;
  };
  const scopes = scopeTable(image, handler.data) ?? [];
  return scopes.every(({ begin, end }) => begin === end || (isOwn(begin) && isOwn(end - 1))) ? scopes : [];
}

/** First pass: asks filters, innermost block first. */
function* search(guest: Guest, frames: readonly Frame[], pointers: bigint): Call<Taker | 'continue' | undefined> {
  for (const [depth, { rva, scopes, unwound }] of frames.entries()) {
    for (const [index, scope] of scopes.entries()) {
      if (scope.kind !== 'except' || rva < scope.begin || rva >= scope.end) continue;
      const verdict =
        scope.filter === undefined
          ? EXECUTE_HANDLER
          : Number(
              BigInt.asIntN(
                32,
                yield* guest.call(IMAGE_ADDRESS + BigInt(scope.filter), pointers, unwound.establisherFrame),
              ),
            );
      if (verdict === CONTINUE_EXECUTION) return 'continue';
      if (verdict > 0) return { depth, scope: index, target: scope.target };
    }
  }
  return undefined;
}

/** Second pass: runs the `__finally` blocks between the exception and the block that takes it. */
function* unwind(guest: Guest, frames: readonly Frame[], taker: Taker): Call<void> {
  for (const [depth, { rva, scopes, unwound }] of frames.slice(0, taker.depth + 1).entries()) {
    const inner = depth === taker.depth ? scopes.slice(0, taker.scope) : scopes;
    for (const scope of inner) {
      if (scope.kind !== 'finally' || rva < scope.begin || rva >= scope.end) continue;
      yield* guest.call(IMAGE_ADDRESS + BigInt(scope.routine), 1n, unwound.establisherFrame);
    }
  }
}

/** Tells filters of the exception. @returns the offset of the EXCEPTION_RECORD, which the others follow */
function describe(
  guest: Guest,
  registers: Registers,
  { status, parameters }: GuestException,
  isContinuable: boolean,
): number {
  const { memory } = guest;
  const address = (registers.get('rsp') - ROOM) & ~0xfn;
  const record = memory.offsetOf(address);
  if (record === undefined || memory.firstDenied('write', record, Number(ROOM), 0) !== undefined) {
    throw guest.faults.stackOverflow(address);
  }
  memory.fill(record, Number(ROOM), 0);
  memory.setU32(record + RECORD.code, status >>> 0);
  memory.setU32(record + RECORD.flags, isContinuable ? 0 : NONCONTINUABLE);
  memory.setU64(record + RECORD.address, registers.rip);
  memory.setU32(record + RECORD.count, parameters.length);
  parameters.forEach((value, index) => memory.setU64(record + RECORD.information + 8 * index, value));
  const context = record + RECORD.size;
  memory.setU32(context + CONTEXT.contextFlags, CONTEXT_FULL);
  memory.setU32(context + CONTEXT.flags, Number(registers.rflags & 0xffff_ffffn));
  GENERAL_REGISTERS.forEach((register, index) =>
    memory.setU64(context + CONTEXT.general + 8 * index, registers.get(register)),
  );
  memory.setU64(context + CONTEXT.rip, registers.rip);
  for (let index = 0; index < XMM_REGISTERS; index += 1) {
    memory.write(context + CONTEXT.xmm + 16 * index, registers.xmm(index));
  }
  const pointers = context + CONTEXT.size;
  memory.setU64(pointers, guest.address(record));
  memory.setU64(pointers + 8, guest.address(context));
  return record;
}

/** EXCEPTION_CONTINUE_EXECUTION: on with what the filter has left in the CONTEXT. */
function readContext({ memory }: Guest, registers: Registers, context: number): void {
  GENERAL_REGISTERS.forEach((register, index) =>
    registers.set(register, memory.u64(context + CONTEXT.general + 8 * index)),
  );
  registers.rip = memory.u64(context + CONTEXT.rip);
  registers.rflags = BigInt(memory.u32(context + CONTEXT.flags));
  for (let index = 0; index < XMM_REGISTERS; index += 1) {
    const at = context + CONTEXT.xmm + 16 * index;
    registers.setXmm(index, memory.bytes.slice(at, at + 16));
  }
}
