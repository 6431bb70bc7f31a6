import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, HIGH, type GuestExport } from './define';

/** RTL_BITMAP: how many bits, and where they are. */
const BITMAP = { size: 0x10, bits: 0x00, buffer: 0x08 } as const;
const NONE = 0xffff_ffff;

/** Maps of bits in the driver's memory. */
export const bitmapExports: readonly GuestExport[] = [
  of('RtlInitializeBitMap', (guest, call) => {
    const map = checked(guest, call, 0, 'write', BITMAP.size);
    guest.memory.setU32(map + BITMAP.bits, call.u32(2));
    guest.memory.setU64(map + BITMAP.buffer, call.u64(1));
  }),
  // Of a number, not of a map: -1 for none.
  define('RtlFindMostSignificantBit', HIGH, 'wdm/nf-wdm-rtlfindmostsignificantbit', (_, call) =>
    BigInt(call.u64(0).toString(2).length - 1 - (call.u64(0) === 0n ? 1 : 0)),
  ),
  define('RtlFindLeastSignificantBit', HIGH, 'wdm/nf-wdm-rtlfindleastsignificantbit', (_, call) => {
    const value = call.u64(0);
    return value === 0n ? -1n : BigInt((value & -value).toString(2).length - 1);
  }),
  of('RtlSetBit', (guest, call) => new Bits(guest, call).set(call.u32(1), 1, true)),
  of('RtlClearBit', (guest, call) => new Bits(guest, call).set(call.u32(1), 1, false)),
  of('RtlTestBit', (guest, call) => new Bits(guest, call).has(call.u32(1))),
  of('RtlSetBits', (guest, call) => new Bits(guest, call).set(call.u32(1), call.u32(2), true)),
  of('RtlClearBits', (guest, call) => new Bits(guest, call).set(call.u32(1), call.u32(2), false)),
  ...([true, false] as const).flatMap((isSet) => {
    const [kind, opposite, verb] = isSet ? (['Set', 'Clear', 'Set'] as const) : (['Clear', 'Set', 'Clear'] as const);
    return [
      of(`Rtl${verb}AllBits`, (guest, call) => {
        const bits = new Bits(guest, call);
        bits.set(0, bits.count, isSet);
      }),
      of(`RtlNumberOf${kind}Bits`, (guest, call) => {
        const bits = new Bits(guest, call);
        return bits.run(0, bits.count).filter((bit) => bit === isSet).length;
      }),
      of(`RtlAreBits${kind}`, (guest, call) => {
        const bits = new Bits(guest, call);
        const [first, length] = [call.u32(1), call.u32(2)];
        return length > 0 && first + length <= bits.count && bits.run(first, length).every((bit) => bit === isSet);
      }),
      of(`RtlFind${kind}Bits`, (guest, call) => new Bits(guest, call).find(call.u32(1), call.u32(2), isSet)),
      of(`RtlFind${kind}BitsAnd${opposite}`, (guest, call) => {
        const bits = new Bits(guest, call);
        const at = bits.find(call.u32(1), call.u32(2), isSet);
        if (at !== NONE) bits.set(at, call.u32(1), !isSet);
        return at;
      }),
    ];
  }),
];

function of(name: string, run: GuestExport['run']): GuestExport {
  return define(name, HIGH, `wdm/nf-wdm-${name.toLowerCase()}`, run);
}

/** The map that a call is about: its first argument. */
class Bits {
  readonly count: number;
  private readonly at: number;

  constructor(
    private readonly guest: Guest,
    call: GuestCall,
  ) {
    const map = checked(guest, call, 0, 'read', BITMAP.size);
    this.count = guest.memory.u32(map + BITMAP.bits);
    this.at = guest.offset(guest.memory.u64(map + BITMAP.buffer));
  }

  has(index: number): boolean {
    const byte = this.at + (index >>> 3);
    this.guest.touch('read', byte, 1);
    return ((this.guest.memory.u8(byte) >> (index & 7)) & 1) !== 0;
  }

  run(first: number, length: number): boolean[] {
    return Array.from({ length }, (_, index) => this.has(first + index));
  }

  set(first: number, length: number, isSet: boolean): void {
    const { memory } = this.guest;
    for (let index = first; index < first + length; index += 1) {
      const byte = this.at + (index >>> 3);
      const bit = 1 << (index & 7);
      this.guest.touch('write', byte, 1);
      memory.setU8(byte, isSet ? memory.u8(byte) | bit : memory.u8(byte) & ~bit);
    }
  }

  /** @returns where as many bits are alike, looked for from the hint on and then from the beginning */
  find(length: number, hint: number, isSet: boolean): number {
    const from = hint < this.count ? hint : 0;
    if (length === 0) return from & ~7;
    const bits = this.run(0, this.count);
    const fits = (at: number): boolean => {
      const run = bits.slice(at, at + length);
      return run.length === length && run.every((bit) => bit === isSet);
    };
    for (let tried = 0; tried < this.count; tried += 1) {
      const at = (from + tried) % this.count;
      if (fits(at)) return at;
    }
    return NONE;
  }
}
