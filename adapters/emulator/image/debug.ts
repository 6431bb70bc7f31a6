/** The debug directory: which program database belongs to the image. */
import { textAt, unlessBeyond, viewOf } from './bytes';
import type { DebugInformation } from './contract';
import type { Directory } from './headers';

const ENTRY_SIZE = 28;
const MOST_ENTRIES = 64;
const CODEVIEW = 2;
/** "RSDS" */
const PDB70 = 0x5344_5352;

/** @returns sixteen bytes as Windows writes a GUID */
export function guidText(view: DataView, offset: number): string {
  const digits = (value: number, count: number) => value.toString(16).toUpperCase().padStart(count, '0');
  const tail = Array.from({ length: 8 }, (_, i) => digits(view.getUint8(offset + 8 + i), 2)).join('');
  const head = [
    digits(view.getUint32(offset, true), 8),
    digits(view.getUint16(offset + 4, true), 4),
    digits(view.getUint16(offset + 6, true), 4),
  ];
  return `{${[...head, tail.slice(0, 4), tail.slice(4)].join('-')}}`;
}

/** @returns undefined when the image has no program database, or says so where nobody finds it */
export function readDebug(
  file: Uint8Array,
  contents: Uint8Array,
  { rva, size }: Directory,
): DebugInformation | undefined {
  const count = Math.min(MOST_ENTRIES, Math.floor(size / ENTRY_SIZE));
  const inImage = viewOf(contents);
  for (let index = 0; index < count; index++) {
    const found = unlessBeyond(() => {
      const at = rva + index * ENTRY_SIZE;
      if (inImage.getUint32(at + 12, true) !== CODEVIEW) return undefined;
      const mapped = inImage.getUint32(at + 20, true);
      // It need not be in a section.
      const [bytes, from] = mapped ? [contents, mapped] : [file, inImage.getUint32(at + 24, true)];
      const view = viewOf(bytes);
      if (view.getUint32(from, true) !== PDB70) return undefined;
      return {
        guid: guidText(view, from + 4),
        age: view.getUint32(from + 20, true),
        file: textAt(bytes, from + 24, 1024) ?? '',
      };
    });
    if (found) return found;
  }
  return undefined;
}
