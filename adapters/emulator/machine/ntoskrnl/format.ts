import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { readAnsiString, readNarrow, readUnicodeString, readWide } from '../text';

const SPECIFICATION = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(I64|I32|I|ll|hh|[lhwjzt])?([a-zA-Z%])/g;

/** Arguments behind a format, one after the other. */
export interface FormatArguments {
  word(): bigint;
}

/** @returns the arguments of a variadic function. @param next index of the first one behind the format */
export function argumentsOf(call: GuestCall, next: number): FormatArguments {
  return { word: () => call.u64(next++) };
}

/** @returns what a va_list leads to: on x64 a pointer to words of 8 bytes */
export function argumentsAt(guest: Guest, list: bigint): FormatArguments {
  let next = list;
  return {
    word() {
      const value = guest.readU64(next);
      next += 8n;
      return value;
    },
  };
}

/**
 * What printf of the kernel makes of a format: with %wZ, %Z, %ws, %S and %I64 as DbgPrint knows them.
 * @param isWide the format is wide: %s takes wide text and %S narrow text
 */
export function format(guest: Guest, text: string, values: FormatArguments, isWide: boolean): string {
  const number = (): number => Number(BigInt.asIntN(32, values.word()));
  return text.replace(
    SPECIFICATION,
    (whole, flags: string, width: string, precision: string, size: string, kind: string) => {
      if (kind === '%') return '%';
      const columns = width === '*' ? number() : Number(width ?? 0);
      const digits = precision === '*' ? number() : precision === undefined ? undefined : Number(precision);
      const shown = one(guest, values, { kind, size: size ?? '', flags, digits, isWide }) ?? whole;
      if (flags.includes('-') || columns < 0) return shown.padEnd(Math.abs(columns));
      return flags.includes('0') && digits === undefined ? zeroed(shown, columns) : shown.padStart(columns);
    },
  );
}

interface Specification {
  readonly kind: string;
  readonly size: string;
  readonly flags: string;
  readonly digits: number | undefined;
  readonly isWide: boolean;
}

function one(
  guest: Guest,
  values: FormatArguments,
  { kind, size, flags, digits, isWide }: Specification,
): string | undefined {
  switch (kind) {
    case 'd':
    case 'i':
      return signed(BigInt.asIntN(bits(size), values.word()), flags, digits);
    case 'u':
      return BigInt.asUintN(bits(size), values.word())
        .toString()
        .padStart(digits ?? 1, '0');
    case 'x':
    case 'X': {
      const hex = BigInt.asUintN(bits(size), values.word())
        .toString(16)
        .padStart(digits ?? 1, '0');
      const prefix = flags.includes('#') ? '0x' : '';
      return kind === 'X' ? `${prefix}${hex}`.toUpperCase() : `${prefix}${hex}`;
    }
    case 'o':
      return BigInt.asUintN(bits(size), values.word())
        .toString(8)
        .padStart(digits ?? 1, '0');
    case 'p':
      return values.word().toString(16).toUpperCase().padStart(16, '0');
    case 'c':
    case 'C':
      return String.fromCharCode(Number(values.word() & (wideText(kind === 'C', size, isWide) ? 0xffffn : 0xffn)));
    case 's':
    case 'S': {
      const at = pointer(guest, values);
      if (at === 0) return '(null)';
      return wideText(kind === 'S', size, isWide) ? readWide(guest, at, digits) : readNarrow(guest, at, digits);
    }
    case 'Z': {
      const at = pointer(guest, values);
      if (at === 0) return '(null)';
      return size === 'w' || size === 'l' || (size === '' && isWide)
        ? readUnicodeString(guest, at)
        : readAnsiString(guest, at);
    }
    default:
      return undefined;
  }
}

function pointer(guest: Guest, values: FormatArguments): number {
  const address = values.word();
  return address === 0n ? 0 : guest.offset(address);
}

function wideText(isCapital: boolean, size: string, isWide: boolean): boolean {
  if (size === 'w' || size === 'l') return true;
  return size === 'h' ? false : isCapital !== isWide;
}

/** long has 32 bits. */
function bits(size: string): number {
  switch (size) {
    case 'I64':
    case 'll':
    case 'I':
    case 'j':
    case 'z':
    case 't':
      return 64;
    case 'hh':
      return 8;
    case 'h':
      return 16;
    default:
      return 32;
  }
}

function signed(value: bigint, flags: string, digits: number | undefined): string {
  const magnitude = (value < 0n ? -value : value).toString().padStart(digits ?? 1, '0');
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return `${sign}${magnitude}`;
}

function zeroed(shown: string, columns: number): string {
  const sign = /^[-+ ]/.exec(shown)?.[0] ?? '';
  return sign + shown.slice(sign.length).padStart(columns - sign.length, '0');
}
