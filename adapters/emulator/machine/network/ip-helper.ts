/** IP Helper's addresses and routes: no TCP/IP is bound to these adapters, so the tables cannot be had, and nothing in them ever changes. */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, DISPATCH, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';

const UNAVAILABLE = [
  ...['GetIpInterfaceEntry', 'GetIpInterfaceTable', 'SetIpInterfaceEntry'],
  ...['GetUnicastIpAddressEntry', 'GetUnicastIpAddressTable', 'GetIpForwardTable2', 'GetBestRoute2'],
  ...['GetIpNetTable2', 'ResolveIpNetEntry2'],
];
const NOTIFYING = ['NotifyIpInterfaceChange', 'NotifyUnicastIpAddressChange', 'NotifyRouteChange2'];

/** ADDRESS_FAMILY: AF_UNSPEC, AF_INET, AF_INET6. */
const FAMILIES: readonly number[] = [0, 2, 23];
/** MIB_NOTIFICATION_TYPE: nothing has changed, the callback is registered. */
const MIB_INITIAL_NOTIFICATION = 3n;

/** Callbacks that are registered, by the handle that was given for them. */
class Registrations {
  readonly handles = new Set<bigint>();
}

const page = (name: string): string => `netioapi/nf-netioapi-${name.toLowerCase()}`;

export const ipHelperExports: readonly GuestExport[] = [
  ...UNAVAILABLE.map((name) => define(name, DISPATCH, page(name), () => STATUS.NOT_SUPPORTED)),
  ...NOTIFYING.map((name) => define(name, DISPATCH, page(name), register)),
  define('CancelMibChangeNotify2', DISPATCH, page('CancelMibChangeNotify2'), (guest, call) =>
    guest.part(Registrations).handles.delete(call.u64(0)) ? STATUS.SUCCESS : STATUS.INVALID_PARAMETER,
  ),
];

/** Family, callback, its context, whether it is to be called at once, and where the handle goes. */
function* register(guest: Guest, call: GuestCall): Call<number> {
  const [callback, context] = [call.u64(1), call.u64(2)];
  const out = checked(guest, call, 4, 'write', 8);
  if (callback === 0n || !FAMILIES.includes(call.u16(0))) return STATUS.INVALID_PARAMETER;
  const handle = guest.address(guest.allocate(16));
  guest.part(Registrations).handles.add(handle);
  guest.memory.setU64(out, handle);
  // There is no row: none has changed.
  if (call.bool(3)) yield* guest.call(callback, context, 0n, MIB_INITIAL_NOTIFICATION);
  return STATUS.SUCCESS;
}
