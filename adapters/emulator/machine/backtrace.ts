import { unwindFrame } from '../image';
import type { ReadStack, UnwindContext } from '../image/contract';
import type { StackFrame } from './crash';
import type { Guest } from './guest';
import { IMAGE_BASE, STACK_SIZE } from './layout';
import type { Activation } from './threads';
import { callersOf, IMAGE_ADDRESS, readStack } from './unwinding';

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
/** Bytes of the stack that a picture keeps: twenty calls and more. */
const KEPT = 2048;

/** The calls that led somewhere, innermost first, told when somebody asks. */
export type Picture = () => readonly StackFrame[];

const NOBODY: Picture = () => [];

/** @returns the calls that led here on the running thread, across all that are under way, to be told later */
export function picture(guest: Guest): Picture {
  const running = guest.kernel.running;
  const thread = running && guest.threads.of(running);
  const registers = thread?.activations.at(-1)?.registers;
  const bottom = registers && guest.memory.offsetOf(registers.get('rsp'));
  if (!thread || bottom === undefined) return NOBODY;
  const moments = thread.activations.map((one) => momentOf(guest, one));
  const bytes = guest.memory.bytes.slice(bottom, Math.min(bottom + KEPT, thread.stack + STACK_SIZE));
  const view = new DataView(bytes.buffer);
  const read = (address: bigint): bigint | undefined => {
    const at = Number(address - guest.address(bottom));
    return at >= 0 && at + 8 <= bytes.length ? view.getBigUint64(at, true) : undefined;
  };
  return () => framesOf(guest, moments, read);
}

/** @returns the calls that are under way on a thread, innermost first */
export function stackOf(guest: Guest, activations: readonly Activation[]): StackFrame[] {
  return framesOf(
    guest,
    activations.map((one) => momentOf(guest, one)),
    readStack(guest),
  );
}

/** Where one of the calls that are under way is. */
interface Moment {
  readonly rip: bigint;
  readonly context: UnwindContext;
}

function momentOf(guest: Guest, { registers }: Activation): Moment {
  return { rip: registers.rip, context: callersOf(guest, registers) };
}

function framesOf(guest: Guest, moments: readonly Moment[], read: ReadStack): StackFrame[] {
  const frames: StackFrame[] = [];
  const add = (address: bigint) => frames.push({ address, where: whereIs(guest, address) });
  for (const { rip, context: before } of moments.toReversed()) {
    const context = { rip: before.rip, registers: before.registers.slice(), xmm: before.xmm.slice() };
    if (context.rip !== rip) add(rip);
    while (frames.length < MOST_FRAMES) {
      const here = context.rip;
      if (!unwindFrame(guest.image, context, read, IMAGE_ADDRESS)) break;
      add(here);
    }
  }
  return frames;
}
