/** How exports of the modelled system are written: one list of these a file, found by module and name when an image is linked. */
import type { Call } from '../../../src/kernel';

/** One call of an export by the guest. Arguments are read as the Microsoft x64 convention passes them. */
export interface GuestCall {
  /** 0 is the first. Unsigned. */
  u64(index: number): bigint;
  u32(index: number): number;
  i32(index: number): number;
  u16(index: number): number;
  u8(index: number): number;
  bool(index: number): boolean;
  /**
   * A pointer argument as an offset into guest memory; 0 for NULL.
   * @throws Bugcheck when it points nowhere in the window
   */
  pointer(index: number): number;
  /** Return address: where the driver called from. */
  readonly caller: bigint;
  /** Name of the export. */
  readonly name: string;
}

/** What an export leaves in rax; nothing for void functions. Numbers are taken as unsigned 32-bit, as NTSTATUS is. */
export type Result = bigint | number | boolean | void;

/** `M` is the machine (see machine.ts); exports keep no state of their own, so that every boot starts fresh. */
export interface Export<M> {
  readonly name: string;
  /** Highest IRQL at which it may be called. */
  readonly irql: number;
  /** The documentation page it rests on, without the host: `wdm/nf-wdm-keinitializeevent`. */
  readonly page: string;
  run(machine: M, call: GuestCall): Call<Result> | Result;
}

/** A variable of the system that drivers import: `IoFileObjectType`. The import slot holds its address. */
export interface DataExport<M> {
  readonly name: string;
  readonly size: number;
  /** Fills it; `offset` is where it is. */
  readonly initialise: (machine: M, offset: number) => void;
}

/** What one module of the system exports. */
export interface ExportModule<M> {
  /** In lower case, with extension: `ndis.sys`, `ntoskrnl.exe` (for `hal.dll` too). */
  readonly module: string;
  readonly exports: readonly (Export<M> | DataExport<M>)[];
}
