import { unwindFrame } from '../image';
import type { StackFrame } from './crash';
import type { Guest } from './guest';
import { IMAGE_BASE } from './layout';
import type { Activation } from './threads';
import { contextOf, IMAGE_ADDRESS, readStack } from './unwinding';

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

const MOST_FRAMES = 64;

/** @returns the calls that led here, innermost first, across all calls that are under way on the thread */
export function stackOf(guest: Guest, activations: readonly Activation[]): StackFrame[] {
  const frames: StackFrame[] = [];
  const add = (address: bigint) => frames.push({ address, where: whereIs(guest, address) });
  for (const { registers } of activations.toReversed()) {
    const context = contextOf(guest, registers);
    if (context.rip !== registers.rip) add(registers.rip);
    while (frames.length < MOST_FRAMES) {
      const here = context.rip;
      if (!unwindFrame(guest.image, context, readStack(guest), IMAGE_ADDRESS)) break;
      add(here);
    }
  }
  return frames;
}
