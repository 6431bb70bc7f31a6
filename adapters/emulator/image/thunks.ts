/** Import thunks: the `jmp [slot]` that linkers make for calls which do not know that they go to another module. */
import { holds, viewOf } from './bytes';
import type { Image, ImportedFunction } from './contract';

const REX_W = 0x48;

/** @returns the import that the code at an RVA does nothing but jump to */
export function thunkedImport(image: Image, rva: number): ImportedFunction | undefined {
  const { contents } = image;
  const at = contents[rva] === REX_W ? rva + 1 : rva;
  if (!holds(contents.length, at, 6) || contents[at] !== 0xff || contents[at + 1] !== 0x25) return undefined;
  const slot = at + 6 + viewOf(contents).getInt32(at + 2, true);
  return image.imports.find((one) => one.slot === slot);
}
