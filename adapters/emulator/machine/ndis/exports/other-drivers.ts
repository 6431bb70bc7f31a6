/**
 * Drivers that are more than a filter: they may register a protocol or a miniport, too. No adapter of this machine is bound to
 * that protocol, and no device is driven by that miniport, so after their registration nothing is heard of either.
 */
import type { Call } from '../../../../../src/kernel';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { statusValue } from '../constants';
import { OBJECT_HEADER } from '../layouts';

/** NDIS_PROTOCOL_DRIVER_CHARACTERISTICS and NDIS_MINIPORT_DRIVER_CHARACTERISTICS. */
const PROTOCOL = { type: 0x95, setOptions: 0x20 } as const;
const MINIPORT = { type: 0x8a, setOptions: 0x10 } as const;

export const otherDriverExports: readonly Export<Guest>[] = [
  {
    name: 'NdisRegisterProtocolDriver',
    irql: 0,
    page: 'ndis/nf-ndis-ndisregisterprotocoldriver',
    run: (guest, call) => register(guest, call, { context: 0, characteristics: 1, out: 2 }, PROTOCOL),
  },
  {
    name: 'NdisMRegisterMiniportDriver',
    irql: 0,
    page: 'ndis/nf-ndis-ndismregisterminiportdriver',
    run: (guest, call) => register(guest, call, { context: 2, characteristics: 3, out: 4 }, MINIPORT),
  },
  ...(
    ['NdisDeregisterProtocolDriver', 'NdisMDeregisterMiniportDriver', 'NdisReEnumerateProtocolBindings'] as const
  ).map((name) => ({ name, irql: 0, page: `ndis/nf-ndis-${name.toLowerCase()}`, run: () => undefined })),
];

/** The handle is in the driver's variable before its options handler runs. */
function* register(
  guest: Guest,
  call: GuestCall,
  at: { readonly context: number; readonly characteristics: number; readonly out: number },
  kind: { readonly type: number; readonly setOptions: number },
): Call<number> {
  const { memory } = guest;
  const characteristics = call.pointer(at.characteristics);
  guest.touch('read', characteristics, kind.setOptions + 8);
  if (memory.u8(characteristics + OBJECT_HEADER.type) !== kind.type)
    return statusValue('NDIS_STATUS_BAD_CHARACTERISTICS');
  if (memory.u8(characteristics + OBJECT_HEADER.size) !== 6) return statusValue('NDIS_STATUS_BAD_VERSION');
  const handle = guest.address(guest.allocate(0x40));
  const out = call.pointer(at.out);
  guest.touch('write', out, 8);
  memory.setU64(out, handle);
  const options = memory.u64(characteristics + kind.setOptions);
  if (options === 0n) return statusValue('NDIS_STATUS_SUCCESS');
  return Number((yield* guest.call(options, handle, call.u64(at.context))) & 0xffff_ffffn);
}
