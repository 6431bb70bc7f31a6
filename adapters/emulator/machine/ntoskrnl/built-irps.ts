/** IRPs that the I/O manager builds for a driver that wants something of a device. */
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { BuiltIrps, type Wanted } from '../io/built';
import { MAJOR_FUNCTIONS } from '../io/layouts';
import { checked, define, DISPATCH, PASSIVE, type GuestExport } from './define';

const INTERNAL_DEVICE_CONTROL = 0x0f;

export const builtIrpExports: readonly GuestExport[] = [
  define('IoBuildDeviceIoControlRequest', PASSIVE, 'wdm/nf-wdm-iobuilddeviceiocontrolrequest', (guest, call): bigint =>
    guest.address(
      guest.part(BuiltIrps).deviceControl(
        {
          major: call.bool(6) ? INTERNAL_DEVICE_CONTROL : MAJOR_FUNCTIONS.IRP_MJ_DEVICE_CONTROL,
          device: call.pointer(1),
          event: call.u64(7),
          status: call.u64(8),
          isKept: false,
        },
        call.u32(0),
        { address: call.u64(2), length: call.u32(3) },
        { address: call.u64(4), length: call.u32(5) },
      ),
    ),
  ),
  define('IoBuildSynchronousFsdRequest', PASSIVE, 'wdm/nf-wdm-iobuildsynchronousfsdrequest', (guest, call) =>
    transfer(guest, call, { event: call.u64(5), status: call.u64(6), isKept: false }),
  ),
  define('IoBuildAsynchronousFsdRequest', DISPATCH, 'wdm/nf-wdm-iobuildasynchronousfsdrequest', (guest, call) =>
    transfer(guest, call, { event: 0n, status: call.u64(5), isKept: true }),
  ),
];

function transfer(guest: Guest, call: GuestCall, end: Pick<Wanted, 'event' | 'status' | 'isKept'>): bigint {
  const byteOffset = call.u64(4) === 0n ? 0n : guest.memory.u64(checked(guest, call, 4, 'read', 8));
  const wanted = { major: call.u32(0), device: call.pointer(1), ...end };
  return guest.address(guest.part(BuiltIrps).transfer(wanted, call.u64(2), call.u32(3), byteOffset));
}
