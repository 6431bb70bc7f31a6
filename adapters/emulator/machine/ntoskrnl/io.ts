import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import { GuestException } from '../crash';
import type { Guest } from '../guest';
import { GuestDevices } from '../io/devices';
import { GuestIrps } from '../io/irps';
import { CONTROL, FILE_OBJECT, IRP, MDL, MDL_FLAGS, STACK_LOCATION } from '../io/layouts';
import { describeBuffer, mapMdl, mdlSize } from '../io/mdl';
import { requireLocked, requireMappable, requireNonpaged, requireUnlocked } from '../io/mdl-rules';
import { callDriver, initialiseIrp, newIrp } from '../io/own';
import { STATUS } from '../status';
import { readUnicodeString } from '../text';
import { USER_PROBE_ADDRESS } from '../user-memory';
import { APC, checked, define, DISPATCH, PASSIVE, type GuestExport } from './define';

/** Devices, IRPs and MDLs. */
export const ioExports: readonly GuestExport[] = [
  define('IoCreateDevice', APC, 'wdm/nf-wdm-iocreatedevice', createDevice),
  define('IoDeleteDevice', APC, 'wdm/nf-wdm-iodeletedevice', (guest, call) =>
    guest.part(GuestDevices).delete(call.pointer(0)),
  ),
  define('IoCreateSymbolicLink', PASSIVE, 'wdm/nf-wdm-iocreatesymboliclink', createLink),
  define('IoCreateUnprotectedSymbolicLink', PASSIVE, 'wdm/nf-wdm-iocreateunprotectedsymboliclink', createLink),
  define('IoDeleteSymbolicLink', PASSIVE, 'wdm/nf-wdm-iodeletesymboliclink', function* (guest, call) {
    const status = yield* guest.wdk.IoDeleteSymbolicLink(readUnicodeString(guest, call.pointer(0)));
    return status === 'STATUS_SUCCESS' ? STATUS.SUCCESS : STATUS.OBJECT_NAME_NOT_FOUND;
  }),
  define('IoGetRelatedDeviceObject', DISPATCH, 'wdm/nf-wdm-iogetrelateddeviceobject', (guest, call) =>
    guest.readU64(call.u64(0) + BigInt(FILE_OBJECT.deviceObject)),
  ),
  define('IofCompleteRequest', DISPATCH, 'wdm/nf-wdm-iocompleterequest', (guest, call) =>
    guest.part(GuestIrps).complete(call.pointer(0)),
  ),
  define('IofCallDriver', DISPATCH, 'wdm/nf-wdm-iocalldriver', (guest, call) =>
    callDriver(guest, call.pointer(0), call.pointer(1)),
  ),
  define('IopInvalidDeviceRequest', DISPATCH, 'wdm/nc-wdm-driver_dispatch', function* (guest, call) {
    const irp = call.pointer(1);
    guest.memory.setU32(irp + IRP.status, STATUS.INVALID_DEVICE_REQUEST);
    yield* guest.part(GuestIrps).complete(irp);
    return STATUS.INVALID_DEVICE_REQUEST;
  }),
  define('IoAllocateIrp', DISPATCH, 'wdm/nf-wdm-ioallocateirp', (guest, call) =>
    guest.address(newIrp(guest, call.u8(0))),
  ),
  define('IoFreeIrp', DISPATCH, 'wdm/nf-wdm-iofreeirp', (guest, call) => {
    const irp = checked(guest, call, 0, 'write', IRP.size);
    guest.bury(irp, guest.memory.u16(irp + 2), 'an IRP that has been freed');
  }),
  define('IoReuseIrp', DISPATCH, 'wdm/nf-wdm-ioreuseirp', (guest, call) => {
    const irp = checked(guest, call, 0, 'write', IRP.size);
    initialiseIrp(guest, irp, guest.memory.u8(irp + IRP.stackCount));
    guest.memory.setU32(irp + IRP.status, call.u32(1));
  }),
  define('IoInitializeIrp', DISPATCH, 'wdm/nf-wdm-ioinitializeirp', (guest, call) => {
    guest.touch('write', call.pointer(0), call.u16(1));
    initialiseIrp(guest, call.pointer(0), call.u8(2));
  }),
  define('IoSetCompletionRoutineEx', DISPATCH, 'wdm/nf-wdm-iosetcompletionroutineex', setCompletionRoutine),
  define(
    'IoIsWdmVersionAvailable',
    PASSIVE,
    'wdm/nf-wdm-ioiswdmversionavailable',
    (_, call) => call.u8(0) < 6 || (call.u8(0) === 6 && call.u8(1) === 0),
  ),

  define('IoAllocateMdl', DISPATCH, 'wdm/nf-wdm-ioallocatemdl', function* (guest, call) {
    const [address, length] = [call.u64(0), call.u32(1)];
    const mdl = yield* guest.pool.allocate({
      length: mdlSize(address, length),
      tag: 'Mdl ',
      zeroed: true,
      caller: call.caller,
    });
    if (mdl === 0) return 0n;
    describeBuffer(guest, mdl, address, length, 0);
    const irp = call.pointer(4);
    if (irp !== 0 && !call.bool(2)) {
      guest.touch('write', irp, IRP.size);
      guest.memory.setU64(irp + IRP.mdlAddress, guest.address(mdl));
    }
    return guest.address(mdl);
  }),
  define('IoFreeMdl', DISPATCH, 'wdm/nf-wdm-iofreemdl', (guest, call) => guest.pool.free(call.u64(0), call.caller)),
  define('IoBuildPartialMdl', DISPATCH, 'wdm/nf-wdm-iobuildpartialmdl', (guest, call) => {
    const { memory } = guest;
    const source = checked(guest, call, 0, 'read', MDL.size);
    const target = checked(guest, call, 1, 'write', MDL.size);
    const begin = memory.u64(source + MDL.startVa) + BigInt(memory.u32(source + MDL.byteOffset));
    const skipped = Number(call.u64(2) - begin);
    const left = memory.u32(source + MDL.byteCount) - skipped;
    const length = call.u32(3) || left;
    const room = memory.u16(target + MDL.sizeField);
    if (skipped < 0 || length > left || room < mdlSize(call.u64(2), length)) {
      const reason = 'a partial MDL was to describe more than it has room for, or than the MDL it is taken from';
      throw guest.stop('0x40', 'TARGET_MDL_TOO_SMALL', reason);
    }
    const flags = memory.u16(source + MDL.flags) & (MDL_FLAGS.nonpagedPool | MDL_FLAGS.mapped);
    describeBuffer(guest, target, call.u64(2), length, MDL_FLAGS.partial | flags);
    // It may be used again for as much as it was made for.
    memory.setU16(target + MDL.sizeField, room);
    const mapped = flags === 0 ? 0n : memory.u64(source + MDL.mappedSystemVa) + BigInt(skipped);
    memory.setU64(target + MDL.mappedSystemVa, mapped);
  }),
  define('MmBuildMdlForNonPagedPool', DISPATCH, 'wdm/nf-wdm-mmbuildmdlfornonpagedpool', (guest, call) => {
    const mdl = checked(guest, call, 0, 'write', MDL.size);
    requireNonpaged(guest, mdl);
    mapMdl(guest, mdl, MDL_FLAGS.nonpagedPool);
  }),
  define('MmMapLockedPagesSpecifyCache', DISPATCH, 'wdm/nf-wdm-mmmaplockedpagesspecifycache', mapLocked),
  define('MmMapLockedPages', DISPATCH, 'wdm/nf-wdm-mmmaplockedpages', mapLocked),
  define('MmUnmapLockedPages', DISPATCH, 'wdm/nf-wdm-mmunmaplockedpages', (guest, call) =>
    clearFlags(guest, checked(guest, call, 1, 'write', MDL.size), MDL_FLAGS.mapped),
  ),
  define('MmProbeAndLockPages', DISPATCH, 'wdm/nf-wdm-mmprobeandlockpages', (guest, call) => {
    const { memory } = guest;
    const mdl = checked(guest, call, 0, 'write', MDL.size);
    requireUnlocked(guest, mdl);
    const begin = memory.u64(mdl + MDL.startVa) + BigInt(memory.u32(mdl + MDL.byteOffset));
    const length = memory.u32(mdl + MDL.byteCount);
    if (call.u8(1) === USER_MODE) requireUserAddresses(begin, length);
    requireRange(guest, call.u32(2) === IO_READ_ACCESS ? 'read' : 'write', begin, length);
    memory.setU16(mdl + MDL.flags, memory.u16(mdl + MDL.flags) | MDL_FLAGS.locked);
  }),
  define('MmUnlockPages', DISPATCH, 'wdm/nf-wdm-mmunlockpages', (guest, call) => {
    const mdl = checked(guest, call, 0, 'write', MDL.size);
    requireLocked(guest, mdl);
    clearFlags(guest, mdl, MDL_FLAGS.locked | MDL_FLAGS.mapped);
  }),
  define('ProbeForRead', APC, 'wdm/nf-wdm-probeforread', (_, call) => void probe(call)),
  define('ProbeForWrite', APC, 'wdm/nf-wdm-probeforwrite', (guest, call) => {
    const { address, length } = probe(call);
    requireRange(guest, 'write', address, length);
  }),
];

function* createDevice(guest: Guest, call: GuestCall): Call<number> {
  const at = checked(guest, call, 6, 'write', 8);
  const out = { device: 0 };
  const status = yield* guest.part(GuestDevices).create(
    {
      name: readUnicodeString(guest, call.pointer(2)),
      extensionSize: call.u32(1),
      type: call.u32(3),
      characteristics: call.u32(4),
      exclusive: call.bool(5),
    },
    out,
  );
  if (out.device !== 0) guest.memory.setU64(at, guest.address(out.device));
  return status;
}

function* createLink(guest: Guest, call: GuestCall): Call<number> {
  const link = readUnicodeString(guest, call.pointer(0));
  const status = yield* guest.wdk.IoCreateSymbolicLink(link, readUnicodeString(guest, call.pointer(1)));
  return status === 'STATUS_SUCCESS' ? STATUS.SUCCESS : STATUS.OBJECT_NAME_COLLISION;
}

/** Into the next stack location: the one of the driver that the IRP is sent to. */
function setCompletionRoutine(guest: Guest, call: GuestCall): number {
  const { memory } = guest;
  const irp = checked(guest, call, 1, 'read', IRP.size);
  const next = guest.offset(memory.u64(irp + IRP.currentStackLocation)) - STACK_LOCATION.size;
  memory.setU64(next + STACK_LOCATION.completionRoutine, call.u64(2));
  memory.setU64(next + STACK_LOCATION.context, call.u64(3));
  const when = [CONTROL.invokeOnSuccess, CONTROL.invokeOnError, CONTROL.invokeOnCancel];
  const control = when.reduce((flags, flag, index) => (call.bool(4 + index) ? flags | flag : flags), 0);
  memory.setU8(next + STACK_LOCATION.control, control);
  return STATUS.SUCCESS;
}

function clearFlags(guest: Guest, mdl: number, flags: number): void {
  guest.memory.setU16(mdl + MDL.flags, guest.memory.u16(mdl + MDL.flags) & ~flags);
}

function mapLocked(guest: Guest, call: GuestCall): bigint {
  const mdl = checked(guest, call, 0, 'write', MDL.size);
  requireMappable(guest, mdl);
  return mapMdl(guest, mdl, MDL_FLAGS.mapped);
}

/** Whether a range could be an application's; what is there shows only when it is read. @throws GuestException unless it could */
function probe(call: GuestCall): { readonly address: bigint; readonly length: number } {
  const [address, length, alignment] = [call.u64(0), Number(call.u64(1)), call.u32(2)];
  if (length === 0) return { address, length };
  if (alignment > 1 && address % BigInt(alignment) !== 0n) throw new GuestException(STATUS.DATATYPE_MISALIGNMENT);
  requireUserAddresses(address, length);
  return { address, length };
}

const USER_MODE = 1;
const IO_READ_ACCESS = 0;

function requireUserAddresses(address: bigint, length: number): void {
  if (address + BigInt(length) <= USER_PROBE_ADDRESS) return;
  throw new GuestException(STATUS.ACCESS_VIOLATION, [1n, USER_PROBE_ADDRESS]);
}

/** @throws GuestException when the running thread cannot reach all of a range in this way */
function requireRange(guest: Guest, access: 'read' | 'write', address: bigint, length: number): void {
  if (length === 0) return;
  const { memory } = guest;
  const offset = memory.offsetOf(address);
  const isThere = offset !== undefined && offset + length <= memory.size;
  const alias = memory.aliasOf(address, length);
  const isMapped = address >= USER_PROBE_ADDRESS || alias?.isThere() === true;
  if (isThere && isMapped && memory.firstDenied(access, offset, length, PASSIVE) === undefined) return;
  throw new GuestException(STATUS.ACCESS_VIOLATION, [access === 'write' ? 1n : 0n, address]);
}
