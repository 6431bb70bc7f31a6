/** What the image wants of other modules. */
import type { Contents } from './bytes';
import { hex, stringAt, unlessBeyond } from './bytes';
import { BadImage, type ImportedFunction } from './contract';
import type { Directory } from './headers';

const MOST_MODULES = 256;
const MOST_FUNCTIONS = 16_384;
const LONGEST_NAME = 512;
const LONGEST_MODULE = 128;
const DESCRIPTOR_SIZE = 20;
const DELAY_DESCRIPTOR_SIZE = 32;
/** In the attributes of a delay import: its addresses are RVAs, as in all that linkers have written since 2002. */
const DELAY_BY_RVA = 1;

/** What only user mode has. */
const USER_MODE =
  /^(kernel32|kernelbase|user32|advapi32|ntdll|msvcrt|ucrtbase|vcruntime\w*|msvcp\w*|ws2_32|api-ms-win-crt-.*)(\.dll)?$/;

function readName(contents: Contents, rva: number, what: string, longest = LONGEST_NAME): string {
  const name = stringAt(contents.bytes, rva, longest);
  if (name !== undefined && /^[\x21-\x7e]+$/.test(name)) return name;
  throw new BadImage(
    `${what}, at RVA ${hex(rva)}, is not readable text: the import table is damaged, or the file is packed; give the driver as it was linked.`,
  );
}

/** @returns the functions of one module: names are found at `names`, slots at `slots` */
function readFunctions(
  contents: Contents,
  module: string,
  names: number,
  slots: number,
  most: number,
): ImportedFunction[] {
  const found: ImportedFunction[] = [];
  for (let index = 0; ; index++) {
    if (index > most) {
      throw new BadImage(
        `The import table of ${module} at RVA ${hex(names)} has no end: the file is damaged or hostile; link the driver again.`,
      );
    }
    const at = names + 8 * index;
    const low = contents.u32(at, `The import table of ${module}`);
    const high = contents.u32(at + 4, `The import table of ${module}`);
    if (low === 0 && high === 0) return found;
    const slot = slots + 8 * index;
    contents.need(slot, 8, `The slot of an import of ${module}`);
    if (high === 0x8000_0000 && low <= 0xffff) {
      found.push({ module, name: `#${low}`, slot });
    } else if (high === 0 && low < 0x8000_0000) {
      found.push({ module, name: readName(contents, low + 2, `The name of an import of ${module}`), slot });
    } else {
      throw new BadImage(
        `The import of ${module} at RVA ${hex(at)} is neither by name nor by ordinal: the import table is damaged, link the driver again.`,
      );
    }
  }
}

/**
 * @returns what the import directory names, module by module
 * @throws BadImage for a table that cannot be followed, and for what only user-mode programs import
 */
export function readImports(contents: Contents, { rva }: Directory): ImportedFunction[] {
  const found: ImportedFunction[] = [];
  if (rva === 0) return found;
  for (let index = 0; ; index++) {
    if (index > MOST_MODULES) {
      throw new BadImage(
        `The import directory at RVA ${hex(rva)} names more than ${MOST_MODULES} modules: the file is damaged or hostile; link the driver again.`,
      );
    }
    const at = rva + index * DESCRIPTOR_SIZE;
    contents.need(at, DESCRIPTOR_SIZE, 'The import directory');
    const { view } = contents;
    const names = view.getUint32(at, true);
    const bound = view.getUint32(at + 4, true) !== 0;
    const nameRva = view.getUint32(at + 12, true);
    const slots = view.getUint32(at + 16, true);
    if (nameRva === 0 || slots === 0) return found;
    const module = readName(contents, nameRva, 'The name of an imported module', LONGEST_MODULE).toLowerCase();
    if (USER_MODE.test(module)) {
      throw new BadImage(
        `The image imports ${module} (import directory at RVA ${hex(at)}), which only user mode has: it is a program or DLL; give the .sys file of the driver.`,
      );
    }
    if (names === 0 && bound) {
      throw new BadImage(
        `The imports of ${module} at RVA ${hex(slots)} are bound and their names are gone: link the driver again without binding.`,
      );
    }
    for (const one of readFunctions(contents, module, names || slots, slots, MOST_FUNCTIONS - found.length))
      found.push(one);
  }
}

/** @returns what the delay import directory names; nothing when it cannot be followed, since only the first call would */
export function readDelayImports(contents: Contents, { rva }: Directory): ImportedFunction[] {
  const found: ImportedFunction[] = [];
  if (rva === 0) return found;
  try {
    for (let index = 0; index < MOST_MODULES; index++) {
      const at = rva + index * DELAY_DESCRIPTOR_SIZE;
      const field = (offset: number) => unlessBeyond(() => contents.view.getUint32(at + offset, true)) ?? 0;
      const nameRva = field(4);
      if (nameRva === 0 || !(field(0) & DELAY_BY_RVA)) break;
      const module = readName(contents, nameRva, 'The name of a delay-loaded module', LONGEST_MODULE).toLowerCase();
      const more = readFunctions(contents, module, field(16), field(12), MOST_FUNCTIONS - found.length);
      for (const one of more) found.push(one);
    }
  } catch (error) {
    if (!(error instanceof BadImage)) throw error;
  }
  return found;
}
