/** Locals of a translated function. Its parameters are the block to begin with, and how many guest calls are calls of WebAssembly. */
import { I32, I64, V128 } from './module';

export const LOCAL = {
  next: 0,
  depth: 1,
  /** 16 general registers from here. */
  general: 2,
  flagA: 18,
  flagB: 19,
  flagResult: 20,
  rip: 21,
  /** Scratch for one instruction, 64 bits. `address` keeps the one that was checked last. */
  address: 22,
  a: 23,
  b: 24,
  result: 25,
  c: 26,
  d: 27,
  flagKind: 28,
  budget: 29,
  status: 30,
  planeOffset: 31,
  exact: 32,
  scratch: 33,
  vector: 34,
} as const;

export const LOCAL_GROUPS: readonly (readonly [number, number])[] = [
  [26, I64],
  [6, I32],
  [1, V128],
];
