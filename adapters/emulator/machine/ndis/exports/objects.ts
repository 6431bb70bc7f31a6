import { WHOLE_DRIVER } from '../../../../../src/ndis';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { GuestDevices } from '../../io/devices';
import { OBJECT_TYPE } from '../constants';
import { NET_BUFFER, NET_BUFFER_LIST, NET_BUFFER_LIST_INFO, OBJECT_HEADER } from '../layouts';
import { dataRuns } from '../net-buffers';
import { NdisPart } from '../part';
import { nblArgument } from './nbls';

const PAGE = 4096;
/** NDIS_GENERIC_OBJECT: a header, two callers, and the driver object. */
const GENERIC_OBJECT = { size: 0x20, caller: 0x08, driverObject: 0x18 } as const;
/** Slots that belong to whoever filled them: the filtering platform's reference, and the correlation of the trace. */
const NOT_COPIED: readonly number[] = [10, 13];

/** Handles for drivers that have none, and what NDIS knows of NBLs and NET_BUFFERs. */
export const objectExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateGenericObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocategenericobject',
    *run(guest, call) {
      const length = GENERIC_OBJECT.size + call.u16(2);
      const at = yield* guest.pool.allocate({ length, tag: 'NDgo', zeroed: true, caller: call.caller });
      if (at === 0) return 0n;
      guest.memory.setU8(at + OBJECT_HEADER.type, OBJECT_TYPE.default);
      guest.memory.setU8(at + OBJECT_HEADER.revision, 1);
      guest.memory.setU16(at + OBJECT_HEADER.length, length);
      guest.memory.setU64(at + GENERIC_OBJECT.caller, call.caller);
      const driver = call.u64(0) || guest.address(guest.part(GuestDevices).driver);
      guest.memory.setU64(at + GENERIC_OBJECT.driverObject, driver);
      guest.part(NdisPart).handles.bind(guest.address(at), WHOLE_DRIVER);
      return guest.address(at);
    },
  },
  {
    name: 'NdisFreeGenericObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreegenericobject',
    *run(guest, call) {
      guest.part(NdisPart).handles.forget(call.u64(0));
      yield* guest.pool.free(call.u64(0), call.caller);
    },
  },
  {
    name: 'NdisGetPoolFromNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisgetpoolfromnetbufferlist',
    run: (guest, call) => word(guest, call, NET_BUFFER_LIST.poolHandle),
  },
  {
    name: 'NdisGetPoolFromNetBuffer',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisgetpoolfromnetbuffer',
    run: (guest, call) => word(guest, call, NET_BUFFER.poolHandle),
  },
  {
    name: 'NdisQueryNetBufferPhysicalCount',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisquerynetbufferphysicalcount',
    run(guest, call) {
      const nb = call.pointer(0);
      guest.touch('read', nb, NET_BUFFER.poolHandle);
      const runs = dataRuns(guest, nb, 0, guest.memory.u32(nb + NET_BUFFER.dataLength));
      return runs.reduce((pages, { at, length }) => pages + Math.ceil(((at % PAGE) + length) / PAGE), 0);
    },
  },
  {
    name: 'NdisCopySendNetBufferListInfo',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndiscopysendnetbufferlistinfo',
    run: copyInformation,
  },
  {
    name: 'NdisCopyReceiveNetBufferListInfo',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndiscopyreceivenetbufferlistinfo',
    run: copyInformation,
  },
  {
    name: 'NdisGetNetBufferListProtocolId',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisgetnetbufferlistprotocolid',
    run: (guest, call) => word(guest, call, NET_BUFFER_LIST.info + 8 * NET_BUFFER_LIST_INFO.protocolId) & 0xffn,
  },
];

function word(guest: Guest, call: GuestCall, member: number): bigint {
  const at = call.pointer(0) + member;
  guest.touch('read', at, 8);
  return guest.memory.u64(at);
}

/** Out-of-band information of one NBL for another: the first argument is the target. */
function copyInformation(guest: Guest, call: GuestCall): void {
  const [target, source] = [call.pointer(0), call.pointer(1)];
  const length = 8 * NET_BUFFER_LIST_INFO.slots;
  guest.touch('read', source + NET_BUFFER_LIST.info, length);
  guest.touch('write', target + NET_BUFFER_LIST.info, length);
  for (let slot = 0; slot < NET_BUFFER_LIST_INFO.slots; slot += 1) {
    if (NOT_COPIED.includes(slot)) continue;
    const at = NET_BUFFER_LIST.info + 8 * slot;
    guest.memory.setU64(target + at, guest.memory.u64(source + at));
  }
  nblArgument(guest, call);
}
