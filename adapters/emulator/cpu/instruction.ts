/**
 * Records of instructions, which both engines work on. 64-bit constants are pairs of signed 32-bit halves (`lo`, `hi`),
 * because engines compute with those.
 */

export interface RegisterOperand {
  readonly kind: 'register';
  /** `high` is ah, ch, dh, bh: `index` is then that of rax, rcx, rdx, rbx. `other` is never executed. */
  readonly bank: 'general' | 'high' | 'xmm' | 'control' | 'segment' | 'other';
  /** In the order of the encoding, 0 to 15. */
  readonly index: number;
  /** In bytes. */
  readonly size: number;
}

export interface MemoryOperand {
  readonly kind: 'memory';
  /** Bytes of the access; 0 when there is none (`lea`, `nop`, `prefetch`). */
  readonly size: number;
  /** General registers, -1 for none. A rip-relative operand has none: `lo`/`hi` is then the whole address. */
  readonly base: number;
  readonly index: number;
  readonly scale: 1 | 2 | 4 | 8;
  /** Displacement, sign-extended. */
  readonly lo: number;
  readonly hi: number;
  /** The base of `gs` is that of the registers, of `fs` 0. */
  readonly segment: 'none' | 'gs' | 'fs';
  /** 4 with an address-size prefix: base, index and their sum are then cut to 32 bits before the segment base is added. */
  readonly addressSize: 4 | 8;
  /** What the instruction does with it; conditional accesses count, as the processor checks for them. */
  readonly read: boolean;
  readonly write: boolean;
}

export interface ImmediateOperand {
  readonly kind: 'immediate';
  /** The value, already sign-extended where the instruction does so, else zero-extended. */
  readonly lo: number;
  readonly hi: number;
}

/** Where a direct jump or call goes. */
export interface TargetOperand {
  readonly kind: 'target';
  readonly lo: number;
  readonly hi: number;
}

export type Operand = RegisterOperand | MemoryOperand | ImmediateOperand | TargetOperand;

/** Bits of rflags. */
export const FLAG = {
  CF: 0x1,
  PF: 0x4,
  AF: 0x10,
  ZF: 0x40,
  SF: 0x80,
  IF: 0x200,
  DF: 0x400,
  OF: 0x800,
  AC: 0x4_0000,
} as const;

/**
 * Masks of rflags bits (see FLAG). They are a superset for instructions that may leave flags alone: shifts and rotates by
 * cl with count 0, and rep strings with rcx = 0.
 */
export interface Flags {
  readonly read: number;
  /** Written with a result, set or cleared: not the undefined ones. */
  readonly written: number;
  readonly undefined: number;
}

export type Flow =
  'next' | 'jump' | 'indirect jump' | 'branch' | 'call' | 'indirect call' | 'return' | 'interrupt' | 'exception';

export interface Instruction {
  /** Where it is in the window. */
  readonly offset: number;
  readonly length: number;
  /** Lower case, as the library spells it; `invalid` for bytes that are no instruction (`length` is then 1). */
  readonly mnemonic: string;
  /** The encoding, such as `Add_rm32_imm8`: tells forms apart that share a mnemonic (`Movsd_m32_m32`, `Movsd_xmm_xmmm64`). */
  readonly code: string;
  readonly operands: readonly Operand[];
  /** Condition of jcc, setcc, cmovcc as encoded (0 is o, 15 is g); -1 without one. */
  readonly condition: number;
  readonly lock: boolean;
  /** Prefix of a string instruction that it honours. */
  readonly repeat: 'none' | 'rep' | 'repne';
  /** movs, stos, lods, cmps, scas (and ins, outs). */
  readonly string: boolean;
  readonly flow: Flow;
  readonly flags: Flags;
}
