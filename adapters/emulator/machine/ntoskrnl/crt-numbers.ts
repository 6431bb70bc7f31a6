import type { Call } from '../../../../src/kernel';
import type { GuestCall, Result } from '../contract';
import type { Guest } from '../guest';
import { readNarrow, readWide, utf16 } from '../text';
import { checked, define, HIGH, type GuestExport } from './define';

const PAGE = 'cpp/c-runtime-library/reference';
const LARGEST_RANDOM = 0x7fff;

/** State of rand, as the run-time library begins with it. */
/** A generator for one boot. */
export class Random {
  seed = 1;

  next(): number {
    this.seed = (Math.imul(this.seed, 214_013) + 2_531_011) | 0;
    return (this.seed >>> 16) & LARGEST_RANDOM;
  }
}

/** Functions of the C run-time library about numbers, single characters and arrays. */
export const crtNumberExports: readonly GuestExport[] = [
  ...(['atoi', 'atol', '_atoi64'] as const).map((name) =>
    define(name, HIGH, `${PAGE}/atoi-atoi-l-wtoi-wtoi-l`, (guest, call) => decimal(readNarrow(guest, call.pointer(0)))),
  ),
  ...(['_wtoi', '_wtol', '_wtoi64'] as const).map((name) =>
    define(name, HIGH, `${PAGE}/atoi-atoi-l-wtoi-wtoi-l`, (guest, call) => decimal(readWide(guest, call.pointer(0)))),
  ),
  ...(
    [
      ['strtoul', readNarrow, 1, false],
      ['strtol', readNarrow, 1, true],
      ['wcstoul', readWide, 2, false],
      ['wcstol', readWide, 2, true],
    ] as const
  ).map(([name, read, unit, isSigned]) =>
    define(name, HIGH, `${PAGE}/strtoul-strtoul-l-wcstoul-wcstoul-l`, (guest, call) => {
      const { magnitude, isNegative, length } = numberIn(read(guest, call.pointer(0)), call.u32(2));
      if (call.u64(1) !== 0n) {
        guest.memory.setU64(checked(guest, call, 1, 'write', 8), call.u64(0) + BigInt(unit * length));
      }
      const most = isSigned ? (isNegative ? 0x8000_0000 : 0x7fff_ffff) : 0xffff_ffff;
      const value = Math.min(magnitude, most);
      return (isNegative ? -value : value) >>> 0;
    }),
  ),
  ...(
    [
      ['_itoa', true, false, 32],
      ['_itow', true, true, 32],
      ['_ltoa', true, false, 32],
      ['_ltow', true, true, 32],
      ['_ultoa', false, false, 32],
      ['_ultow', false, true, 32],
      ['_i64toa', true, false, 64],
      ['_i64tow', true, true, 64],
      ['_ui64toa', false, false, 64],
      ['_ui64tow', false, true, 64],
    ] as const
  ).map(([name, isSigned, isWide, bits]) =>
    define(name, HIGH, `${PAGE}/itoa-itow`, (guest, call) => {
      const radix = call.u32(2);
      // Only decimal numbers have a sign.
      const value = isSigned && radix === 10 ? BigInt.asIntN(bits, call.u64(0)) : BigInt.asUintN(bits, call.u64(0));
      const text = `${value.toString(radix)}\0`;
      const bytes = isWide ? utf16(text) : Buffer.from(text, 'latin1');
      const to = call.pointer(1);
      guest.touch('write', to, bytes.length);
      guest.memory.write(to, bytes);
      return call.u64(1);
    }),
  ),
  ...(
    [
      ['tolower', /[A-Z]/, 0x20],
      ['toupper', /[a-z]/, -0x20],
      ['towlower', /[A-Z]/, 0x20],
      ['towupper', /[a-z]/, -0x20],
    ] as const
  ).map(([name, letters, distance]) =>
    define(name, HIGH, `${PAGE}/tolower-tolower-towlower-tolower-l-towlower-l`, (_, call) =>
      letters.test(character(call)) ? call.u32(0) + distance : call.u32(0),
    ),
  ),
  ...(
    [
      ['isdigit', /[0-9]/],
      ['islower', /[a-z]/],
      ['isupper', /[A-Z]/],
      ['isalpha', /[A-Za-z]/],
      ['isalnum', /[0-9A-Za-z]/],
      ['isspace', /[\t-\r ]/],
      ['isxdigit', /[0-9A-Fa-f]/],
      ['isprint', /[ -~]/],
      ['iswdigit', /[0-9]/],
      ['iswspace', /[\t-\r ]/],
      ['iswalpha', /[A-Za-z]/],
      ['iswalnum', /[0-9A-Za-z]/],
      ['iswxdigit', /[0-9A-Fa-f]/],
    ] as const
  ).map(([name, set]) =>
    define(name, HIGH, `${PAGE}/is-isw-routines`, (_, call) => (set.test(character(call)) ? 1 : 0)),
  ),
  // Lehmer's generator; RtlRandomEx is a better one on a real machine, and here the same.
  ...(['RtlRandom', 'RtlRandomEx'] as const).map((name) =>
    define(name, HIGH, `ntifs/nf-ntifs-${name.toLowerCase()}`, (guest, call) => {
      const seed = checked(guest, call, 0, 'write', 4);
      const next = Number((BigInt(guest.memory.u32(seed)) * 0x7fff_ffedn + 0x7fff_ffc3n) % 0x7fff_ffffn);
      guest.memory.setU32(seed, next);
      return next;
    }),
  ),
  define('rand', HIGH, `${PAGE}/rand`, (guest) => guest.part(Random).next()),
  define('srand', HIGH, `${PAGE}/srand`, (guest, call) => {
    guest.part(Random).seed = call.u32(0);
  }),
  define('abs', HIGH, `${PAGE}/abs-labs-llabs-abs64`, (_, call) => Math.abs(call.i32(0)) >>> 0),
  define('qsort', HIGH, `${PAGE}/qsort`, sort),
  define('bsearch', HIGH, `${PAGE}/bsearch`, search),
];

function character(call: GuestCall): string {
  return String.fromCharCode(call.u16(0));
}

function decimal(text: string): bigint {
  const digits = /^\s*([-+]?\d+)/.exec(text)?.[1];
  return BigInt.asUintN(64, BigInt(digits?.replace('+', '') ?? 0));
}

/** The number that a text begins with: how large it is, its sign, and how many characters it takes. */
interface Scanned {
  readonly magnitude: number;
  readonly isNegative: boolean;
  readonly length: number;
}

function numberIn(text: string, radix: number): Scanned {
  const isHex = radix === 16 || (radix === 0 && /^\s*[-+]?0x/i.test(text));
  const base = isHex ? 16 : radix || (/^\s*[-+]?0\d/.test(text) ? 8 : 10);
  const start = /^\s*[-+]?/.exec(text)?.[0].length ?? 0;
  const from = isHex && /^0x/i.test(text.slice(start)) ? start + 2 : start;
  let end = from;
  while (end < text.length && !Number.isNaN(Number.parseInt(text[end] ?? '', base))) end += 1;
  if (end === from) return { magnitude: 0, isNegative: false, length: 0 };
  const magnitude = Number.parseInt(text.slice(from, end), base);
  return { magnitude, isNegative: text.slice(0, start).includes('-'), length: end };
}

/** The driver's own function says which of two elements comes first. */
function* order(guest: Guest, compare: bigint, left: bigint, right: bigint): Call<number> {
  return Number(BigInt.asIntN(32, yield* guest.call(compare, left, right)));
}

/** Sorts in place, by insertion: two elements are only ever compared where they are. */
function* sort(guest: Guest, call: GuestCall): Call<Result> {
  const [base, count, width, compare] = [call.u64(0), Number(call.u64(1)), Number(call.u64(2)), call.u64(3)];
  const { memory } = guest;
  for (let sorted = 1; sorted < count; sorted += 1) {
    for (let at = sorted; at > 0; at -= 1) {
      const [left, right] = [base + BigInt(width * (at - 1)), base + BigInt(width * at)];
      if ((yield* order(guest, compare, left, right)) <= 0) break;
      const [first, second] = [guest.offset(left), guest.offset(right)];
      guest.touch('write', first, 2 * width);
      const moved = memory.bytes.slice(first, second);
      memory.write(first, memory.bytes.slice(second, second + width));
      memory.write(second, moved);
    }
  }
}

function* search(guest: Guest, call: GuestCall): Call<Result> {
  const [key, base, width, compare] = [call.u64(0), call.u64(1), call.u64(3), call.u64(4)];
  let [low, high] = [0n, call.u64(2)];
  while (low < high) {
    const middle = (low + high) / 2n;
    const element = base + width * middle;
    const sign = yield* order(guest, compare, key, element);
    if (sign === 0) return element;
    if (sign < 0) high = middle;
    else low = middle + 1n;
  }
  return 0n;
}
