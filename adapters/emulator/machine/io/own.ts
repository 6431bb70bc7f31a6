import type { Call } from '../../../../src/kernel';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { CONTROL, DEVICE_OBJECT, DRIVER_OBJECT, IRP, STACK_LOCATION } from './layouts';

const MOST_LOCATIONS = 32;

/** @returns the offset of an IRP of the driver's own, ready to be filled */
export function newIrp(guest: Guest, stackSize: number): number {
  const count = Math.min(Math.max(stackSize, 1), MOST_LOCATIONS);
  const offset = guest.allocate(IRP.size + count * STACK_LOCATION.size);
  initialiseIrp(guest, offset, count);
  return offset;
}

/** IoInitializeIrp. @param count of stack locations that there is memory for */
export function initialiseIrp(guest: Guest, offset: number, count: number): void {
  const { memory } = guest;
  const length = IRP.size + count * STACK_LOCATION.size;
  guest.touch('write', offset, length);
  memory.fill(offset, length, 0);
  memory.setU16(offset, IRP.type);
  memory.setU16(offset + 2, length);
  memory.setU8(offset + IRP.stackCount, count);
  memory.setU8(offset + IRP.currentLocation, count + 1);
  memory.setU64(offset + IRP.currentStackLocation, guest.address(offset + length));
}

/** IofCallDriver: the next stack location becomes the current one, and the device's driver gets the IRP. @returns its status */
export function* callDriver(guest: Guest, device: number, irp: number): Call<number> {
  const { memory } = guest;
  guest.touch('write', irp, IRP.size);
  const location = memory.u8(irp + IRP.currentLocation) - 1;
  if (location <= 0) {
    throw guest.stop('0x35', 'NO_MORE_IRP_STACK_LOCATIONS', 'an IRP was sent on that has no stack location left', [
      `0x${guest.address(irp).toString(16)}`,
    ]);
  }
  const at = guest.offset(memory.u64(irp + IRP.currentStackLocation)) - STACK_LOCATION.size;
  memory.setU8(irp + IRP.currentLocation, location);
  memory.setU64(irp + IRP.currentStackLocation, guest.address(at));
  memory.setU64(at + STACK_LOCATION.deviceObject, guest.address(device));
  const driver = guest.offset(memory.u64(device + DEVICE_OBJECT.driverObject));
  const major = memory.u8(at + STACK_LOCATION.majorFunction);
  const routine = memory.u64(driver + DRIVER_OBJECT.majorFunction + 8 * major);
  return Number((yield* guest.call(routine, guest.address(device), guest.address(irp))) & 0xffff_ffffn);
}

/**
 * IofCompleteRequest for an IRP that the I/O manager did not send: completion routines run from the innermost outwards.
 * @returns false when one of them keeps it
 */
export function* completeOwn(guest: Guest, irp: number): Call<boolean> {
  const { memory } = guest;
  guest.touch('write', irp, IRP.size);
  if (memory.u16(irp) !== IRP.type) {
    throw guest.stop('0x44', 'MULTIPLE_IRP_COMPLETE_REQUESTS', 'the driver completed an address that is no IRP', [
      `0x${guest.address(irp).toString(16)}`,
    ]);
  }
  const count = memory.u8(irp + IRP.stackCount);
  while (memory.u8(irp + IRP.currentLocation) <= count) {
    const at = guest.offset(memory.u64(irp + IRP.currentStackLocation));
    const control = memory.u8(at + STACK_LOCATION.control);
    const device = memory.u64(at + STACK_LOCATION.deviceObject);
    memory.setU8(irp + IRP.pendingReturned, control & CONTROL.pendingReturned);
    memory.setU8(irp + IRP.currentLocation, memory.u8(irp + IRP.currentLocation) + 1);
    memory.setU64(irp + IRP.currentStackLocation, guest.address(at + STACK_LOCATION.size));
    const isError = memory.u32(irp + IRP.status) >= 0xc000_0000;
    if ((control & (isError ? CONTROL.invokeOnError : CONTROL.invokeOnSuccess)) === 0) continue;
    const routine = memory.u64(at + STACK_LOCATION.completionRoutine);
    const context = memory.u64(at + STACK_LOCATION.context);
    const status = yield* guest.call(routine, device, guest.address(irp), context);
    if (Number(status & 0xffff_ffffn) === STATUS.MORE_PROCESSING_REQUIRED) return false;
  }
  return true;
}
