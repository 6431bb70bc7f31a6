/** Locals of a translated function. Parameter 0 is the block to begin with. */
import { I32, I64, V128 } from './module';

export const LOCAL = {
  next: 0,
  /** 16 general registers from here. */
  general: 1,
  flagA: 17,
  flagB: 18,
  flagResult: 19,
  rip: 20,
  /** Scratch for one instruction, 64 bits. `address` keeps the one that was checked last. */
  address: 21,
  a: 22,
  b: 23,
  result: 24,
  c: 25,
  d: 26,
  flagKind: 27,
  budget: 28,
  status: 29,
  planeOffset: 30,
  scratch: 31,
  vector: 32,
} as const;

export const LOCAL_GROUPS: readonly (readonly [number, number])[] = [
  [26, I64],
  [5, I32],
  [1, V128],
];
