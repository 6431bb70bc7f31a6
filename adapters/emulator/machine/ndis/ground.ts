import { GUEST_BASE, type GuestMemory, type Protection } from '../../cpu/contract';

/** Memory of the system inside the guest's window. */
export interface Ground {
  readonly memory: GuestMemory;
  /** @returns offset of zeroed bytes that nothing else shares a line of 64 bytes with, closed to the guest until `protect` */
  reserve(length: number): number;
}

export const OPEN: Protection = { read: true, write: true, execute: false };
export const READ_ONLY: Protection = { read: true, write: false, execute: false };
export const CLOSED: Protection = { read: false, write: false, execute: false };

/** @returns the guest's pointer to an offset; offset 0 is NULL */
export function pointerTo(offset: number): bigint {
  return offset === 0 ? 0n : GUEST_BASE + BigInt(offset);
}

/** Writes a pointer, given as an offset. */
export function setPointer(memory: GuestMemory, at: number, target: number): void {
  memory.setU64(at, pointerTo(target));
}

/**
 * Reserves a UNICODE_STRING with its characters behind it. A driver may edit it for a moment: some step over `\Device\` in place.
 * @returns offset of the structure
 */
export function unicodeString(ground: Ground, text: string): number {
  const { memory } = ground;
  const bytes = text.length * 2;
  const at = ground.reserve(16 + bytes + 2);
  memory.setU16(at, bytes);
  memory.setU16(at + 2, bytes + 2);
  setPointer(memory, at + 8, at + 16);
  for (let i = 0; i < text.length; i += 1) memory.setU16(at + 16 + i * 2, text.charCodeAt(i));
  memory.protect(at, 16 + bytes + 2, OPEN);
  return at;
}
