/**
 * Structured exceptions of x64: looks for an `__except` block by .pdata and scope tables, runs filters and `__finally` blocks as
 * functions of the guest, and goes on in the block that was found.
 */
import type { Call } from '../../../src/kernel';
import type { Registers } from '../cpu/contract';
import { GENERAL_REGISTERS } from '../cpu/contract';
import type { UnwindContext, UnwoundFrame } from '../image/contract';
import { scopeTable, unwindFrame, type Scope } from '../image';
import type { GuestException } from './crash';
import type { Guest } from './guest';
import { contextOf, continueWith, IMAGE_ADDRESS, readStack } from './unwinding';

const RECORD = { size: 0x98, code: 0x00, address: 0x10, count: 0x18, information: 0x20 } as const;
const CONTEXT = { size: 0x4d0, flags: 0x44, general: 0x78, rip: 0xf8 } as const;
const POINTERS_SIZE = 0x10;

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
 */
export function* raise(guest: Guest, registers: Registers, exception: GuestException): Call<boolean> {
  const frames = framesOf(guest, registers);
  if (!frames.some(({ scopes }) => scopes.length > 0)) return false;
  const pointers = describe(guest, registers, exception);
  const taker = yield* search(guest, frames, pointers);
  if (taker === 'continue') return true;
  if (!taker) return false;
  yield* unwind(guest, frames, taker);
  const { context } = frames[taker.depth] as Frame;
  context.rip = IMAGE_ADDRESS + BigInt(taker.target);
  context.registers[RAX] = BigInt(exception.status >>> 0);
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

/** A handler whose data is no table of scopes in its function is another compiler's check of the stack. */
function scopesOf(guest: Guest, { handler, function: here }: UnwoundFrame): readonly Scope[] {
  if (!handler || !here) return [];
  const scopes = scopeTable(guest.image, handler.data) ?? [];
  return scopes.every(({ begin, end }) => begin >= here.begin && end <= here.end) ? scopes : [];
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

/** EXCEPTION_POINTERS for the filters. @returns their address */
function describe(guest: Guest, registers: Registers, { status, parameters }: GuestException): bigint {
  const { memory } = guest;
  const record = guest.allocate(RECORD.size);
  memory.setU32(record + RECORD.code, status);
  memory.setU64(record + RECORD.address, registers.rip);
  memory.setU32(record + RECORD.count, parameters.length);
  parameters.forEach((value, index) => memory.setU64(record + RECORD.information + 8 * index, value));
  const context = guest.allocate(CONTEXT.size);
  memory.setU32(context + CONTEXT.flags, Number(registers.rflags & 0xffff_ffffn));
  GENERAL_REGISTERS.forEach((register, index) =>
    memory.setU64(context + CONTEXT.general + 8 * index, registers.get(register)),
  );
  memory.setU64(context + CONTEXT.rip, registers.rip);
  const pointers = guest.allocate(POINTERS_SIZE);
  memory.setU64(pointers, guest.address(record));
  memory.setU64(pointers + 8, guest.address(context));
  return guest.address(pointers);
}
