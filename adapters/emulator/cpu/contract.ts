/** What the rest of the emulator sees of its processor. Engines (`interpreter`, `jit`) are interchangeable behind it. */

/** Guest address of offset 0. Offsets into the window are plain numbers; guest addresses are `GUEST_BASE + offset`. */
export const GUEST_BASE = 0xffff_a000_0000_0000n;
export const PAGE_SIZE = 4096;

export type Access = 'read' | 'write' | 'execute';

/** IRQL from which on pageable memory is out of reach. */
export const DISPATCH_LEVEL = 2;

/** What code of the guest may do with a range. Fresh memory allows nothing. */
export interface Protection {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** May be touched or executed below DISPATCH_LEVEL only. */
  readonly pageable?: boolean;
}

/** A range of the window that code of the guest sees at other addresses as well, with the rights that the range has. */
export interface Alias {
  /** First of its addresses; the last one has the same upper half. */
  readonly address: bigint;
  readonly offset: number;
  readonly length: number;
  /** Whether the code that runs now finds it there. */
  isThere(): boolean;
}

/**
 * The guest's memory: one window of `size` bytes with a shadow that knows of every single byte what the guest may do with it.
 * The host reads and writes by offset without asking the shadow; its writes mark pages as the guest's do.
 */
export interface GuestMemory {
  readonly size: number;
  readonly bytes: Uint8Array;

  /** What of the window has further addresses. */
  aliases: readonly Alias[];

  /** @returns the offset of a guest address, undefined for what is neither in the window nor in an alias */
  offsetOf(address: bigint): number | undefined;
  /** @returns the alias that holds all of a range, whether it is there now or not */
  aliasOf(address: bigint, length: number): Alias | undefined;

  u8(offset: number): number;
  u16(offset: number): number;
  u32(offset: number): number;
  i32(offset: number): number;
  u64(offset: number): bigint;
  setU8(offset: number, value: number): void;
  setU16(offset: number, value: number): void;
  setU32(offset: number, value: number): void;
  setU64(offset: number, value: bigint): void;
  write(offset: number, bytes: Uint8Array): void;
  fill(offset: number, length: number, value: number): void;

  /** Sets what the guest may do with `length` bytes, to the byte. */
  protect(offset: number, length: number, protection: Protection): void;
  /** @returns the first byte of the range that does not allow the access at this IRQL, undefined when all do */
  firstDenied(access: Access, offset: number, length: number, irql: number): number | undefined;

  /** Everything: contents and shadow. The next `restore` copies back only what has changed since. */
  snapshot(): MemorySnapshot;
  restore(snapshot: MemorySnapshot): void;
}

export interface MemorySnapshot {
  readonly pages: number;
}

/** In the order of their encoding. */
export const GENERAL_REGISTERS = [
  'rax',
  'rcx',
  'rdx',
  'rbx',
  'rsp',
  'rbp',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;
export type GeneralRegister = (typeof GENERAL_REGISTERS)[number];

/** Register file of one guest thread. Values are unsigned 64-bit. */
export interface Registers {
  get(register: GeneralRegister): bigint;
  set(register: GeneralRegister, value: bigint): void;
  rip: bigint;
  /** rip as an offset into the window, -1 when it is outside. */
  readonly ripOffset: number;
  /** rsp as an offset into the window, -1 when it is outside. */
  readonly stackOffset: number;
  /** Leaves a function: rip is the caller's, and rsp is behind the return address. */
  returnTo(caller: bigint): void;
  /** All flags, exact, bit 1 set. */
  rflags: bigint;
  /** Base of gs: the KPCR of the processor that the thread is on. */
  gsBase: bigint;
  /** 16 bytes; a copy. */
  xmm(index: number): Uint8Array;
  setXmm(index: number, bytes: Uint8Array): void;
}

/**
 * Why the guest stopped. `rip` is the instruction that did not execute (nothing of it has taken effect), except for
 * `interrupt`, where it is the instruction after it, as the processor pushes it.
 */
export type Exit =
  /** The budget is used up; run again to go on. */
  | { readonly kind: 'budget' }
  /** A fetch from a place that holds no code of the guest's: an import, a return sentinel, or a wild jump. `rip` is it. */
  | { readonly kind: 'fetch' }
  /** A read or a write that the shadow denies. `address` is the first byte of the access, `size` its length. */
  | {
      readonly kind: 'fault';
      readonly access: 'read' | 'write';
      readonly address: bigint;
      readonly size: number;
    }
  /** #DE: division by zero, or a quotient that does not fit. */
  | { readonly kind: 'divide' }
  /** `int 3`, `int 29h`, `int 2Ch`. */
  | { readonly kind: 'interrupt'; readonly vector: number }
  /** `mov cr8, register` and `mov register, cr8`: the machine does it, and sets rip behind it. */
  | { readonly kind: 'cr8'; readonly write: boolean; readonly register: GeneralRegister; readonly next: bigint }
  /** `ud2`, and what `cpuid` does not offer. */
  | { readonly kind: 'illegal'; readonly mnemonic: string }
  /** An instruction that the engine does not implement. */
  | { readonly kind: 'unsupported'; readonly mnemonic: string };

export interface Engine {
  readonly name: 'interpreter' | 'jit';
  readonly memory: GuestMemory;
  /** IRQL that the shadow is asked with. */
  irql: number;
  /**
   * Instructions executed since the engine was made; the same for every engine and every division into budgets. What a run
   * stops at is not counted, not even an interrupt; a string instruction with all its repetitions is one.
   */
  readonly instructions: number;
  newRegisters(): Registers;
  /**
   * Runs until something stops it.
   * @param budget instructions at most; a block may overrun it unless `step` is true
   * @param step stop exactly after `budget` instructions
   */
  run(registers: Registers, budget: number, step?: boolean): Exit;
  /** Code in the range has changed or gone: what was translated of it is forgotten. */
  forget(offset: number, length: number): void;
}
