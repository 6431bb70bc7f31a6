/** Numbers of the interface of NDIS by the names that the model and the traces use. */
import type { NdisRequestType, NetDevicePnPEvent, NetPnPEventCode } from './wdk';

/** A value without a name is known by its digits. */
export class Names {
  private readonly byValue = new Map<number, string>();

  constructor(private readonly values: Readonly<Record<string, number>>) {
    // The first name of a value is the one that is shown.
    for (const [name, value] of Object.entries(values)) if (!this.byValue.has(value)) this.byValue.set(value, name);
  }

  /** @returns the name of an unsigned 32-bit value, or `0x…` with eight digits */
  nameOf(value: number): string {
    return this.byValue.get(value) ?? hex32(value);
  }

  /** @returns the value of a name or of `0x…`; undefined for anything else */
  valueOf(name: string): number | undefined {
    const known = this.values[name];
    if (known !== undefined) return known;
    return /^0x[0-9a-f]{1,8}$/i.test(name) ? Number.parseInt(name.slice(2), 16) : undefined;
  }
}

export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}

/** NDIS_STATUS_… of status indications. */
export const INDICATIONS = new Names({
  NDIS_STATUS_RESET_START: 0x40010004,
  NDIS_STATUS_RESET_END: 0x40010005,
  NDIS_STATUS_MEDIA_CONNECT: 0x4001000b,
  NDIS_STATUS_MEDIA_DISCONNECT: 0x4001000c,
  NDIS_STATUS_MEDIA_SPECIFIC_INDICATION: 0x40010012,
  NDIS_STATUS_LINK_STATE: 0x40010017,
  NDIS_STATUS_NETWORK_CHANGE: 0x40010018,
  NDIS_STATUS_PORT_STATE: 0x40010022,
  NDIS_STATUS_OPER_STATUS: 0x40010023,
  NDIS_STATUS_PACKET_FILTER: 0x40010024,
  NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG: 0x40020006,
});

export const OIDS = new Names({
  OID_GEN_SUPPORTED_LIST: 0x00010101,
  OID_GEN_HARDWARE_STATUS: 0x00010102,
  OID_GEN_MEDIA_SUPPORTED: 0x00010103,
  OID_GEN_MEDIA_IN_USE: 0x00010104,
  OID_GEN_MAXIMUM_LOOKAHEAD: 0x00010105,
  OID_GEN_MAXIMUM_FRAME_SIZE: 0x00010106,
  OID_GEN_LINK_SPEED: 0x00010107,
  OID_GEN_TRANSMIT_BLOCK_SIZE: 0x0001010a,
  OID_GEN_RECEIVE_BLOCK_SIZE: 0x0001010b,
  OID_GEN_VENDOR_ID: 0x0001010c,
  OID_GEN_VENDOR_DESCRIPTION: 0x0001010d,
  OID_GEN_CURRENT_PACKET_FILTER: 0x0001010e,
  OID_GEN_CURRENT_LOOKAHEAD: 0x0001010f,
  OID_GEN_DRIVER_VERSION: 0x00010110,
  OID_GEN_MAXIMUM_TOTAL_SIZE: 0x00010111,
  OID_GEN_MAC_OPTIONS: 0x00010113,
  OID_GEN_MEDIA_CONNECT_STATUS: 0x00010114,
  OID_GEN_MAXIMUM_SEND_PACKETS: 0x00010115,
  OID_GEN_VENDOR_DRIVER_VERSION: 0x00010116,
  OID_GEN_PHYSICAL_MEDIUM: 0x00010202,
  OID_GEN_STATISTICS: 0x00020106,
  OID_GEN_XMIT_OK: 0x00020101,
  OID_GEN_RCV_OK: 0x00020102,
  OID_GEN_LINK_STATE: 0x00010207,
  OID_GEN_LINK_PARAMETERS: 0x00010208,
  OID_GEN_INTERRUPT_MODERATION: 0x00010209,
  OID_GEN_MINIPORT_RESTART_ATTRIBUTES: 0x0001021d,
  OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES: 0x000102c0,
  OID_802_3_PERMANENT_ADDRESS: 0x01010101,
  OID_802_3_CURRENT_ADDRESS: 0x01010102,
  OID_802_3_MULTICAST_LIST: 0x01010103,
  OID_PNP_CAPABILITIES: 0xfd010100,
  OID_PNP_SET_POWER: 0xfd010101,
  OID_PNP_QUERY_POWER: 0xfd010102,
});

/** NDIS_REQUEST_TYPE. */
const REQUEST_TYPES = new Names({
  NdisRequestQueryInformation: 0,
  NdisRequestSetInformation: 1,
  NdisRequestQueryStatistics: 2,
  NdisRequestMethod: 12,
});
export const METHOD_REQUEST = 12;

export function requestTypeOf(value: number): NdisRequestType {
  return REQUEST_TYPES.nameOf(value) as NdisRequestType;
}

export function requestTypeValue(type: string): number {
  return REQUEST_TYPES.valueOf(type) ?? 0;
}

/** NET_PNP_EVENT_CODE, in order. */
const NET_PNP_EVENTS = [
  'NetEventSetPower',
  'NetEventQueryPower',
  'NetEventQueryRemoveDevice',
  'NetEventCancelRemoveDevice',
  'NetEventReconfigure',
  'NetEventBindList',
  'NetEventBindsComplete',
  'NetEventPnPCapabilities',
  'NetEventPause',
  'NetEventRestart',
  'NetEventPortActivation',
  'NetEventPortDeactivation',
  'NetEventIMReEnableDevice',
  'NetEventNDKEnable',
  'NetEventNDKDisable',
  'NetEventFilterPreDetach',
] as const;

export function netPnPEventValue(event: NetPnPEventCode): number {
  return NET_PNP_EVENTS.indexOf(event);
}

/** An event without a name is shown by its digits. */
export function netPnPEventOf(value: number): NetPnPEventCode {
  return (NET_PNP_EVENTS[value] ?? hex32(value)) as NetPnPEventCode;
}

/** NDIS_DEVICE_PNP_EVENT. */
const DEVICE_PNP_EVENTS = new Names({
  NdisDevicePnPEventQueryRemoved: 0,
  NdisDevicePnPEventRemoved: 1,
  NdisDevicePnPEventSurpriseRemoved: 2,
  NdisDevicePnPEventQueryStopped: 3,
  NdisDevicePnPEventStopped: 4,
  NdisDevicePnPEventPowerProfileChanged: 5,
  NdisDevicePnPEventFilterListChanged: 6,
});

export function devicePnPEventValue(event: string): number {
  return DEVICE_PNP_EVENTS.valueOf(event) ?? 0;
}

export function devicePnPEventOf(value: number): NetDevicePnPEvent['DevicePnPEvent'] {
  return DEVICE_PNP_EVENTS.nameOf(value) as NetDevicePnPEvent['DevicePnPEvent'];
}

/** NDIS_DEVICE_POWER_STATE. */
const POWER_STATES = new Names({
  NdisDeviceStateUnspecified: 0,
  NdisDeviceStateD0: 1,
  NdisDeviceStateD1: 2,
  NdisDeviceStateD2: 3,
  NdisDeviceStateD3: 4,
});

export function powerStateValue(state: string): number {
  return POWER_STATES.valueOf(state) ?? 0;
}

export function powerStateOf(value: number): string {
  return POWER_STATES.nameOf(value);
}
