import type { Guest } from '../guest';
import { OBJECT_HEADER } from './layouts';
import { OPEN, pointerTo } from './ground';
import { LentMemory, type OnTouch } from './lent';
import { NdisPart } from './part';

/** A structure that the driver may use until its handler returns. */
export interface LentOnce {
  readonly address: bigint;
  readonly offset: number;
  end(): void;
}

/**
 * @param length of the structure, zeroed
 * @param onTouch asked when the driver uses it after the end; without it that is a fault like any other
 */
export function lendOnce(guest: Guest, length: number, onTouch?: OnTouch): LentOnce {
  const { memory } = guest;
  const offset = guest.part(NdisPart).ground.reserve(length);
  if (onTouch) {
    const range = new LentMemory(memory, guest.watched, offset, length, onTouch);
    range.open();
    return { address: pointerTo(offset), offset, end: () => range.close() };
  }
  memory.protect(offset, length, OPEN);
  const end = (): void => memory.protect(offset, length, { read: false, write: false, execute: false });
  return { address: pointerTo(offset), offset, end };
}

/** Writes an NDIS_OBJECT_HEADER. */
export function writeHeader(guest: Guest, at: number, type: number, revision: number, length: number): void {
  guest.memory.setU8(at + OBJECT_HEADER.type, type);
  guest.memory.setU8(at + OBJECT_HEADER.revision, revision);
  guest.memory.setU16(at + OBJECT_HEADER.length, length);
}
