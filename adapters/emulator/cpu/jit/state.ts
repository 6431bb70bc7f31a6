/**
 * What translated code and its host share in the engine's area of the memory, and the numbers they agree on. Offsets are
 * relative to the area; the register file lies at its start, as `memory/registers` lays it out.
 */
import { GS_BASE, RFLAGS, RIP, XMM_OFFSET } from '../memory/registers';

export const STATE = {
  general: 0,
  rip: RIP * 8,
  rflags: RFLAGS * 8,
  gsBase: GS_BASE * 8,
  xmm: XMM_OFFSET,
  /** Lazy flags: how the arithmetic flags follow from three values. */
  flagKind: 448,
  flagA: 456,
  flagB: 464,
  flagResult: 472,
  budget: 480,
  /** -1 when a block must not overrun the budget, else 0. */
  exact: 484,
  /** Added to the offset of a plane: 0, or the distance to those for DISPATCH_LEVEL. */
  planeOffset: 488,
  /** Address of the jump cache in use. */
  cache: 492,
  faultAddress: 496,
  faultSize: 504,
} as const;

export const STATE_SIZE = 512;

/** A cache maps rip to a function of the table and a block of it: 8 bytes rip, 4 bytes function, 4 bytes block. */
export const CACHE_START = 4096;
export const CACHE_ENTRY = 16;
export const CACHE_ENTRIES = 4096;
export const CACHE_SIZE = CACHE_ENTRY * CACHE_ENTRIES;

/** Deeper guest calls unwind to the host and go on from there. */
export const MAX_DEPTH = 200;

/** Why translated code gave up control. */
export const STATUS = {
  /** Go on at rip. */
  go: 0,
  /** Go on at rip, from the host. */
  unwind: 1,
  budget: 2,
  /** No code is known for rip. */
  miss: 3,
  /** The instruction at rip is one for the interpreter. */
  fallback: 4,
  read: 5,
  write: 6,
} as const;

/** Arithmetic flags of rflags: CF, PF, AF, ZF, SF, OF. */
export const ARITHMETIC_FLAGS = 0x8d5;
