/** Status indications and Plug and Play events, in both directions. */
import type {
  NdisLinkState,
  NdisStatusIndication,
  NetDevicePnPEvent,
  NetPnPEventNotification,
} from '../../../../src/ndis';
import type { Guest } from '../guest';
import {
  devicePnPEventOf,
  devicePnPEventValue,
  INDICATIONS,
  netPnPEventOf,
  netPnPEventValue,
  OBJECT_TYPE,
  powerStateOf,
  powerStateValue,
} from './constants';
import { OPEN, setPointer } from './ground';
import { LINK_STATE, NET_DEVICE_PNP_EVENT, NET_PNP_EVENT_NOTIFICATION, STATUS_INDICATION } from './layouts';
import { lendOnce, writeHeader, type LentOnce } from './lend-once';
import { NdisPart } from './part';

export function lendStatus(guest: Guest, indication: NdisStatusIndication): LentOnce {
  const { memory } = guest;
  const { handles, ids } = guest.part(NdisPart);
  const lent = lendOnce(guest, STATUS_INDICATION.size);
  const at = lent.offset;
  writeHeader(guest, at, OBJECT_TYPE.statusIndication, 1, STATUS_INDICATION.size);
  memory.setU64(at + STATUS_INDICATION.sourceHandle, handles.addressOf(indication.SourceHandle));
  memory.setU32(at + STATUS_INDICATION.statusCode, INDICATIONS.valueOf(indication.StatusCode) ?? 0);
  memory.setU64(at + STATUS_INDICATION.destinationHandle, handles.addressOf(indication.DestinationHandle));
  const { RequestId: id, StatusBufferSize: size, StatusBuffer: buffer } = indication;
  memory.setU64(at + STATUS_INDICATION.requestId, ids.valueOf(typeof id === 'string' ? id : null));
  memory.setU32(at + STATUS_INDICATION.statusBufferSize, size);
  if (typeof buffer === 'bigint') {
    memory.setU64(at + STATUS_INDICATION.statusBuffer, buffer);
    return lent;
  }
  const about = isLinkState(buffer) ? lendLinkState(guest, buffer) : size > 0 ? lendOnce(guest, size) : undefined;
  if (!about) return lent;
  setPointer(memory, at + STATUS_INDICATION.statusBuffer, about.offset);
  return both(lent, about);
}

/** A structure, and what it points to. */
function both(lent: LentOnce, inner: LentOnce): LentOnce {
  return {
    ...lent,
    end(): void {
      inner.end();
      lent.end();
    },
  };
}

function isLinkState(buffer: unknown): buffer is NdisLinkState {
  return typeof buffer === 'object' && buffer !== null && 'XmitLinkSpeed' in buffer;
}

const CONNECTED = 1;
const FULL_DUPLEX = 2;

function lendLinkState(guest: Guest, { XmitLinkSpeed, RcvLinkSpeed }: NdisLinkState): LentOnce {
  const { memory } = guest;
  const lent = lendOnce(guest, LINK_STATE.size);
  writeHeader(guest, lent.offset, OBJECT_TYPE.default, 1, LINK_STATE.size);
  memory.setU32(lent.offset + LINK_STATE.mediaConnectState, CONNECTED);
  memory.setU32(lent.offset + LINK_STATE.mediaDuplexState, FULL_DUPLEX);
  memory.setU64(lent.offset + LINK_STATE.xmitLinkSpeed, XmitLinkSpeed);
  memory.setU64(lent.offset + LINK_STATE.rcvLinkSpeed, RcvLinkSpeed);
  return lent;
}

export function statusAt(guest: Guest, at: number): NdisStatusIndication {
  guest.touch('read', at, STATUS_INDICATION.size);
  const { memory } = guest;
  const { handles, ids } = guest.part(NdisPart);
  return {
    SourceHandle: handles.handleAt(memory.u64(at + STATUS_INDICATION.sourceHandle)),
    StatusCode: INDICATIONS.nameOf(memory.u32(at + STATUS_INDICATION.statusCode)),
    DestinationHandle: handles.handleAt(memory.u64(at + STATUS_INDICATION.destinationHandle)),
    RequestId: ids.idOf(memory.u64(at + STATUS_INDICATION.requestId)),
    StatusBuffer: memory.u64(at + STATUS_INDICATION.statusBuffer) || null,
    StatusBufferSize: memory.u32(at + STATUS_INDICATION.statusBufferSize),
  };
}

export function lendNetPnPEvent(guest: Guest, event: NetPnPEventNotification): LentOnce {
  const { memory } = guest;
  const { ground } = guest.part(NdisPart);
  const lent = lendOnce(guest, NET_PNP_EVENT_NOTIFICATION.size);
  const at = lent.offset;
  writeHeader(guest, at, OBJECT_TYPE.default, 2, NET_PNP_EVENT_NOTIFICATION.lengths[1]);
  memory.setU32(at + NET_PNP_EVENT_NOTIFICATION.netEvent, netPnPEventValue(event.NetEvent));
  if (event.Buffer !== null) {
    const buffer = ground.reserve(4);
    memory.protect(buffer, 4, OPEN);
    memory.setU32(buffer, powerStateValue(event.Buffer));
    setPointer(memory, at + NET_PNP_EVENT_NOTIFICATION.buffer, buffer);
    memory.setU32(at + NET_PNP_EVENT_NOTIFICATION.bufferLength, 4);
  }
  return lent;
}

const POWER_EVENTS: readonly string[] = ['NetEventSetPower', 'NetEventQueryPower'];

export function netPnPEventAt(guest: Guest, at: number): NetPnPEventNotification {
  guest.touch('read', at, NET_PNP_EVENT_NOTIFICATION.lengths[0]);
  const { memory } = guest;
  const NetEvent = netPnPEventOf(memory.u32(at + NET_PNP_EVENT_NOTIFICATION.netEvent));
  const buffer = memory.offsetOf(memory.u64(at + NET_PNP_EVENT_NOTIFICATION.buffer));
  const hasState = POWER_EVENTS.includes(NetEvent) && buffer !== undefined && buffer + 4 <= memory.size;
  return { NetEvent, Buffer: hasState ? powerStateOf(memory.u32(buffer)) : null };
}

const AC_ON_LINE = 1;

export function lendDevicePnPEvent(guest: Guest, event: NetDevicePnPEvent): LentOnce {
  const { memory } = guest;
  const lent = lendOnce(guest, NET_DEVICE_PNP_EVENT.size);
  const at = lent.offset;
  writeHeader(guest, at, OBJECT_TYPE.default, 1, NET_DEVICE_PNP_EVENT.length);
  memory.setU32(at + NET_DEVICE_PNP_EVENT.devicePnPEvent, devicePnPEventValue(event.DevicePnPEvent));
  if (event.DevicePnPEvent !== 'NdisDevicePnPEventPowerProfileChanged') return lent;
  const profile = lendOnce(guest, 4);
  memory.setU32(profile.offset, AC_ON_LINE);
  setPointer(memory, at + NET_DEVICE_PNP_EVENT.informationBuffer, profile.offset);
  memory.setU32(at + NET_DEVICE_PNP_EVENT.informationBufferLength, 4);
  return both(lent, profile);
}

export function devicePnPEventAt(guest: Guest, at: number): NetDevicePnPEvent {
  guest.touch('read', at, NET_DEVICE_PNP_EVENT.size);
  return { DevicePnPEvent: devicePnPEventOf(guest.memory.u32(at + NET_DEVICE_PNP_EVENT.devicePnPEvent)) };
}
