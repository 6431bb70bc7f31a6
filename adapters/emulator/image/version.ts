/** The file's version, from its resources. */
import { alignUp, unlessBeyond, viewOf } from './bytes';
import type { Directory } from './headers';

const RT_VERSION = 16;
const SUBDIRECTORY = 0x8000_0000;
const FIXED_INFO_SIGNATURE = 0xfeef_04bd;
/** Length, value length and type. */
const BLOCK_HEADER = 6;

/** @returns the RVA of what a resource directory has under an id, or first of all; flagged when it is another directory */
function entryOf(view: DataView, directory: number, id: number | undefined): number | undefined {
  const count = view.getUint16(directory + 12, true) + view.getUint16(directory + 14, true);
  for (let index = 0; index < count; index++) {
    const at = directory + 16 + 8 * index;
    if (id === undefined || view.getUint32(at, true) === id) return view.getUint32(at + 4, true);
  }
  return undefined;
}

/** @returns `1.2.3.4`, undefined when the image does not say, or says it where nobody finds it */
export function readFileVersion(contents: Uint8Array, { rva, size }: Directory): string | undefined {
  if (rva === 0 || size === 0) return undefined;
  const view = viewOf(contents);
  return unlessBeyond(() => {
    let entry = entryOf(view, rva, RT_VERSION);
    // Type, name and language: two more directories to go.
    for (let level = 0; level < 2; level++) {
      if (entry === undefined || entry < SUBDIRECTORY) return undefined;
      entry = entryOf(view, rva + entry - SUBDIRECTORY, undefined);
    }
    if (entry === undefined || entry >= SUBDIRECTORY) return undefined;
    const data = view.getUint32(rva + entry, true);
    const key = 'VS_VERSION_INFO\0';
    const fixed = data + alignUp(BLOCK_HEADER + 2 * key.length, 4);
    if (view.getUint32(fixed, true) !== FIXED_INFO_SIGNATURE) return undefined;
    return [10, 8, 14, 12].map((offset) => view.getUint16(fixed + offset, true)).join('.');
  });
}
