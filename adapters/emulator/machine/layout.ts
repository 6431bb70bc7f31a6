/** Where things live in the guest's window. Offsets; everything in front of the first of them is never accessible. */
import { PAGE_SIZE } from '../cpu/contract';

/** Guest functions return to this place, which holds no code: the fetch from it ends the call. */
export const RETURN_SENTINEL = 0x8000;

/** What guarded code calls to have the target of an indirect call looked at; no code is there either. */
export const GUARD_CHECK = 0x9000;
export const GUARD_DISPATCH = 0x9010;

/** Import slots point into this area, which holds no code either: a fetch from it is the call of an export. */
export const IMPORT_AREA = 0x1_0000;
export const IMPORT_STRIDE = 16;
export const IMPORT_AREA_END = 0x4_0000;

export const IMAGE_BASE = 0x10_0000;

/** A kernel stack on x64 has 24 KB; the pages around it are never mapped. */
export const STACK_SIZE = 6 * PAGE_SIZE;

/** Processors that the guest is told of. */
export const PROCESSORS = 32;

/** What applications have for buffers. */
export const USER_SIZE = 1024 * 1024;

/** The window of one machine, and the part of it in front of pool memory. */
export const WINDOW_SIZE = 32 * 1024 * 1024;
export const POOL_SHARE = 0.5;

/** What is left for an image: in front of it are imports, behind it objects of the system, the application, and the pool. */
export const ROOM_FOR_IMAGE = WINDOW_SIZE * (1 - POOL_SHARE) - IMAGE_BASE - USER_SIZE - 2 * 1024 * 1024;

export const READ_WRITE = { read: true, write: true, execute: false } as const;
export const READ_ONLY = { read: true, write: false, execute: false } as const;
export const NOTHING = { read: false, write: false, execute: false } as const;

/** @returns the value rounded up to a multiple of a power of two */
export function roundUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}
