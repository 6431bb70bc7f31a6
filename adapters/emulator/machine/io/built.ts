import type { Call } from '../../../../src/kernel';
import type { Guest } from '../guest';
import { DispatcherObjects } from '../ntoskrnl/objects';
import { DEVICE_FLAGS, DEVICE_OBJECT, IRP, MAJOR_FUNCTIONS, STACK_LOCATION } from './layouts';
import { newLockedMdl } from './mdl';
import { newIrp } from './own';

/** What an IRP that the I/O manager builds for a driver is to do. */
export interface Wanted {
  readonly major: number;
  readonly device: number;
  /** Address of the IO_STATUS_BLOCK that is filled at the end; 0 for none. */
  readonly status: bigint;
  /** Address of the event that is set at the end; 0 for none. */
  readonly event: bigint;
  /** The driver frees it itself, by a completion routine that keeps it. */
  readonly isKept: boolean;
}

/** Parameters of IO_STACK_LOCATION, from the beginning of the location. */
const READ_WRITE = { length: 0x08, byteOffset: 0x18 } as const;
const DEVICE_CONTROL = { output: 0x08, input: 0x10, code: 0x18, type3Input: 0x20 } as const;
const METHOD = { buffered: 0, neither: 3 } as const;

/** IRPs that are built for drivers to send, and what the I/O manager does when one of them has come back. */
export class BuiltIrps {
  private readonly ends = new Map<number, () => void>();
  private readonly kept = new Set<number>();

  constructor(private readonly guest: Guest) {}

  /** IoBuildDeviceIoControlRequest. @returns offset of the IRP */
  deviceControl(
    wanted: Wanted,
    code: number,
    input: { readonly address: bigint; readonly length: number },
    output: { readonly address: bigint; readonly length: number },
  ): number {
    const { guest } = this;
    const { memory } = guest;
    const { irp, location } = this.begin(wanted);
    memory.setU32(location + DEVICE_CONTROL.output, output.length);
    memory.setU32(location + DEVICE_CONTROL.input, input.length);
    memory.setU32(location + DEVICE_CONTROL.code, code);
    memory.setU64(irp + IRP.userBuffer, output.address);
    const method = code & 3;
    if (method === METHOD.neither) {
      memory.setU64(location + DEVICE_CONTROL.type3Input, input.address);
      return irp;
    }
    const room = method === METHOD.buffered ? Math.max(input.length, output.length) : input.length;
    const buffer = room === 0 ? 0 : guest.allocate(room);
    this.copyIn(buffer, input.address, input.length);
    memory.setU64(irp + IRP.systemBuffer, guest.address(buffer));
    if (method === METHOD.buffered) this.copyBack(irp, buffer, output.address, output.length);
    else if (output.length > 0) this.describe(irp, output.address, output.length);
    return irp;
  }

  /** IoBuildSynchronousFsdRequest and IoBuildAsynchronousFsdRequest. @returns offset of the IRP */
  transfer(wanted: Wanted, address: bigint, length: number, byteOffset: bigint): number {
    const { guest } = this;
    const { memory } = guest;
    const { irp, location } = this.begin(wanted);
    const isRead = wanted.major === MAJOR_FUNCTIONS.IRP_MJ_READ;
    if (!isRead && wanted.major !== MAJOR_FUNCTIONS.IRP_MJ_WRITE) return irp;
    memory.setU32(location + READ_WRITE.length, length);
    memory.setU64(location + READ_WRITE.byteOffset, byteOffset);
    const flags = memory.u32(wanted.device + DEVICE_OBJECT.flags);
    if ((flags & DEVICE_FLAGS.direct) !== 0) {
      this.describe(irp, address, length);
    } else if ((flags & DEVICE_FLAGS.buffered) !== 0) {
      const buffer = guest.allocate(length);
      memory.setU64(irp + IRP.systemBuffer, guest.address(buffer));
      if (isRead) this.copyBack(irp, buffer, address, length);
      else this.copyIn(buffer, address, length);
    } else {
      memory.setU64(irp + IRP.userBuffer, address);
    }
    return irp;
  }

  /** All drivers are done with an IRP: what was asked for goes to who asked. */
  *finish(irp: number): Call<void> {
    const { guest } = this;
    const { memory } = guest;
    this.ends.get(irp)?.();
    this.ends.delete(irp);
    const status = memory.u64(irp + IRP.userIosb);
    if (status !== 0n) {
      const at = guest.offset(status);
      guest.touch('write', at, 16);
      memory.setU32(at, memory.u32(irp + IRP.status));
      memory.setU64(at + 8, memory.u64(irp + IRP.information));
    }
    const event = memory.u64(irp + IRP.userEvent);
    if (!this.kept.has(irp)) guest.bury(irp, memory.u16(irp + 2), 'an IRP that has been completed');
    if (event === 0n) return;
    yield* guest.kernel.point('NdisSetEvent');
    guest.part(DispatcherObjects).setState(guest.offset(event), 1);
  }

  private begin({ major, device, status, event, isKept }: Wanted): { readonly irp: number; readonly location: number } {
    const { guest } = this;
    const { memory } = guest;
    guest.touch('read', device, DEVICE_OBJECT.size);
    const irp = newIrp(guest, memory.u8(device + DEVICE_OBJECT.stackSize));
    if (isKept) this.kept.add(irp);
    memory.setU64(irp + IRP.userIosb, status);
    memory.setU64(irp + IRP.userEvent, event);
    const location = guest.offset(memory.u64(irp + IRP.currentStackLocation)) - STACK_LOCATION.size;
    memory.setU8(location + STACK_LOCATION.majorFunction, major);
    return { irp, location };
  }

  private copyIn(buffer: number, address: bigint, length: number): void {
    if (length === 0) return;
    const from = this.guest.offset(address);
    this.guest.touch('read', from, length);
    this.guest.memory.write(buffer, this.guest.memory.bytes.slice(from, from + length));
  }

  private copyBack(irp: number, buffer: number, address: bigint, length: number): void {
    const { memory } = this.guest;
    this.ends.set(irp, () => {
      const count = Math.min(Number(memory.u64(irp + IRP.information)), length);
      if (count === 0) return;
      const to = this.guest.offset(address);
      this.guest.touch('write', to, count);
      memory.write(to, memory.bytes.slice(buffer, buffer + count));
    });
  }

  private describe(irp: number, address: bigint, length: number): void {
    const { guest } = this;
    guest.memory.setU64(irp + IRP.mdlAddress, guest.address(newLockedMdl(guest, address, length)));
  }
}
