/** A program for Windows, brought into memory: its sections, its relocations, its imports. Only what lwfio has. */
import type { GuestMemory } from '../../../../adapters/emulator/cpu/contract';
import { GUEST_BASE } from '../../../../adapters/emulator/cpu/contract';

export interface Loaded {
  /** Offset into the window. */
  readonly entry: number;
}

const IMPORTS = 1;
const RELOCATIONS = 5;
const DIR64 = 10;

/**
 * @param base offset into the window
 * @param place gives each import an address
 */
export function load(
  memory: GuestMemory,
  base: number,
  file: Buffer,
  place: (module: string, name: string) => bigint,
): Loaded {
  const header = file.readUInt32LE(0x3c) + 24;
  const sections = header + file.readUInt16LE(header - 4);
  const directory = (which: number): number => file.readUInt32LE(header + 112 + 8 * which);
  memory.protect(base, file.readUInt32LE(header + 56), { read: true, write: false, execute: false });
  for (let at = 0; at < file.readUInt16LE(header - 18); at += 1) {
    const section = sections + 40 * at;
    const [size, rva, raw, from] = [8, 12, 16, 20].map((field) => file.readUInt32LE(section + field));
    const rights = file.readUInt32LE(section + 36);
    memory.write(base + (rva ?? 0), file.subarray(from, (from ?? 0) + Math.min(raw ?? 0, size ?? 0)));
    memory.protect(base + (rva ?? 0), size ?? 0, {
      read: true,
      write: rights >= 0x8000_0000,
      execute: (rights & 0x2000_0000) !== 0,
    });
  }
  relocate(memory, base, directory(RELOCATIONS), file.readBigUInt64LE(header + 24));
  link(memory, base, directory(IMPORTS), place);
  return { entry: base + file.readUInt32LE(header + 16) };
}

function relocate(memory: GuestMemory, base: number, table: number, preferred: bigint): void {
  for (let block = base + table; table !== 0 && memory.u32(block + 4) !== 0; block += memory.u32(block + 4)) {
    for (let entry = block + 8; entry < block + memory.u32(block + 4); entry += 2) {
      const target = base + memory.u32(block) + (memory.u16(entry) & 0xfff);
      if (memory.u16(entry) >> 12 === DIR64)
        memory.setU64(target, memory.u64(target) - preferred + GUEST_BASE + BigInt(base));
    }
  }
}

function link(memory: GuestMemory, base: number, table: number, place: (module: string, name: string) => bigint): void {
  for (let each = base + table; memory.u32(each + 12) !== 0; each += 20) {
    const module = textAt(memory, base + memory.u32(each + 12));
    const slots = base + memory.u32(each + 16);
    for (let at = 0; memory.u64(slots + at) !== 0n; at += 8) {
      const name = textAt(memory, base + Number(memory.u64(slots + at)) + 2);
      memory.setU64(slots + at, place(module, name));
    }
  }
}

export function textAt(memory: GuestMemory, offset: number): string {
  return Buffer.from(memory.bytes.subarray(offset, memory.bytes.indexOf(0, offset))).toString('latin1');
}
