import type { Call } from '../../../../src/kernel';
import type { Export, GuestCall, Result } from '../contract';
import type { Guest } from '../guest';

export const PASSIVE = 0;
export const APC = 1;
export const DISPATCH = 2;
/** Any IRQL. */
export const HIGH = 15;

export type GuestExport = Export<Guest>;

/**
 * @param name of the export
 * @param irql highest IRQL at which it may be called
 * @param page of its documentation
 * @param run what it does
 */
export function define(
  name: string,
  irql: number,
  page: string,
  run: (guest: Guest, call: GuestCall) => Call<Result> | Result,
): GuestExport {
  return { name, irql, page, run };
}

/** @returns the bytes of the guest that a pointer argument leads to, checked for an access; the offset is returned */
export function checked(
  guest: Guest,
  call: GuestCall,
  index: number,
  access: 'read' | 'write',
  length: number,
): number {
  const offset = call.pointer(index);
  guest.touch(access, offset, length);
  return offset;
}
