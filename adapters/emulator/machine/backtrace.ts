import { GUEST_BASE } from '../cpu/contract';
import type { StackFrame } from './crash';
import type { Guest } from './guest';
import { IMAGE_BASE } from './layout';
import type { Activation } from './threads';

/** @returns an address as a debugger writes it: by symbol, by image, or as it is */
export function whereIs(guest: Guest, address: bigint): string {
  const offset = guest.memory.offsetOf(address);
  if (offset === undefined) return `0x${address.toString(16)}`;
  const target = guest.imports.targetAt(offset);
  if (target) return `${target.module.replace(/\.[a-z]+$/, '')}!${target.name}`;
  const rva = offset - IMAGE_BASE;
  if (rva < 0 || rva >= guest.image.sizeOfImage) return `0x${address.toString(16)}`;
  const symbol = guest.image.symbolAt(rva);
  return symbol
    ? `${guest.name}!${symbol.name}+0x${symbol.offset.toString(16)}`
    : `${guest.name}+0x${rva.toString(16)}`;
}

/** @returns the calls that led here, innermost first, across all calls that are under way on the thread */
export function stackOf(guest: Guest, activations: readonly Activation[]): StackFrame[] {
  return activations.toReversed().map(({ registers }) => ({
    address: registers.rip,
    where: whereIs(guest, registers.rip),
  }));
}

/** @returns the guest address of a place in the image */
export function imageAddress(rva: number): bigint {
  return GUEST_BASE + BigInt(IMAGE_BASE + rva);
}
