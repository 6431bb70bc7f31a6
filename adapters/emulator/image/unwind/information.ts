/**
 * UNWIND_INFO: what the prologue of a function did, its epilogues (version 2), and who handles its exceptions.
 * https://learn.microsoft.com/cpp/build/exception-handling-x64
 */
import { unlessBeyond, viewOf } from '../bytes';
import type { ExceptionHandler, RuntimeFunction } from '../contract';
import { functionEntry } from '../functions';

/** One thing that the prologue did, undone by unwinding. */
export type Undo =
  | { readonly kind: 'pop'; readonly register: number }
  | { readonly kind: 'free'; readonly size: number }
  | { readonly kind: 'frame' }
  | { readonly kind: 'load'; readonly register: number; readonly offset: number }
  | { readonly kind: 'loadXmm'; readonly register: number; readonly offset: number }
  | { readonly kind: 'machine'; readonly errorCode: boolean };

/** Last deed first. `done` is how far into the function it has happened. */
export type Code = Undo & { readonly done: number };

/** Counted back from the end of the function. */
export interface Epilogue {
  readonly fromEnd: number;
  readonly size: number;
}

export interface UnwindInformation {
  readonly version: number;
  readonly prologueSize: number;
  /** 0 when the function has none. */
  readonly frameRegister: number;
  /** Bytes between the base of the frame and where the frame register points. */
  readonly frameOffset: number;
  readonly codes: readonly Code[];
  /** Version 2 only. */
  readonly epilogues: readonly Epilogue[];
  /** Whose unwind information goes on where this ends. */
  readonly chained: RuntimeFunction | undefined;
  readonly handler: ExceptionHandler | undefined;
}

const CATCHES = 1;
const TERMINATES = 2;
const CHAINED = 4;
const EPILOGUE = 6;

interface Slots {
  readonly count: number;
  /** Offset in the function, by slot. */
  offset(index: number): number;
  operation(index: number): number;
  info(index: number): number;
  /** The slot as a number. */
  u16(index: number): number;
  u32(index: number): number;
}

/** The epilogues come first, one slot each, padded to an even number. */
function readEpilogues(slots: Slots): { readonly epilogues: Epilogue[]; readonly used: number } {
  let used = 0;
  while (used < slots.count && slots.operation(used) === EPILOGUE) used++;
  const epilogues: Epilogue[] = [];
  if (used === 0) return { epilogues, used };
  // The first says how long they all are, and whether the function ends with one.
  const size = slots.offset(0);
  if (slots.info(0) & 1) epilogues.push({ fromEnd: size, size });
  for (let index = 1; index < used; index++) {
    const fromEnd = slots.offset(index) | (slots.info(index) << 8);
    if (fromEnd !== 0) epilogues.push({ fromEnd, size });
  }
  // Padding that is all zeros does not even say that it is an epilogue.
  if (used % 2 === 1 && used < slots.count && slots.u16(used) === 0) used++;
  return { epilogues, used };
}

/** @returns what one code says and how many slots it takes, undefined when it says nothing known */
function readCode(slots: Slots, index: number): { readonly undo: Undo; readonly used: number } | undefined {
  const register = slots.info(index);
  switch (slots.operation(index)) {
    case 0:
      return { undo: { kind: 'pop', register }, used: 1 };
    case 1:
      if (register === 0) return { undo: { kind: 'free', size: slots.u16(index + 1) * 8 }, used: 2 };
      if (register === 1) return { undo: { kind: 'free', size: slots.u32(index + 1) }, used: 3 };
      return undefined;
    case 2:
      return { undo: { kind: 'free', size: register * 8 + 8 }, used: 1 };
    case 3:
      return { undo: { kind: 'frame' }, used: 1 };
    case 4:
      return { undo: { kind: 'load', register, offset: slots.u16(index + 1) * 8 }, used: 2 };
    case 5:
      return { undo: { kind: 'load', register, offset: slots.u32(index + 1) }, used: 3 };
    case 8:
      return { undo: { kind: 'loadXmm', register, offset: slots.u16(index + 1) * 16 }, used: 2 };
    case 9:
      return { undo: { kind: 'loadXmm', register, offset: slots.u32(index + 1) }, used: 3 };
    case 10:
      return register <= 1 ? { undo: { kind: 'machine', errorCode: register === 1 }, used: 1 } : undefined;
    default:
      return undefined;
  }
}

/** @returns the RVA of what follows the codes, which are padded to an even number */
function tailOf(view: DataView, rva: number): number {
  const count = view.getUint8(rva + 2);
  return rva + 4 + 2 * (count + (count % 2));
}

/** @returns undefined when the information is of a version that is not known, or chained to what is no function */
function readLink(contents: Uint8Array, rva: number): { readonly chained: RuntimeFunction | undefined } | undefined {
  const view = viewOf(contents);
  const [version, flags] = [view.getUint8(rva) & 7, view.getUint8(rva) >> 3];
  if (version !== 1 && version !== 2) return undefined;
  if (!(flags & CHAINED)) return { chained: undefined };
  const chained = functionEntry({ bytes: contents, view }, tailOf(view, rva));
  return chained && { chained };
}

function read(contents: Uint8Array, rva: number): UnwindInformation | undefined {
  const view = viewOf(contents);
  const version = view.getUint8(rva) & 7;
  const flags = view.getUint8(rva) >> 3;
  const count = view.getUint8(rva + 2);
  const frame = view.getUint8(rva + 3);
  const slot = (index: number) => rva + 4 + 2 * index;
  const slots: Slots = {
    count,
    offset: (index) => view.getUint8(slot(index)),
    operation: (index) => view.getUint8(slot(index) + 1) & 0xf,
    info: (index) => view.getUint8(slot(index) + 1) >> 4,
    u16: (index) => view.getUint16(slot(index), true),
    u32: (index) => view.getUint32(slot(index), true),
  };
  const { epilogues, used } = version === 2 ? readEpilogues(slots) : { epilogues: [], used: 0 };
  const codes: Code[] = [];
  for (let index = used; index < count;) {
    const one = readCode(slots, index);
    if (!one || index + one.used > count) return undefined;
    codes.push({ ...one.undo, done: slots.offset(index) });
    index += one.used;
  }
  const after = tailOf(view, rva);
  const link = readLink(contents, rva);
  if (!link) return undefined;
  const { chained } = link;
  const handled = !chained && (flags & (CATCHES | TERMINATES)) !== 0;
  return {
    version,
    prologueSize: view.getUint8(rva + 1),
    frameRegister: frame & 0xf,
    frameOffset: (frame >> 4) * 16,
    codes,
    epilogues,
    chained,
    handler: handled
      ? {
          routine: view.getUint32(after, true),
          data: after + 4,
          catches: (flags & CATCHES) !== 0,
          terminates: (flags & TERMINATES) !== 0,
        }
      : undefined,
  };
}

/** @returns undefined when there is no unwind information at the RVA that can be followed without doubt */
export function readUnwindInformation(contents: Uint8Array, rva: number): UnwindInformation | undefined {
  return unlessBeyond(() => read(contents, rva));
}

/** @returns the piece that unwinding goes on with, if any; undefined when there is no unwind information at the RVA */
export function readChain(
  contents: Uint8Array,
  rva: number,
): { readonly chained: RuntimeFunction | undefined } | undefined {
  return unlessBeyond(() => readLink(contents, rva));
}
