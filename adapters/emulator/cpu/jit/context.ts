/** What translating an instruction needs: operands, checked memory, flags, and the ways out of the function. */
import type { Instruction, MemoryOperand, Operand, RegisterOperand } from '../instruction';
import { DISPATCH_PLANES, PLANE_OF } from '../memory/layout';
import type { Layout } from '../memory/layout';
import { Code } from './code';
import { FLAGS, kindOf, pushCondition } from './flags';
import type { KnownFlags, Operation } from './flags';
import { LOCAL } from './locals';
import { OP } from './opcodes';
import { pushOutside, pushShadowIndex } from './runtime';
import type { RuntimeFunction } from './runtime';
import { STATE, STATUS } from './state';

const LOADS: Record<number, number> = { 1: OP.i64Load8U, 2: OP.i64Load16U, 4: OP.i64Load32U, 8: OP.i64Load };
const STORES: Record<number, number> = { 1: OP.i64Store8, 2: OP.i64Store16, 4: OP.i64Store32, 8: OP.i64Store };
const PAGE_SHIFT = 12;
const RSP = 4;

/** Distance to the planes for DISPATCH_LEVEL. */
export function dispatchDistance(layout: Layout): number {
  return DISPATCH_PLANES * layout.planeStride;
}

export class Context {
  readonly code = new Code();
  /** Of the flags as they are at this place of the block. */
  known: KnownFlags | undefined;
  /** Of the flags as they mostly are where the block begins. */
  likely: KnownFlags | undefined;
  /** Nobody sees the flags that this instruction leaves. */
  flagsDead = false;
  instruction: Instruction | undefined;
  /** Instructions of the block, from this one on: what an exit before it gives back to the budget. */
  unexecuted = 0;

  constructor(
    readonly layout: Layout,
    private readonly functions: Readonly<Record<RuntimeFunction, number>>,
    /** Guest address of offset 0, in halves. */
    readonly base: { readonly lo: number; readonly hi: number },
    /** Emits the way out of the function, to rip and with the budget as they are in their locals. */
    private readonly leave: (status: number) => void,
  ) {}

  call(name: RuntimeFunction): void {
    this.code.call(this.functions[name]);
  }

  /** Offset in the memory of a field of the state. */
  state(field: number): number {
    return this.layout.engine + field;
  }

  // Ways out

  /** Leaves before this instruction has had any effect. */
  stop(status: number): void {
    this.pushRip(this.instruction?.offset ?? 0);
    this.code.set(LOCAL.rip);
    if (this.unexecuted > 0) {
      this.code.get(LOCAL.budget).i32(this.unexecuted).op(OP.i32Add).set(LOCAL.budget);
    }
    this.leave(status);
  }

  pushRip(offset: number): void {
    this.code.i64(this.base.lo + offset, this.base.hi);
  }

  // Registers

  /** Pushes the value of a general register, zero-extended. */
  pushRegister({ bank, index, size }: RegisterOperand): void {
    const { code } = this;
    code.get(LOCAL.general + index);
    if (bank === 'high') code.i64(8).op(OP.i64ShrU);
    this.narrow(size);
  }

  /** Zero-extends what is on the stack. */
  narrow(size: number): void {
    const { code } = this;
    if (size === 4) code.op(OP.i32WrapI64).op(OP.i64ExtendI32U);
    else if (size < 4) code.i64(size === 1 ? 0xff : 0xffff).op(OP.i64And);
  }

  /** Sets a general register from a local that holds its value zero-extended. */
  setRegister({ bank, index, size }: RegisterOperand, local: number): void {
    const { code } = this;
    const register = LOCAL.general + index;
    if (size >= 4) code.get(local);
    else if (bank === 'high') {
      code.get(register).i64(~0xff00).op(OP.i64And).get(local).i64(8).op(OP.i64Shl).op(OP.i64Or);
    } else {
      code
        .get(register)
        .i64(size === 1 ? ~0xff : ~0xffff)
        .op(OP.i64And)
        .get(local)
        .op(OP.i64Or);
    }
    code.set(register);
  }

  // Memory

  /** Puts the effective address into a local, with the base of its segment unless `lea` asks. */
  address(operand: MemoryOperand, into: number = LOCAL.address, segment = true): void {
    const { code } = this;
    const { base, index, scale, lo, hi } = operand;
    const displaced = lo !== 0 || hi !== 0;
    if (base >= 0) code.get(LOCAL.general + base);
    if (index >= 0) {
      code.get(LOCAL.general + index);
      if (scale > 1) code.i64(Math.log2(scale)).op(OP.i64Shl);
      if (base >= 0) code.op(OP.i64Add);
    }
    if (base < 0 && index < 0) code.i64(lo, hi);
    else if (displaced) code.i64(lo, hi).op(OP.i64Add);
    if (operand.addressSize === 4) this.narrow(4);
    if (segment && operand.segment === 'gs') {
      code.i32(0).access(OP.i64Load, this.state(STATE.gsBase)).op(OP.i64Add);
    }
    code.set(into);
  }

  /** Leaves with a fault unless the shadow allows the access at the address that a local holds. */
  check(access: 'read' | 'write', size: number, address: number = LOCAL.address): void {
    const { code, layout } = this;
    const plane = layout.planes + PLANE_OF[access] * layout.planeStride;
    const allowed = code.block();
    const doubtful = code.block();
    pushOutside(code, address, layout.windowBits);
    code.brIf(doubtful);
    pushShadowIndex(code, address);
    code.get(LOCAL.planeOffset).op(OP.i32Add);
    if (size > 8) code.access(OP.i32Load, plane).i32(-1).op(OP.i32Eq);
    else code.access(OP.i32Load16U, plane).i32(0xffff).op(OP.i32Eq);
    code.brIf(allowed);
    code.end();
    code.get(address).i32(size).get(LOCAL.planeOffset).i32(plane).op(OP.i32Add);
    this.call('denied');
    code.op(OP.i32Eqz).brIf(allowed);
    this.stop(STATUS[access]);
    code.end();
  }

  /** As the processor does for an operand that it changes: it asks for the right to write first. */
  checkChange(size: number, address: number = LOCAL.address): void {
    this.check('write', size, address);
    this.check('read', size, address);
  }

  /** Pushes checked memory, zero-extended. */
  load(size: number, address: number = LOCAL.address): void {
    this.code.get(address).op(OP.i32WrapI64).access(accessOf(LOADS, size), 0);
  }

  /** Stores a local into checked memory and marks its pages. */
  store(size: number, value: number, address: number = LOCAL.address): void {
    const { code } = this;
    code.get(address).op(OP.i32WrapI64).get(value).access(accessOf(STORES, size), 0);
    this.mark(size, address);
  }

  mark(size: number, address: number = LOCAL.address): void {
    const { code, layout } = this;
    code.get(address).op(OP.i32WrapI64).i32(PAGE_SHIFT).op(OP.i32ShrU).i32(1).access(OP.i32Store8, layout.dirty);
    if (size === 1) return;
    code
      .get(address)
      .op(OP.i32WrapI64)
      .i32(size - 1)
      .op(OP.i32Add)
      .i32(PAGE_SHIFT)
      .op(OP.i32ShrU);
    code.i32(1).access(OP.i32Store8, layout.dirty);
  }

  // Operands

  operand(index: number): Operand {
    const operand = this.instruction?.operands[index];
    if (operand === undefined) throw new RangeError(`${this.instruction?.mnemonic} has no operand ${index}`);
    return operand;
  }

  /** Puts the value of an operand into a local: memory is checked and read. Immediates are cut to the size. */
  read(operand: Operand, into: number, size: number): void {
    const { code } = this;
    if (operand.kind === 'register') this.pushRegister(operand);
    else if (operand.kind === 'memory') {
      this.address(operand);
      this.check('read', operand.size);
      this.load(operand.size);
    } else pushCut(code, operand.lo, operand.hi, size);
    code.set(into);
  }

  /** Asks for the accesses that an instruction makes to its first operand; the address stays in `address` then. */
  locate(operand: Operand, into: number = LOCAL.address): void {
    if (operand.kind !== 'memory') return;
    this.address(operand, into);
    if (operand.read && operand.write) this.checkChange(operand.size, into);
    else this.check(operand.write ? 'write' : 'read', operand.size, into);
  }

  /** Pushes the value of a destination that `locate` was asked about. */
  pushLocated(operand: Operand, at: number = LOCAL.address): void {
    if (operand.kind === 'register') this.pushRegister(operand);
    else if (operand.kind === 'memory') this.load(operand.size, at);
  }

  /** Writes a local to a destination that `locate` was asked about. */
  write(operand: Operand, value: number, at: number = LOCAL.address): void {
    if (operand.kind === 'register') this.setRegister(operand, value);
    else if (operand.kind === 'memory') this.store(operand.size, value, at);
  }

  // The stack

  /** Puts the address of a push of 8 bytes into a local, checked. */
  locatePush(into: number): void {
    this.code
      .get(LOCAL.general + RSP)
      .i64(8)
      .op(OP.i64Sub)
      .set(into);
    this.check('write', 8, into);
  }

  moveStack(by: number): void {
    const rsp = LOCAL.general + RSP;
    this.code.get(rsp).i64(by).op(OP.i64Add).set(rsp);
  }

  // Flags

  /** Says how the flags follow from locals; those left out stay what they are and do not matter. */
  setFlags(operation: Operation, size: number, values: { a?: number; b?: number; result: number }): void {
    const { code } = this;
    this.known = { operation, size };
    code.i32(kindOf(this.known)).set(LOCAL.flagKind);
    if (values.a !== undefined) code.get(values.a).set(LOCAL.flagA);
    if (values.b !== undefined) code.get(values.b).set(LOCAL.flagB);
    code.get(values.result).set(LOCAL.flagResult);
  }

  /** Pushes all arithmetic flags as an i32. */
  pushFlags(): void {
    const { code } = this;
    if (this.known !== undefined && FLAGS[this.known.operation] === FLAGS.explicit) {
      code.get(LOCAL.flagResult).op(OP.i32WrapI64);
      return;
    }
    code.get(LOCAL.flagKind).get(LOCAL.flagA).get(LOCAL.flagB).get(LOCAL.flagResult);
    this.call('flags');
  }

  /** Pushes 1 when a condition holds, else 0, as an i32. */
  pushCondition(condition: number): void {
    pushCondition(this.code, condition, this, {
      kind: LOCAL.flagKind,
      a: LOCAL.flagA,
      b: LOCAL.flagB,
      result: LOCAL.flagResult,
      scratch: LOCAL.scratch,
      all: () => this.pushFlags(),
    });
  }
}

function accessOf(table: Record<number, number>, size: number): number {
  const opcode = table[size];
  if (opcode === undefined) throw new RangeError(`There is no access of ${size} bytes`);
  return opcode;
}

function pushCut(code: Code, lo: number, hi: number, size: number): void {
  if (size === 8) code.i64(lo, hi);
  else if (size === 4) code.i64(lo, 0);
  else code.i64(lo & (size === 1 ? 0xff : 0xffff), 0);
}
