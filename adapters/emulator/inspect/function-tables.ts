import type { Image } from '../image';

/** Far enough that an address is seen to have moved by its high half, and by nothing else. */
const ELSEWHERE = 0x1_0000_0000n;

/**
 * The functions that an image holds the addresses of: tables that a driver calls through, objects with their methods.
 * @returns RVAs of code, each once, in the order of the places that they stand at
 */
export function storedFunctions(image: Image): number[] {
  const { contents, preferredBase, sections } = image;
  const here = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const moved = image.mapAt(preferredBase + ELSEWHERE);
  const there = new DataView(moved.buffer, moved.byteOffset, moved.byteLength);
  const code = sections.filter(({ execute }) => execute);
  const found = new Set<number>();
  for (const { rva, size, execute } of sections) {
    if (execute) continue;
    const end = Math.min(rva + size, here.byteLength) - 8;
    for (let at = rva; at <= end; at += 8) {
      if (here.getUint32(at + 4, true) === there.getUint32(at + 4, true)) continue;
      const target = Number(here.getBigUint64(at, true) - preferredBase);
      if (code.some((section) => target >= section.rva && target < section.rva + section.size)) found.add(target);
    }
  }
  return [...found];
}
