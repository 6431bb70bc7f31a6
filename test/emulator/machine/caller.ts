import { newUnicodeString, readUnicodeString, utf16 } from '../../../adapters/emulator/machine/text';
import { Booted } from './booted';

/** A driver that calls the kernel. */
export class Caller extends Booted {
  do(name: string, ...args: readonly (bigint | number)[]): bigint {
    const result = this.run(() => this.export(name, ...args));
    if (result === undefined) throw this.bugcheck;
    return result;
  }

  space(length: number): bigint {
    return this.guest.address(this.guest.allocate(length));
  }

  bytes(content: Uint8Array): bigint {
    const at = this.space(content.length);
    this.guest.memory.write(this.guest.offset(at), content);
    return at;
  }

  wide(text: string): bigint {
    return this.bytes(utf16(text, true));
  }

  narrow(text: string): bigint {
    return this.bytes(Buffer.from(`${text}\0`, 'latin1'));
  }

  counted(text: string): bigint {
    return this.guest.address(newUnicodeString(this.guest, text));
  }

  text(at: bigint): string {
    return readUnicodeString(this.guest, this.guest.offset(at));
  }

  u32(at: bigint, member = 0): number {
    return this.guest.memory.u32(this.guest.offset(at) + member);
  }

  u64(at: bigint, member = 0): bigint {
    return this.guest.memory.u64(this.guest.offset(at) + member);
  }

  put(at: bigint, member: number, value: bigint): void {
    this.guest.memory.setU64(this.guest.offset(at) + member, value);
  }
}
