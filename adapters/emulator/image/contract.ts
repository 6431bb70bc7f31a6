/** What the rest of the emulator sees of an image file: a PE32+ driver for x64. Relative virtual addresses are numbers. */

/** The file is not a driver that can be run, and why: one sentence with what is wrong, where in the file, and what to do. */
export class BadImage extends Error {
  override readonly name = 'BadImage';
}

export interface Section {
  readonly name: string;
  readonly rva: number;
  /** As the linker says; Windows maps whole pages, the rest of the last one is zeros. */
  readonly size: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** INIT: freed when DriverEntry has returned. */
  readonly discardable: boolean;
  /** PAGE…: pageable. */
  readonly pageable: boolean;
}

export interface ImportedFunction {
  /** In lower case, with extension: `ndis.sys`, `ntoskrnl.exe`, `hal.dll`. */
  readonly module: string;
  /** `#17` when it is imported by ordinal. */
  readonly name: string;
  /** Of the slot in the import address table. */
  readonly slot: number;
}

/** The program database that the linker wrote beside the image. */
export interface DebugInformation {
  /** As the linker wrote it: often a path of the build machine's. */
  readonly file: string;
  /** `{2B736310-56CD-AE07-4C4C-44205044422E}`. */
  readonly guid: string;
  readonly age: number;
}

/** RVAs of the pointers through which guarded code goes: `check` has the target in rcx, `dispatch` in rax. */
export interface GuardSlots {
  readonly check: readonly number[];
  readonly dispatch: readonly number[];
}

/** Where the symbols come from. */
export interface SymbolSource {
  readonly kind: 'pdb' | 'map' | 'none';
  readonly count: number;
  /** Why the symbols that were given are not used; undefined when they are, or none were given. */
  readonly refused: string | undefined;
}

/** A parsed file: nothing of it is mapped yet. */
export interface Image {
  readonly sizeOfImage: number;
  readonly sizeOfHeaders: number;
  readonly entryPoint: number;
  readonly preferredBase: bigint;
  readonly sections: readonly Section[];
  readonly imports: readonly ImportedFunction[];
  /** What is bound at the first call, through a helper inside the image. */
  readonly delayImports: readonly ImportedFunction[];
  /** RVA of the security cookie, when the image has one. */
  readonly securityCookie: number | undefined;
  /** Valid targets of indirect calls when the image was built with control-flow guard. */
  readonly guardFunctions: ReadonlySet<number> | undefined;
  /** Undefined when the image does not ask for its indirect calls to be checked. */
  readonly guardSlots: GuardSlots | undefined;
  readonly fileVersion: string | undefined;
  /** What the version resource says: `CompanyName`, `ProductVersion` and the like. */
  readonly versionStrings: Readonly<Record<string, string>>;
  readonly debug: DebugInformation | undefined;
  readonly symbols: SymbolSource;
  /** What is at the RVAs, `sizeOfImage` bytes as for the preferred base. Shared: not to be written to. */
  readonly contents: Uint8Array;
  /** By rising address, as in .pdata. */
  readonly functions: readonly RuntimeFunction[];
  /** A copy of `contents`, relocated to a base, import slots still as in the file. */
  mapAt(base: bigint): Uint8Array;
  /** The function that an RVA is in, by .pdata; undefined in a leaf function and outside code. */
  functionAt(rva: number): RuntimeFunction | undefined;
  /** Nearest symbol at or below an RVA in the same section, when there are symbols. */
  symbolAt(rva: number): { readonly name: string; readonly offset: number } | undefined;
  /** RVA of a symbol. */
  addressOf(symbol: string): number | undefined;
}

export interface RuntimeFunction {
  readonly begin: number;
  readonly end: number;
  readonly unwind: number;
}

/** Registers that unwinding follows: rip, rsp and the callee-saved ones. All sixteen, in the order of their encoding. */
export interface UnwindContext {
  rip: bigint;
  readonly registers: BigUint64Array;
  /** Sixteen pairs, low half first. */
  readonly xmm: BigUint64Array;
}

/** Reads eight bytes of the guest's stack, at any alignment; undefined when they are not there. */
export type ReadStack = (address: bigint) => bigint | undefined;

export interface ExceptionHandler {
  /** RVA of the language handler, `__C_specific_handler` or `__GSHandlerCheck`. */
  readonly routine: number;
  /** RVA of its data. */
  readonly data: number;
  readonly catches: boolean;
  readonly terminates: boolean;
}

export interface UnwoundFrame {
  /** What handlers know the frame by: where the fixed part of its stack allocation begins. */
  readonly establisherFrame: bigint;
  /** Undefined for a leaf function. */
  readonly function: RuntimeFunction | undefined;
  /** Undefined in the prologue and in an epilogue, as Windows has it. */
  readonly handler: ExceptionHandler | undefined;
  /** The frame was pushed by the processor: rip is where it was interrupted, not a return address. */
  readonly machineFrame: boolean;
}
