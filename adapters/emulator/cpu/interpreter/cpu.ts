/** What an instruction works on while a thread runs: its registers, the memory behind checks, and the ways to stop. */
import { GUEST_BASE, PAGE_SIZE, type Exit, type GuestMemory } from '../contract';
import { RegisterFile } from '../memory';
import { BASE_HIGH } from '../memory/registers';

/** An instruction, ready to run. It throws `Stop` before it has had any effect, or has all its effects. */
export type Execute = (cpu: Cpu) => void;

/** Thrown to end a run. There is one a processor: making errors is slow. */
export class Stop extends Error {
  override readonly name = 'Stop';
  exit: Exit = { kind: 'budget' };
}

/** `ip` when it is outside the window: `wildLo` and `wildHi` say where. */
export const WILD = -1;

export const RSP = 4;

export class Cpu {
  /** High half of the 64-bit value that the last read or operation returned the low half of. */
  hi = 0;
  /** Offset of the next instruction, or WILD. */
  ip: number = WILD;
  wildLo = 0;
  wildHi = 0;
  irql = 0;
  /** Instructions executed. */
  count = 0;
  flags = 2;
  gsLo = 0;
  gsHi = 0;
  /** The thread's registers: see RegisterFile. */
  i32: Int32Array;
  u16: Uint16Array;
  u8: Uint8Array;
  u64: BigUint64Array;
  vector: Int32Array;
  /** Not 0 for pages that instructions were decoded of. */
  readonly codePages: Uint8Array;
  private readonly stop = new Stop();

  /** @param forget drops what was decoded of a range, because it has been written to */
  constructor(
    readonly memory: GuestMemory,
    private readonly forget: (offset: number, length: number) => void,
  ) {
    const none = new RegisterFile();
    this.i32 = none.i32;
    this.u16 = none.u16;
    this.u8 = none.u8;
    this.u64 = none.u64;
    this.vector = none.vector;
    this.codePages = new Uint8Array(Math.ceil(memory.size / PAGE_SIZE) + 1);
  }

  enter(registers: RegisterFile): void {
    this.i32 = registers.i32;
    this.u16 = registers.u16;
    this.u8 = registers.u8;
    this.u64 = registers.u64;
    this.vector = registers.vector;
    this.flags = registers.flags;
    this.gsLo = low(registers.gsBase);
    this.gsHi = low(registers.gsBase >> 32n);
    this.jump(low(registers.rip), low(registers.rip >> 32n));
  }

  leave(registers: RegisterFile): void {
    registers.flags = this.flags;
    registers.rip = this.ip === WILD ? join(this.wildLo, this.wildHi) : GUEST_BASE + BigInt(this.ip);
  }

  jump(lo: number, hi: number): void {
    this.ip = lo >>> 0;
    if (hi === BASE_HIGH && this.ip < this.memory.size) return;
    this.ip = WILD;
    this.wildLo = lo;
    this.wildHi = hi;
  }

  /**
   * @returns the offset of an access that is allowed
   * @throws Stop with a fault
   */
  readable(lo: number, hi: number, size: number): number {
    const offset = hi === BASE_HIGH ? lo >>> 0 : this.elsewhere(lo, hi, size);
    if (offset + size <= this.memory.size && this.memory.firstDenied('read', offset, size, this.irql) === undefined)
      return offset;
    throw this.fault('read', lo, hi, size);
  }

  /** As `readable`. */
  writable(lo: number, hi: number, size: number): number {
    const offset = hi === BASE_HIGH ? lo >>> 0 : this.elsewhere(lo, hi, size);
    if (offset + size <= this.memory.size && this.memory.firstDenied('write', offset, size, this.irql) === undefined)
      return offset;
    throw this.fault('write', lo, hi, size);
  }

  /** For an operand that is read and written: a processor asks for the right to write first. */
  changeable(lo: number, hi: number, size: number): number {
    this.writable(lo, hi, size);
    return this.readable(lo, hi, size);
  }

  /** @returns the offset of a range outside the window's own addresses, behind the window when there is none */
  private elsewhere(lo: number, hi: number, size: number): number {
    const address = join(lo, hi);
    const alias = this.memory.aliasOf(address, size);
    return alias?.isThere() === true ? alias.offset + Number(address - alias.address) : this.memory.size;
  }

  fault(access: 'read' | 'write', lo: number, hi: number, size: number): Stop {
    return this.stopped({ kind: 'fault', access, address: join(lo, hi), size });
  }

  stopped(exit: Exit): Stop {
    this.stop.exit = exit;
    return this.stop;
  }

  store8(offset: number, value: number): void {
    this.memory.setU8(offset, value & 0xff);
    if (this.codePages[offset >>> 12] !== 0) this.forget(offset, 1);
  }

  store16(offset: number, value: number): void {
    this.memory.setU16(offset, value & 0xffff);
    this.touched(offset, 2);
  }

  store32(offset: number, value: number): void {
    this.memory.setU32(offset, value >>> 0);
    this.touched(offset, 4);
  }

  store64(offset: number, lo: number, hi: number): void {
    this.memory.setU32(offset, lo >>> 0);
    this.memory.setU32(offset + 4, hi >>> 0);
    this.touched(offset, 8);
  }

  /** Says that the guest has written a range: code may have been in it. */
  touched(offset: number, length: number): void {
    const last = (offset + length - 1) >>> 12;
    for (let page = offset >>> 12; page <= last; page++) {
      if (this.codePages[page] !== 0) {
        this.forget(offset, length);
        return;
      }
    }
  }

  /** @returns the offset below the top of the stack that a push of so many bytes goes to, checked */
  pushable(size: number): number {
    const lo = this.i32[2 * RSP] ?? 0;
    const hi = (this.i32[2 * RSP + 1] ?? 0) - (lo >>> 0 < size ? 1 : 0);
    return this.writable((lo - size) | 0, hi | 0, size);
  }

  /** Moves rsp by a small signed number. */
  moveStack(by: number): void {
    const sum = ((this.i32[2 * RSP] ?? 0) >>> 0) + by;
    this.i32[2 * RSP] = sum | 0;
    this.i32[2 * RSP + 1] = (this.i32[2 * RSP + 1] ?? 0) + (sum < 0 ? -1 : sum > 0xffff_ffff ? 1 : 0);
  }
}

export function low(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** @returns the unsigned 64-bit value of two halves */
export function join(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}
