import { PAGE_SIZE } from '../../cpu/contract';
import type { Guest } from '../guest';
import { MDL, MDL_FLAGS } from './layouts';

/** @returns bytes that an MDL for a buffer takes, with one entry for each page */
export function mdlSize(address: bigint, length: number): number {
  const first = Number(address & BigInt(PAGE_SIZE - 1));
  return MDL.size + 8 * Math.ceil((first + length) / PAGE_SIZE);
}

/** Writes an MDL for a buffer; nothing is locked or mapped yet. */
export function describeBuffer(guest: Guest, mdl: number, address: bigint, length: number, flags: number): void {
  const { memory } = guest;
  const inPage = Number(address & BigInt(PAGE_SIZE - 1));
  memory.fill(mdl, MDL.size, 0);
  memory.setU16(mdl + MDL.sizeField, mdlSize(address, length));
  memory.setU16(mdl + MDL.flags, flags);
  memory.setU64(mdl + MDL.startVa, address - BigInt(inPage));
  memory.setU32(mdl + MDL.byteCount, length);
  memory.setU32(mdl + MDL.byteOffset, inPage);
}

/** @returns the MDL of a locked buffer in memory of the system */
export function newLockedMdl(guest: Guest, address: bigint, length: number): number {
  const mdl = guest.allocate(mdlSize(address, length));
  describeBuffer(guest, mdl, address, length, MDL_FLAGS.locked);
  return mdl;
}

/** MmMapLockedPagesSpecifyCache and MmBuildMdlForNonPagedPool. @returns where the system sees the buffer */
export function mapMdl(guest: Guest, mdl: number, flag: number): bigint {
  const { memory } = guest;
  const address = guest.user.mapped(memory.u64(mdl + MDL.startVa) + BigInt(memory.u32(mdl + MDL.byteOffset)));
  memory.setU64(mdl + MDL.mappedSystemVa, address);
  memory.setU16(mdl + MDL.flags, memory.u16(mdl + MDL.flags) | flag);
  return address;
}
