/** Files that are something else than a PE image, told by how they begin. */
import { BadImage } from './contract';

const SIGNATURES: readonly (readonly [bytes: readonly number[], what: string, advice: string])[] = [
  [[0x7f, 0x45, 0x4c, 0x46], 'an ELF file of Linux or BSD', 'build the driver for Windows on x64'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'a Mach-O file of macOS', 'build the driver for Windows on x64'],
  [[0xca, 0xfe, 0xba, 0xbe], 'a Mach-O or Java file', 'build the driver for Windows on x64'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive', 'unpack it and give the .sys file in it'],
  [[0x4d, 0x53, 0x43, 0x46], 'a cabinet archive', 'unpack it (expand, cabextract) and give the .sys file in it'],
  [[0x1f, 0x8b], 'a gzip archive', 'unpack it and give the .sys file in it'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an installer (.msi)', 'unpack it and give the .sys file in it'],
  [[0x53, 0x5a, 0x44, 0x44], 'compressed by COMPRESS.EXE', 'expand it first'],
  [[0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e], 'a library (.lib)', 'link it into a .sys file'],
  [[0x64, 0x86], 'an object file (.obj)', 'link it into a .sys file'],
  [
    [...'Microsoft C/C++ MSF'].map((letter) => letter.charCodeAt(0)),
    'a program database (.pdb)',
    'give the .sys file, and this as its symbols',
  ],
];

/** @throws BadImage unless the file begins as DOS and Windows programs do */
export function refuseForeign(file: Uint8Array): void {
  if (file.length === 0) throw new BadImage('The file is empty: give the .sys file that the build made.');
  for (const [bytes, what, advice] of SIGNATURES) {
    if (bytes.every((byte, i) => file[i] === byte)) {
      throw new BadImage(`The file is ${what}, by its first bytes, and not a Windows driver: ${advice}.`);
    }
  }
  if (file[0] !== 0x4d || file[1] !== 0x5a) {
    throw new BadImage('The file does not begin with "MZ" and so is no Windows image: give the .sys file of a driver.');
  }
}

/** What Windows calls the machines that images are for. */
export const MACHINES: ReadonlyMap<number, string> = new Map([
  [0x014c, '32-bit x86'],
  [0x01c0, '32-bit ARM'],
  [0x01c2, '32-bit ARM'],
  [0x01c4, '32-bit ARM'],
  [0x0200, 'Itanium'],
  [0x0ebc, 'EFI byte code'],
  [0x5064, 'RISC-V'],
  [0x6264, 'LoongArch'],
  [0xa641, 'ARM64EC'],
  [0xa64e, 'ARM64X'],
  [0xaa64, 'ARM64'],
]);
