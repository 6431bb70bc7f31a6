/** Status flags as bits of rflags, and the sixteen conditions over them. */
import { FLAG } from '../instruction';
import type { Cpu } from './cpu';

export const { CF, PF, AF, ZF, SF, DF, OF } = FLAG;
export const STATUS = CF | PF | AF | ZF | SF | OF;

/** TF, and RF, which pushfq never shows. */
export const TRAP = 0x100;
export const RESUME = 0x1_0000;
/** What popfq changes in kernel mode: all but VM, RF, VIF and VIP. */
export const FLAGS_OF_POPF = 0x24_7fd5;

/** PF for the low byte of a result. */
const PARITY = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let bits = byte; bits !== 0; bits >>= 1) ones += bits & 1;
  return ones % 2 === 0 ? PF : 0;
});

/** @returns ZF, SF and PF of a result of so many bytes; bits above it are ignored */
export function resultFlags(size: number, lo: number, hi: number): number {
  const parity = PARITY[lo & 0xff] ?? 0;
  switch (size) {
    case 1:
      return parity | ((lo & 0xff) === 0 ? ZF : 0) | (lo & SF);
    case 2:
      return parity | ((lo & 0xffff) === 0 ? ZF : 0) | ((lo >>> 8) & SF);
    case 4:
      return parity | (lo === 0 ? ZF : 0) | ((lo >>> 24) & SF);
    default:
      return parity | ((lo | hi) === 0 ? ZF : 0) | ((hi >>> 24) & SF);
  }
}

export type Condition = (cpu: Cpu) => boolean;

const less = (flags: number): boolean => ((flags & SF) !== 0) !== ((flags & OF) !== 0);

/** In the order of their encoding: o no b ae e ne be a s ns p np l ge le g. */
export const CONDITIONS: readonly Condition[] = [
  (cpu) => (cpu.flags & OF) !== 0,
  (cpu) => (cpu.flags & OF) === 0,
  (cpu) => (cpu.flags & CF) !== 0,
  (cpu) => (cpu.flags & CF) === 0,
  (cpu) => (cpu.flags & ZF) !== 0,
  (cpu) => (cpu.flags & ZF) === 0,
  (cpu) => (cpu.flags & (CF | ZF)) !== 0,
  (cpu) => (cpu.flags & (CF | ZF)) === 0,
  (cpu) => (cpu.flags & SF) !== 0,
  (cpu) => (cpu.flags & SF) === 0,
  (cpu) => (cpu.flags & PF) !== 0,
  (cpu) => (cpu.flags & PF) === 0,
  (cpu) => less(cpu.flags),
  (cpu) => !less(cpu.flags),
  (cpu) => (cpu.flags & ZF) !== 0 || less(cpu.flags),
  (cpu) => (cpu.flags & ZF) === 0 && !less(cpu.flags),
];
