import type { Instruction, MemoryOperand, Operand } from '../cpu/instruction';

/** What is known of a register or of a place on the stack. */
export type Known =
  /** The address of the IRP, or of its stack location. */
  | { readonly is: 'irp' | 'location' }
  /** The control code, less a number. */
  | { readonly is: 'code'; readonly less: number }
  | { readonly is: 'number'; readonly value: number }
  /** An address in the function's own part of the stack. */
  | { readonly is: 'frame'; readonly at: number };

const RSP = 4;
/** Offsets of the structures, see machine/io/layouts. */
const CURRENT_STACK_LOCATION = 0xb8;
const IO_CONTROL_CODE = 0x18;

/** What is known at one place of a function, and how instructions change it. */
export class Flow {
  /** The code for which the last comparison finds its operands equal. */
  compared: number | undefined;
  private readonly places = new Map<string, Known>();

  constructor(registers: readonly (readonly [number, Known])[]) {
    for (const [index, known] of registers) this.set(index, known);
    this.set(RSP, { is: 'frame', at: 0 });
  }

  copy(): Flow {
    const copy = new Flow([]);
    for (const [place, known] of this.places) copy.places.set(place, known);
    copy.compared = this.compared;
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
        return this.write(to, this.read(from));
      case 'lea':
        return this.write(to, from?.kind === 'memory' ? this.addressOf(from) : undefined);
      case 'push':
        return this.move(-8);
      case 'pop':
        this.write(to, undefined);
        return this.move(8);
      case 'cmp':
        this.compared = equalAt(this.read(to), this.read(from));
        return;
      case 'test':
        this.compared = isSame(to, from) ? equalAt(this.read(to), { is: 'number', value: 0 }) : undefined;
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
    const result = by?.is === 'number' ? less(known, sign * by.value) : undefined;
    this.write(to, result);
    this.compared = equalAt(result, { is: 'number', value: 0 });
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
    return base === 'location' && operand.lo === IO_CONTROL_CODE ? { is: 'code', less: 0 } : undefined;
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

  private addressOf({ base, index, lo }: MemoryOperand): Known | undefined {
    return base < 0 || index >= 0 ? undefined : less(this.get(base), -lo);
  }
}

/** @returns what is known, less a number */
function less(known: Known | undefined, by: number): Known | undefined {
  switch (known?.is) {
    case 'code':
      return { is: 'code', less: known.less + by };
    case 'number':
      return { is: 'number', value: known.value - by };
    case 'frame':
      return { is: 'frame', at: known.at - by };
    default:
      return by === 0 ? known : undefined;
  }
}

/** @returns the control code for which the two are equal */
function equalAt(a: Known | undefined, b: Known | undefined): number | undefined {
  if (a?.is === 'code' && b?.is === 'number') return (b.value + a.less) >>> 0;
  return b?.is === 'code' && a?.is === 'number' ? equalAt(b, a) : undefined;
}

function isSame(a: Operand | undefined, b: Operand | undefined): boolean {
  return a?.kind === 'register' && b?.kind === 'register' && a.bank === b.bank && a.index === b.index;
}
