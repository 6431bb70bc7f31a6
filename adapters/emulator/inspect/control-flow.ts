import type { Instruction, MemoryOperand, Operand } from '../cpu/instruction';

/** What is known of a register or of a place on the stack. */
export type Known =
  /** The address of the IRP, or of its stack location. */
  | { readonly is: 'irp' | 'location' }
  /** The control code, less a number, and shifted to the right by some bits. */
  | Code
  | Major
  /** What a table of bytes has for it: compilers put it in front of the table of a switch. */
  | { readonly is: 'entry'; readonly code: Code | Major; readonly bytes: number }
  | { readonly is: 'number'; readonly value: number }
  /** An address in the function's own part of the stack. */
  | { readonly is: 'frame'; readonly at: number };

export interface Code {
  readonly is: 'code';
  readonly less: number;
  readonly shifted: number;
}

/** The kind of the request, which is given, less a number: a routine may serve several kinds. */
export interface Major {
  readonly is: 'major';
  readonly value: number;
}

/** A comparison of a code, or of the kind of the request, with a number. */
export interface Comparison {
  readonly code: Code | Major;
  readonly with: number;
}

/** The table that an indirect jump takes its target from. */
export interface Switch {
  readonly code: Code | Major;
  /** RVA of the 32-bit entries, and what they count from. */
  readonly table: number;
  readonly base: number;
  /** RVA of a table of bytes that the code chooses from first. */
  readonly bytes?: number;
}

const RSP = 4;
/** Offsets of the structures, see machine/io/layouts. */
const CURRENT_STACK_LOCATION = 0xb8;
const MAJOR_FUNCTION = 0;
const IO_CONTROL_CODE = 0x18;
const SYSTEM_BUFFER = 0x18;
/** Of Parameters.Create. */
const EA_LENGTH = 0x20;

/** What is asked of the routine. */
export interface Request {
  /** IRP_MJ_CREATE and the like, as in the stack location. */
  readonly major: number;
  /** The extended attribute of an open was read on the way, if it is an open: its buffer, or its length. */
  readsAttribute: boolean;
}

/** What is known at one place of a function, and how instructions change it. */
export class Flow {
  compared: Comparison | undefined;
  switch: Switch | undefined;
  /** Codes of a switch are below it. */
  limit: number | undefined;
  /** What all copies share. */
  readonly request: Request;
  private readonly places = new Map<string, Known>();

  constructor(registers: readonly (readonly [number, Known])[], request: Request) {
    this.request = request;
    for (const [index, known] of registers) this.set(index, known);
    this.set(RSP, { is: 'frame', at: 0 });
  }

  copy(): Flow {
    const copy = new Flow([], this.request);
    for (const [place, known] of this.places) copy.places.set(place, known);
    copy.compared = this.compared;
    copy.switch = this.switch;
    copy.limit = this.limit;
    return copy;
  }

  get(register: number): Known | undefined {
    return this.places.get(`r${register}`);
  }

  set(register: number, known: Known | undefined): void {
    this.put(`r${register}`, known);
  }

  /** One instruction that goes on to the next. */
  take({ mnemonic, operands }: Instruction): void {
    const [to, from] = operands;
    switch (mnemonic) {
      case 'mov':
      case 'movsxd':
      case 'movzx':
        if (from?.kind === 'memory' && from.index >= 0) return this.write(to, this.lookUp(from));
        return this.write(to, this.read(from));
      case 'rol':
      case 'ror':
      case 'shr':
        return this.write(to, shifted(this.read(to), this.read(from), mnemonic));
      case 'lea':
        return this.write(to, from?.kind === 'memory' ? this.addressIn(from) : undefined);
      case 'push':
        return this.move(-8);
      case 'pop':
        this.write(to, undefined);
        return this.move(8);
      case 'cmp':
        this.compared = comparison(this.read(to), this.read(from));
        return;
      case 'test':
        this.compared = isSame(to, from) ? comparison(this.read(to), { is: 'number', value: 0 }) : undefined;
        return;
      case 'add':
      case 'sub':
        return this.count(to, this.read(from), mnemonic === 'add' ? -1 : 1);
      case 'inc':
      case 'dec':
        return this.count(to, { is: 'number', value: 1 }, mnemonic === 'inc' ? -1 : 1);
      case 'xor':
        return this.write(to, isSame(to, from) ? { is: 'number', value: 0 } : undefined);
      default:
        this.write(to, undefined);
    }
  }

  /** @param sign 1 takes the number away */
  private count(to: Operand | undefined, by: Known | undefined, sign: 1 | -1): void {
    const known = this.read(to);
    // A sum is the same either way round.
    const [of, number] = sign === -1 && known?.is === 'number' ? [by, known] : [known, by];
    const result = number?.is === 'number' ? less(of, sign * number.value) : undefined;
    this.write(to, result);
    this.compared = comparison(result, { is: 'number', value: 0 });
  }

  private move(bytes: number): void {
    this.set(RSP, less(this.get(RSP), -bytes));
  }

  private read(operand: Operand | undefined): Known | undefined {
    if (operand?.kind === 'immediate') return { is: 'number', value: operand.lo };
    const place = this.placeOf(operand);
    if (place !== undefined) return this.places.get(place);
    if (operand?.kind !== 'memory' || operand.index >= 0) return undefined;
    const base = this.get(operand.base)?.is;
    if (base === 'irp' && operand.lo === CURRENT_STACK_LOCATION) return { is: 'location' };
    if ((base === 'irp' && operand.lo === SYSTEM_BUFFER) || (base === 'location' && operand.lo === EA_LENGTH)) {
      this.request.readsAttribute = true;
    }
    if (base === 'location' && operand.lo === MAJOR_FUNCTION && operand.size === 1) {
      return { is: 'major', value: this.request.major };
    }
    return base === 'location' && operand.lo === IO_CONTROL_CODE ? { is: 'code', less: 0, shifted: 0 } : undefined;
  }

  private write(operand: Operand | undefined, known: Known | undefined): void {
    const place = this.placeOf(operand);
    if (place !== undefined) this.put(place, known);
  }

  private put(place: string, known: Known | undefined): void {
    if (known) this.places.set(place, known);
    else this.places.delete(place);
  }

  private placeOf(operand: Operand | undefined): string | undefined {
    if (operand?.kind === 'register') return operand.bank === 'general' ? `r${operand.index}` : undefined;
    const address = operand?.kind === 'memory' ? this.addressOf(operand) : undefined;
    return address?.is === 'frame' ? `s${address.at}` : undefined;
  }

  /** A table of a switch, read at a place that the code decides. */
  private lookUp({ base, index, scale, size, lo }: MemoryOperand): Known | undefined {
    const start = base < 0 ? undefined : this.get(base);
    const by = this.get(index);
    if (start?.is !== 'number') return undefined;
    const table = (start.value + lo) >>> 0;
    const isChosen = by?.is === 'code' || by?.is === 'major';
    if (isChosen && scale === 1 && size === 1) return { is: 'entry', code: by, bytes: table };
    if (scale !== 4 || size !== 4) return undefined;
    if (isChosen) this.switch = { code: by, table, base: start.value };
    else if (by?.is === 'entry') this.switch = { code: by.code, table, base: start.value, bytes: by.bytes };
    return undefined;
  }

  /** What `lea` gives: on the stack, a sum, or an address of the image. */
  private addressIn(operand: MemoryOperand): Known | undefined {
    const { base, index, lo } = operand;
    return base < 0 && index < 0 ? { is: 'number', value: lo } : this.addressOf(operand);
  }

  private addressOf({ base, index, lo }: MemoryOperand): Known | undefined {
    return base < 0 || index >= 0 ? undefined : less(this.get(base), -lo);
  }
}

/** @returns what is known, less a number */
function less(known: Known | undefined, by: number): Known | undefined {
  switch (known?.is) {
    case 'code':
      return known.shifted === 0 ? { ...known, less: known.less + by } : undefined;
    case 'number':
    case 'major':
      return { is: known.is, value: known.value - by };
    case 'frame':
      return { is: 'frame', at: known.at - by };
    default:
      return by === 0 ? known : undefined;
  }
}

function comparison(a: Known | undefined, b: Known | undefined): Comparison | undefined {
  if ((a?.is === 'code' || a?.is === 'major') && b?.is === 'number') return { code: a, with: b.value };
  return a?.is === 'number' && (b?.is === 'code' || b?.is === 'major') ? comparison(b, a) : undefined;
}

/** A rotation stands for a shift: codes of a switch that starts at one of them have no low bits. */
function shifted(known: Known | undefined, by: Known | undefined, how: 'rol' | 'ror' | 'shr'): Known | undefined {
  if (by?.is !== 'number') return undefined;
  const bits = how === 'rol' ? 32 - by.value : by.value;
  if (known?.is === 'major') {
    const low = how === 'shr' ? 0 : known.value << (32 - bits);
    return { is: 'major', value: ((known.value >>> bits) | low) >>> 0 };
  }
  if (known?.is !== 'code') return undefined;
  return bits > 0 && bits < 8 ? { ...known, shifted: known.shifted + bits } : undefined;
}

/** @returns the code that is less, shifted, a number */
export function codeAt({ less: taken, shifted: bits }: Code, value: number): number {
  return ((value << bits) + taken) >>> 0;
}

function isSame(a: Operand | undefined, b: Operand | undefined): boolean {
  return a?.kind === 'register' && b?.kind === 'register' && a.bank === b.bank && a.index === b.index;
}
