/** NET_BUFFER_LIST_CONTEXT: space for drivers' own data that travels with an NBL. */
import type { Guest } from '../guest';
import { OPEN, setPointer } from './ground';
import { NET_BUFFER_LIST, NET_BUFFER_LIST_CONTEXT } from './layouts';
import { NdisPart } from './part';

/** Space of a context is given in multiples of it: MEMORY_ALLOCATION_ALIGNMENT. */
const ALIGNMENT = 16;

/**
 * Takes context space: in the unused part of what is there, or in a new structure in front.
 * @param nbl offset of the NET_BUFFER_LIST
 * @param backfill bytes to be left unused when a new structure is made
 */
export function addContext(guest: Guest, nbl: number, size: number, backfill: number): void {
  const { memory } = guest;
  const first = memory.offsetOf(memory.u64(nbl + NET_BUFFER_LIST.context)) ?? 0;
  const unused = first === 0 ? 0 : memory.u16(first + NET_BUFFER_LIST_CONTEXT.offset);
  if (first !== 0 && unused >= size) {
    memory.setU16(first + NET_BUFFER_LIST_CONTEXT.offset, unused - size);
    return;
  }
  const length = Math.ceil((size + backfill) / ALIGNMENT) * ALIGNMENT;
  const at = guest.part(NdisPart).ground.reserve(NET_BUFFER_LIST_CONTEXT.data + length);
  memory.protect(at, NET_BUFFER_LIST_CONTEXT.data + length, OPEN);
  setPointer(memory, at + NET_BUFFER_LIST_CONTEXT.next, first);
  memory.setU16(at + NET_BUFFER_LIST_CONTEXT.length, length);
  memory.setU16(at + NET_BUFFER_LIST_CONTEXT.offset, length - size);
  setPointer(memory, nbl + NET_BUFFER_LIST.context, at);
}

/** Gives context space back; a structure that is all unused then goes. */
export function removeContext(guest: Guest, nbl: number, size: number): void {
  const { memory } = guest;
  const first = memory.offsetOf(memory.u64(nbl + NET_BUFFER_LIST.context)) ?? 0;
  if (first === 0) return;
  const unused = memory.u16(first + NET_BUFFER_LIST_CONTEXT.offset) + size;
  const length = memory.u16(first + NET_BUFFER_LIST_CONTEXT.length);
  if (unused < length) {
    memory.setU16(first + NET_BUFFER_LIST_CONTEXT.offset, unused);
    return;
  }
  memory.setU64(nbl + NET_BUFFER_LIST.context, memory.u64(first + NET_BUFFER_LIST_CONTEXT.next));
  memory.protect(first, NET_BUFFER_LIST_CONTEXT.data + length, { read: false, write: false, execute: false });
}
