/** What the rest of the emulator sees of an image file: a PE32+ driver for x64. Relative virtual addresses are numbers. */

/** The file is not a driver that can be run, and why: one sentence with what is wrong, where in the file, and what to do. */
export class BadImage extends Error {
  override readonly name = 'BadImage';
}

export interface Section {
  readonly name: string;
  readonly rva: number;
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

/** A parsed file: nothing of it is mapped yet. */
export interface Image {
  readonly sizeOfImage: number;
  readonly sizeOfHeaders: number;
  readonly entryPoint: number;
  readonly preferredBase: bigint;
  readonly sections: readonly Section[];
  readonly imports: readonly ImportedFunction[];
  /** RVA of the security cookie, when the image has one. */
  readonly securityCookie: number | undefined;
  /** Valid targets of indirect calls when the image was built with control-flow guard. */
  readonly guardFunctions: ReadonlySet<number> | undefined;
  readonly fileVersion: string | undefined;
  /** What is at the RVAs of `sizeOfImage` bytes, relocated to a base, import slots still as in the file. */
  mapAt(base: bigint): Uint8Array;
  /** The function that an RVA is in, by .pdata; undefined in a leaf function and outside code. */
  functionAt(rva: number): RuntimeFunction | undefined;
  /** Nearest symbol at or below an RVA, when there are symbols. */
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
}

/** Reads the guest's stack. */
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
  /** rsp on entry of the function, as seen by its caller's frame. */
  readonly establisherFrame: bigint;
  readonly function: RuntimeFunction | undefined;
  readonly handler: ExceptionHandler | undefined;
}
