/** Base relocations: which numbers in the image are addresses. */
import type { Contents } from './bytes';
import { hex, holds, viewOf } from './bytes';
import { BadImage } from './contract';
import type { Directory } from './headers';

const ABSOLUTE = 0;
const HIGHLOW = 3;
const DIR64 = 10;

export interface Relocations {
  /** RVAs of 64-bit addresses. */
  readonly wide: readonly number[];
  /** RVAs of the low halves of addresses. */
  readonly narrow: readonly number[];
}

/** @throws BadImage for tables that lead nowhere, and kinds that are not of x64 */
export function readRelocations(contents: Contents, { rva, size }: Directory): Relocations {
  const wide: number[] = [];
  const narrow: number[] = [];
  if (size === 0) return { wide, narrow };
  contents.need(rva, size, 'The base relocation table');
  const { view } = contents;
  const end = rva + size;
  let room = contents.bytes.length;
  for (let block = rva; block + 8 <= end;) {
    const page = view.getUint32(block, true);
    const length = view.getUint32(block + 4, true);
    // Some linkers pad the table.
    if (page === 0 && length === 0) break;
    if (length < 8 || length > end - block) {
      throw new BadImage(
        `The relocation block at RVA ${hex(block)} says that it is ${length} bytes long, which the table does not hold: ` +
          'the file is damaged, link the driver again.',
      );
    }
    for (let at = block + 8; at + 2 <= block + length; at += 2) {
      const entry = view.getUint16(at, true);
      const kind = entry >> 12;
      if (kind === ABSOLUTE) continue;
      if (kind !== DIR64 && kind !== HIGHLOW) {
        throw new BadImage(
          `The relocation at RVA ${hex(at)} is of kind ${kind}, which images for x64 do not have: the file is damaged or for another machine; link the driver for x64.`,
        );
      }
      const target = page + (entry & 0xfff);
      const width = kind === DIR64 ? 8 : 4;
      // The text of a complaint is dear where there are thousands.
      if (!holds(contents.bytes.length, target, width)) {
        contents.need(target, width, `What the relocation at RVA ${hex(at)} relocates`);
      }
      room -= width;
      if (room < 0) {
        throw new BadImage(
          `The relocation table at RVA ${hex(rva)} relocates more than there is in the image: the file is damaged or hostile.`,
        );
      }
      (kind === DIR64 ? wide : narrow).push(target);
    }
    block += length;
  }
  return { wide, narrow };
}

/** Moves the addresses in a copy of the image by `delta`, modulo 2^64. */
export function relocate(image: Uint8Array, { wide, narrow }: Relocations, delta: bigint): void {
  const view = viewOf(image);
  const low = Number(delta & 0xffff_ffffn);
  const high = Number((delta >> 32n) & 0xffff_ffffn);
  for (const at of wide) {
    const sum = view.getUint32(at, true) + low;
    view.setUint32(at, sum, true);
    view.setUint32(at + 4, view.getUint32(at + 4, true) + high + (sum > 0xffff_ffff ? 1 : 0), true);
  }
  for (const at of narrow) view.setUint32(at, view.getUint32(at, true) + low, true);
}
