import type { Registers } from '../cpu/contract';
import type { GuestCall } from './contract';

/** What arguments are read from. */
interface Source {
  /** @throws Bugcheck when the address is not in the window */
  offset(address: bigint): number;
  readU64(address: bigint): bigint;
}

const IN_REGISTERS = ['rcx', 'rdx', 'r8', 'r9'] as const;

/** Arguments of a call under the Microsoft x64 convention: four registers, then the stack above the home space. */
export class CallArguments implements GuestCall {
  constructor(
    private readonly source: Source,
    private readonly registers: Registers,
    readonly name: string,
    readonly caller: bigint,
  ) {}

  u64(index: number): bigint {
    const register = IN_REGISTERS[index];
    if (register) return this.registers.get(register);
    return this.source.readU64(this.registers.get('rsp') + 8n + 8n * BigInt(index));
  }

  u32(index: number): number {
    return Number(this.u64(index) & 0xffff_ffffn);
  }

  i32(index: number): number {
    return this.u32(index) | 0;
  }

  u16(index: number): number {
    return this.u32(index) & 0xffff;
  }

  u8(index: number): number {
    return this.u32(index) & 0xff;
  }

  bool(index: number): boolean {
    return this.u8(index) !== 0;
  }

  pointer(index: number): number {
    const address = this.u64(index);
    return address === 0n ? 0 : this.source.offset(address);
  }
}
