/** The address that could not be used, and what it looks like. */
import type { Line } from './lines';
import type { CrashText } from './parse';
import { addressKind, fillIn, hex, poolHeaderIn, textIn, type AddressKind, type Fill, type PoolHeader } from './values';

export interface BadPointer {
  /** What the instruction took for a pointer: the register, where it is known, else the address itself. */
  readonly value: bigint;
  readonly register?: string;
  /** Bytes between the pointer and what was touched. */
  readonly offset?: number;
  readonly kind: AddressKind;
  readonly header?: PoolHeader;
  readonly fill?: Fill;
  /** The pointer is eight characters of text. */
  readonly text?: string;
  /** Driver Verifier's special pool: the use of a freed block, of what lies behind a block, or of what is not mapped while it is on. */
  readonly special?: 'freed' | 'beyond the end' | 'not mapped';
  readonly lines: readonly Line[];
}

/** Bugchecks whose parameter 1 is the address. */
const ADDRESS_IN_PARAMETER_1 = new Set([0x0a, 0x50, 0xbe, 0xcc, 0xcd, 0xd1, 0xd5, 0xd6, 0xfc]);
const SPECIAL_POOL: Readonly<Record<number, BadPointer['special']>> = {
  0xcc: 'freed',
  0xd5: 'freed',
  0xcd: 'beyond the end',
  0xd6: 'beyond the end',
};
/** Instructions that read no memory through their operand. */
const NO_ACCESS = new Set(['lea', 'nop', 'int', 'ret']);

/** @returns undefined when the crash is not about an address, or the text does not show it */
export function pointerOf(crash: CrashText): BadPointer | undefined {
  const special = specialPool(crash);
  const address = accessedAddress(crash);
  const base = baseRegister(crash, address?.value);
  if (!base && !address) return undefined;
  const value = base?.value ?? address?.value ?? 0n;
  const header = poolHeaderIn(value);
  const fill = fillIn(value);
  const text = textIn(value);
  return {
    value,
    ...(base && { register: base.register, offset: base.offset }),
    kind: addressKind(value),
    ...(header && { header }),
    ...(fill && !header && { fill }),
    ...(text !== undefined && !header && !fill && { text }),
    ...(special && { special }),
    lines: [...(base?.lines ?? []), ...(address?.lines ?? [])],
  };
}

interface Read {
  readonly value: bigint;
  readonly lines: readonly Line[];
}

function accessedAddress({ bugcheck, instruction, fields }: CrashText): Read | undefined {
  const first = bugcheck && ADDRESS_IN_PARAMETER_1.has(bugcheck.code) ? bugcheck.parameters[0] : undefined;
  if (bugcheck && first !== undefined) return { value: first, lines: bugcheck.lines.slice(0, 2) };
  if (instruction?.address !== undefined && instruction.unreadable) {
    return { value: instruction.address, lines: [instruction.line] };
  }
  for (const key of ['READ_ADDRESS', 'WRITE_ADDRESS', 'EXCEPTION_PARAMETER2']) {
    const field = fields.get(key);
    const value = hex(/^[0-9a-f`x]+/i.exec(field?.value ?? '')?.[0] ?? '');
    if (field && value !== undefined) return { value, lines: [field.line] };
  }
  return undefined;
}

function baseRegister(
  { instruction, registers }: CrashText,
  address: bigint | undefined,
): (Read & { readonly register: string; readonly offset: number }) | undefined {
  const base = instruction?.base;
  if (!instruction || base === undefined || NO_ACCESS.has(instruction.mnemonic) || /[si]p$/.test(base)) {
    return undefined;
  }
  const offset = instruction.displacement ?? 0;
  const register = registers.all.find(({ name }) => name === base);
  const reached = instruction.unreadable ? instruction.address : undefined;
  const fits = (value: bigint) => {
    const target = reached ?? address;
    return target === undefined || BigInt.asUintN(64, value + BigInt(offset)) === target;
  };
  if (register && fits(register.value)) {
    return { value: register.value, register: base, offset, lines: [register.line, instruction.line] };
  }
  // A trap frame without this register: the debugger's own address tells what it held.
  const target = reached ?? address;
  if (target === undefined || target < BigInt(offset)) return undefined;
  if (register && !registers.incomplete) return undefined;
  return { value: target - BigInt(offset), register: base, offset, lines: [instruction.line] };
}

function specialPool({ bugcheck, fields }: CrashText): BadPointer['special'] {
  const known = bugcheck && SPECIAL_POOL[bugcheck.code];
  if (known) return known;
  const paged = bugcheck?.code === 0x50 || bugcheck?.code === 0xd1;
  const bucket = fields.get('FAILURE_BUCKET_ID')?.value ?? fields.get('BUCKET_ID')?.value ?? '';
  if (paged && fields.has('FREED_POOL_TAG')) return 'freed';
  return paged && /^AV_VRF_/i.test(bucket) ? 'not mapped' : undefined;
}

/** @returns what the pointer shows of the memory it was read from: nobody's any more, or somebody else's; undefined when nothing */
export function reuseOf(pointer: BadPointer | undefined): string | undefined {
  if (pointer?.special === 'freed') return 'Driver Verifier keeps freed blocks unmapped, and this address is in one';
  if (pointer?.special === 'not mapped' && pointer.kind === 'system') {
    return 'Driver Verifier is on (AV_VRF in the bucket) and keeps freed blocks unmapped, as this address is';
  }
  if (pointer?.header) {
    return `the eight bytes taken for a pointer are the header of a pool block with tag '${pointer.header.tag}': the memory belongs to somebody else by now`;
  }
  if (pointer?.fill)
    return pointer.fill.freed ? `the pointer was read from memory that holds ${pointer.fill.what}` : undefined;
  if (pointer?.text !== undefined) {
    return `the eight bytes taken for a pointer are text ("${pointer.text}"): the memory was overwritten, or is somebody else's by now`;
  }
  return pointer?.kind === 'not canonical'
    ? 'no processor takes this value for an address: it was read from memory that holds something else'
    : undefined;
}
