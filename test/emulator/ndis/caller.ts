import { newUnicodeString } from '../../../adapters/emulator/machine/text';
import { Booted } from '../machine/booted';

export const NET_BUFFER = {
  currentMdl: 0x08,
  currentMdlOffset: 0x10,
  dataLength: 0x18,
  mdlChain: 0x20,
  dataOffset: 0x28,
};
export const NBL = { firstNetBuffer: 0x08, poolHandle: 0x20, sourceHandle: 0x78, info: 0x90 };
export const MDL = { next: 0x00, byteCount: 0x28 };

/** A driver that calls NDIS with no handle of its own. */
export class Caller extends Booted {
  /** @returns the offset of zeroed memory */
  space(length: number): number {
    return this.guest.allocate(length);
  }

  do(name: string, ...args: readonly (bigint | number)[]): bigint {
    const result = this.run(() => this.export(name, ...args));
    if (result === undefined) throw this.bugcheck;
    return result;
  }

  address(offset: number): bigint {
    return this.guest.address(offset);
  }

  u32(pointer: bigint, member = 0): number {
    return this.guest.memory.u32(this.guest.offset(pointer) + member);
  }

  u64(pointer: bigint, member = 0): bigint {
    return this.guest.memory.u64(this.guest.offset(pointer) + member);
  }

  name(text: string): bigint {
    return this.address(newUnicodeString(this.guest, text));
  }

  pool(fAllocateNetBuffer: boolean, dataSize: number): bigint {
    const parameters = this.space(0x18);
    const { memory } = this.guest;
    memory.setU8(parameters, 0x80);
    memory.setU8(parameters + 1, 1);
    memory.setU16(parameters + 2, 0x14);
    memory.setU8(parameters + 5, fAllocateNetBuffer ? 1 : 0);
    memory.setU32(parameters + 0x0c, dataSize);
    return this.do('NdisAllocateNetBufferListPool', 0, this.address(parameters));
  }

  /** An NBL over `length` bytes of the driver's own, the first of which are unused. */
  frame(length: number, unused: number): { readonly nbl: bigint; readonly nb: bigint; readonly data: number } {
    const data = this.space(length);
    for (let i = 0; i < length; i += 1) this.guest.memory.setU8(data + i, i);
    const mdl = this.do('NdisAllocateMdl', 0, this.address(data), length);
    const nbl = this.do(
      'NdisAllocateNetBufferAndNetBufferList',
      this.pool(true, 0),
      0,
      0,
      mdl,
      unused,
      length - unused,
    );
    return { nbl, nb: this.u64(nbl, NBL.firstNetBuffer), data };
  }

  bytes(pointer: bigint, length: number): number[] {
    const at = this.guest.offset(pointer);
    return [...this.guest.memory.bytes.subarray(at, at + length)];
  }
}
