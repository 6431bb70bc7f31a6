/** The section table: where what lies in memory, what may be done with it, and the image's contents laid out by RVA. */
import { alignUp, hex, holds, textAt, viewOf } from './bytes';
import { BadImage, type Section } from './contract';
import type { Headers } from './headers';

/** "The Windows loader limits the number of sections to 96." */
const MOST_SECTIONS = 96;
const PAGE = 4096;
const HEADER_SIZE = 40;
/** Windows reads sections from disk by the sector. */
const SECTOR = 512;

const DISCARDABLE = 0x0200_0000;
const EXECUTE = 0x2000_0000;
const READ = 0x4000_0000;
const WRITE = 0x8000_0000;

/** Sections of packers whose programs unpack themselves with user-mode functions. */
const PACKERS: ReadonlyMap<string, string> = new Map([
  ['UPX0', 'UPX'],
  ['UPX1', 'UPX'],
  ['.MPRESS1', 'MPRESS'],
  ['.aspack', 'ASPack'],
  ['.petite', 'Petite'],
  ['PEC2', 'PECompact'],
]);

export interface Layout {
  readonly sections: readonly Section[];
  readonly contents: Uint8Array;
}

interface Header {
  readonly section: Section;
  /** Where its bytes are in the file, and how many of them are mapped. */
  readonly from: number;
  readonly length: number;
}

function readHeader(file: Uint8Array, headers: Headers, index: number): Header {
  const view = viewOf(file);
  const at = headers.sectionTable + index * HEADER_SIZE;
  // Eight letters, without an end when there are as many.
  const name = textAt(Uint8Array.from([...file.subarray(at, at + 8), 0]), 0, 9) ?? '';
  const packer = PACKERS.get(name);
  if (packer) {
    throw new BadImage(
      `The image is packed with ${packer} (section ${name}): give the driver as it was before packing.`,
    );
  }
  const virtualSize = view.getUint32(at + 8, true);
  const rva = view.getUint32(at + 12, true);
  const rawSize = view.getUint32(at + 16, true);
  const pointer = view.getUint32(at + 20, true);
  const characteristics = view.getUint32(at + 36, true);
  const size = virtualSize || rawSize;
  // Below a page there are no protections to be had: the file is mapped as one piece that allows everything.
  const flat = headers.sectionAlignment < PAGE;
  if (flat && rawSize !== 0 && pointer !== rva) {
    throw new BadImage(
      `Section ${name} is at file offset ${hex(pointer)} but at RVA ${hex(rva)}, which an image with section alignment ` +
        `${hex(headers.sectionAlignment)} cannot have: link the driver again with the default alignment.`,
    );
  }
  const from = flat ? pointer : pointer - (pointer % SECTOR);
  const length = rawSize === 0 ? 0 : Math.min(rawSize, alignUp(size, PAGE));
  if (!holds(file.length, from, length)) {
    throw new BadImage(
      `Section ${name} needs bytes ${hex(from)} to ${hex(from + length)} of the file, which ends at ${hex(file.length)}: ` +
        'it is cut off, copy or build it again.',
    );
  }
  const can = (flag: number) => flat || (characteristics & flag) !== 0;
  // Nothing smaller than a page is freed or paged out.
  const discardable = !flat && ((characteristics & DISCARDABLE) !== 0 || name === 'INIT');
  return {
    from,
    length,
    section: {
      name,
      rva,
      size,
      // There are no pages on x64 that can be written or executed but not read.
      read: can(READ | WRITE | EXECUTE),
      write: can(WRITE),
      execute: can(EXECUTE),
      discardable,
      pageable: !flat && !discardable && name.startsWith('PAGE'),
    },
  };
}

/**
 * @returns the sections by rising RVA, and the image as it lies in memory at its preferred base
 * @throws BadImage when sections overlap, leave the image, or are not in the file
 */
export function layOut(file: Uint8Array, headers: Headers): Layout {
  const { sectionCount, sectionTable, sizeOfImage, sizeOfHeaders } = headers;
  if (sectionCount === 0 || sectionCount > MOST_SECTIONS) {
    throw new BadImage(
      `The image has ${sectionCount} sections where Windows loads 1 to ${MOST_SECTIONS}: the file is damaged, packed or hostile; give the driver as it was linked.`,
    );
  }
  if (!holds(file.length, sectionTable, sectionCount * HEADER_SIZE)) {
    throw new BadImage(
      `The section table at file offset ${hex(sectionTable)} does not fit the file, which ends at ${hex(file.length)}: it is cut off, copy or build it again.`,
    );
  }
  const all = Array.from({ length: sectionCount }, (_, index) => readHeader(file, headers, index));
  let end = sizeOfHeaders;
  let before = 'the headers';
  for (const { section } of all) {
    if (section.rva < end) {
      throw new BadImage(
        `Section ${section.name} at RVA ${hex(section.rva)} overlaps what is before it (${before}, up to ${hex(end)}): the file is packed or hostile; give the driver as it was linked.`,
      );
    }
    if (
      section.rva % Math.min(headers.sectionAlignment, PAGE) !== 0 ||
      !holds(sizeOfImage, section.rva, section.size)
    ) {
      throw new BadImage(
        `Section ${section.name} is at RVA ${hex(section.rva)} and ${hex(section.size)} bytes long, which the image's ${hex(sizeOfImage)} ` +
          `bytes and alignment ${hex(headers.sectionAlignment)} do not allow: the section table is damaged, link the driver again.`,
      );
    }
    end = section.rva + section.size;
    before = `section ${section.name}`;
  }
  const contents = new Uint8Array(sizeOfImage);
  contents.set(file.subarray(0, sizeOfHeaders));
  for (const { section, from, length } of all) {
    contents.set(file.subarray(from, from + Math.min(length, sizeOfImage - section.rva)), section.rva);
  }
  return { sections: all.map(({ section }) => section), contents };
}
