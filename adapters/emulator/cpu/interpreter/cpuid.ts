/** What the processor says of itself: a plain x64 with SSE2, cmpxchg16b and popcnt, so that drivers choose those paths. */

export interface Identification {
  readonly eax: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
}

function text(chars: string): number {
  return [...chars].reduce((word, char, index) => word | (char.charCodeAt(0) << (8 * index)), 0);
}

function bits(...set: readonly number[]): number {
  return set.reduce((word, bit) => word | (1 << bit), 0);
}

function words(eax: number, ebx: number, ecx: number, edx: number): Identification {
  return { eax, ebx, ecx, edx };
}

const NOTHING = words(0, 0, 0, 0);
const NAME = 'x64 of the ndis-lwf-spec emulator'.padEnd(48, '\0');

function nameAt(from: number): Identification {
  const [eax, ebx, ecx, edx] = [0, 4, 8, 12].map((at) => text(NAME.slice(from + at, from + at + 4)));
  return words(eax ?? 0, ebx ?? 0, ecx ?? 0, edx ?? 0);
}

/** pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush fxsr sse sse2; no fpu and no mmx, whose registers are not there */
const FEATURES_EDX = bits(3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 19, 24, 25, 26);
/** cmpxchg16b popcnt */
const FEATURES_ECX = bits(13, 23);
/** Family 6; lines of 64 bytes for clflush, one logical processor. */
const SIGNATURE = 0x0001_06e5;
const LINES = 0x0001_0800;
/** syscall nx rdtscp, long mode */
const EXTENDED_EDX = bits(11, 20, 27, 29);
/** lahf and sahf */
const EXTENDED_ECX = bits(0);

const LEAVES = new Map<number, Identification>([
  [0, words(7, text('Genu'), text('ntel'), text('ineI'))],
  [1, words(SIGNATURE, LINES, FEATURES_ECX, FEATURES_EDX)],
  [0x8000_0000, words(0x8000_0008 | 0, 0, 0, 0)],
  [0x8000_0001, words(0, 0, EXTENDED_ECX, EXTENDED_EDX)],
  [0x8000_0002, nameAt(0)],
  [0x8000_0003, nameAt(16)],
  [0x8000_0004, nameAt(32)],
  // 48 bits of physical and of linear address.
  [0x8000_0008, words(0x3030, 0, 0, 0)],
]);

/** @returns the four registers as 32-bit words; nothing is offered in leaves that are not listed */
export function cpuid(leaf: number): Identification {
  return LEAVES.get(leaf >>> 0) ?? NOTHING;
}
