/** The headers of a PE32+ image for x64. https://learn.microsoft.com/windows/win32/debug/pe-format */
import { hex, holds, viewOf } from './bytes';
import { BadImage } from './contract';
import { MACHINES, refuseForeign } from './foreign';

/** No driver comes near; what claims more is damaged or hostile. */
const LARGEST_IMAGE = 64 * 1024 * 1024;

export interface Directory {
  readonly rva: number;
  readonly size: number;
}

/** Indexes of the data directories. */
export const DIRECTORY = {
  import: 1,
  resource: 2,
  exception: 3,
  relocation: 5,
  debug: 6,
  loadConfig: 10,
  delayImport: 13,
  clr: 14,
} as const;

export interface Headers {
  readonly timeDateStamp: number;
  /** File offset of the section table. */
  readonly sectionTable: number;
  readonly sectionCount: number;
  readonly relocationsStripped: boolean;
  readonly entryPoint: number;
  readonly preferredBase: bigint;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  readonly sizeOfImage: number;
  readonly sizeOfHeaders: number;
  /** A directory that is not there has RVA 0 and size 0. */
  directory(which: keyof typeof DIRECTORY): Directory;
}

const PE_SIGNATURE = 0x0000_4550;
const PE32_PLUS = 0x20b;
const PE32 = 0x10b;
const SMALLEST_OPTIONAL_HEADER = 112;

function truncated(what: string, offset: number, size: number): BadImage {
  return new BadImage(
    `${what} would be at file offset ${hex(offset)}, but the file ends at ${hex(size)}: it is cut off, copy or build it again.`,
  );
}

/** @returns the file offset of the PE signature */
function findPeSignature(file: Uint8Array, view: DataView): number {
  if (file.length < 64) throw truncated('The DOS header', 0, file.length);
  const offset = view.getUint32(0x3c, true);
  const signature = holds(file.length, offset, 4) ? view.getUint32(offset, true) : undefined;
  if (signature === PE_SIGNATURE) {
    if (!holds(file.length, offset, 24)) throw truncated('The file header', offset, file.length);
    return offset;
  }
  const short = signature === undefined ? 0 : signature & 0xffff;
  if (short === 0x454e || short === 0x454c || short === 0x584c) {
    throw new BadImage('The file is a 16-bit Windows, OS/2 or VxD program: build the driver for x64.');
  }
  throw new BadImage(
    `There is no PE signature at file offset ${hex(offset)}: the file is a DOS program, or cut off; give the .sys file of an x64 driver.`,
  );
}

function checkMachine(machine: number, offset: number): void {
  if (machine === 0x8664) return;
  const name = MACHINES.get(machine) ?? 'an unknown machine';
  throw new BadImage(
    `The image is for ${name} (machine ${hex(machine)} at file offset ${hex(offset)}), and only x64 can be run: build the driver for x64.`,
  );
}

function checkAlignments(section: number, file: number): void {
  const sound = (value: number) => value > 0 && (value & (value - 1)) === 0;
  if (sound(section) && sound(file) && file <= section && file <= 0x10000 && (section >= 0x1000 || section === file))
    return;
  throw new BadImage(
    `Section alignment ${hex(section)} with file alignment ${hex(file)} in the optional header is none that Windows loads: ` +
      'the file is damaged, link it again with the default alignments.',
  );
}

/**
 * @returns the headers, checked as far as they speak of themselves
 * @throws BadImage
 */
export function readHeaders(file: Uint8Array): Headers {
  refuseForeign(file);
  const view = viewOf(file);
  const pe = findPeSignature(file, view);
  checkMachine(view.getUint16(pe + 4, true), pe + 4);
  const optional = pe + 24;
  const optionalSize = view.getUint16(pe + 20, true);
  const characteristics = view.getUint16(pe + 22, true);
  if (!holds(file.length, optional, optionalSize)) throw truncated('The optional header', optional, file.length);
  const magic = optionalSize >= 2 ? view.getUint16(optional, true) : 0;
  if (magic !== PE32_PLUS || optionalSize < SMALLEST_OPTIONAL_HEADER) {
    throw new BadImage(
      `The optional header at file offset ${hex(optional)} is ${magic === PE32 ? 'that of a 32-bit image' : 'not PE32+'}: build the driver for x64.`,
    );
  }
  if (!(characteristics & 0x0002)) {
    throw new BadImage('The file header does not mark the file as executable: linking failed; link the driver again.');
  }
  const subsystem = view.getUint16(optional + 68, true);
  if (subsystem >= 10 && subsystem <= 13) {
    throw new BadImage('The image is an EFI program, by its subsystem, and no Windows driver: give the .sys file.');
  }
  const sectionAlignment = view.getUint32(optional + 32, true);
  const fileAlignment = view.getUint32(optional + 36, true);
  checkAlignments(sectionAlignment, fileAlignment);
  const sizeOfImage = view.getUint32(optional + 56, true);
  const sizeOfHeaders = view.getUint32(optional + 60, true);
  if (sizeOfImage > LARGEST_IMAGE) {
    throw new BadImage(
      `The image would take ${hex(sizeOfImage)} bytes in memory (SizeOfImage at file offset ${hex(optional + 56)}), more than the ` +
        `${hex(LARGEST_IMAGE)} that a driver may: the file is damaged or hostile.`,
    );
  }
  if (sizeOfHeaders > file.length) throw truncated('The end of the headers', sizeOfHeaders, file.length);
  if (sizeOfHeaders === 0 || sizeOfHeaders > sizeOfImage) {
    throw new BadImage(
      `Headers of ${hex(sizeOfHeaders)} bytes do not fit an image of ${hex(sizeOfImage)}: the optional header is damaged, link the driver again.`,
    );
  }
  const directories = Math.min(
    16,
    view.getUint32(optional + 108, true),
    Math.floor((optionalSize - SMALLEST_OPTIONAL_HEADER) / 8),
  );
  const directory = (which: keyof typeof DIRECTORY): Directory => {
    const index = DIRECTORY[which];
    if (index >= directories) return { rva: 0, size: 0 };
    const at = optional + SMALLEST_OPTIONAL_HEADER + 8 * index;
    return { rva: view.getUint32(at, true), size: view.getUint32(at + 4, true) };
  };
  if (directory('clr').rva !== 0) {
    throw new BadImage('The image is a .NET assembly (it has a CLR header), and no driver: give the .sys file.');
  }
  return {
    timeDateStamp: view.getUint32(pe + 8, true),
    sectionTable: optional + optionalSize,
    sectionCount: view.getUint16(pe + 6, true),
    relocationsStripped: (characteristics & 0x0001) !== 0,
    entryPoint: view.getUint32(optional + 16, true),
    preferredBase: view.getBigUint64(optional + 24, true),
    sectionAlignment,
    fileAlignment,
    sizeOfImage,
    sizeOfHeaders,
    directory,
  };
}
