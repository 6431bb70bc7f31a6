import type { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';

/** What the miniport says of itself when it is queried: an Ethernet adapter, connected, at one gigabit a second. */

/** Bytes that it reads of what it is set to. */
const READ_LENGTH = 8;
/** Bytes of an answer that only has to be one. */
const DEFAULT_LENGTH = 8;

const MAXIMUM_FRAME = 1500;
const ETHERNET_HEADER = 14;
/** In units of 100 bits a second. */
const LINK_SPEED = 10_000_000;
const DIRECTED_MULTICAST_BROADCAST = 0x0b;
const PHYSICAL_MEDIUM_802_3 = 14;

/**
 * Requests that NDIS takes by the synchronous interface, as their pages say. Each carries data down and no answer up.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/oid-gen-rss-set-indirection-table-entries
 */
export const SYNCHRONOUS_OIDS: ReadonlySet<string> = new Set(['OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES']);

const NUMBERS: Readonly<Record<string, number>> = {
  OID_GEN_HARDWARE_STATUS: 0,
  OID_GEN_MEDIA_SUPPORTED: 0,
  OID_GEN_MEDIA_IN_USE: 0,
  OID_GEN_MAXIMUM_LOOKAHEAD: MAXIMUM_FRAME,
  OID_GEN_CURRENT_LOOKAHEAD: MAXIMUM_FRAME,
  OID_GEN_MAXIMUM_FRAME_SIZE: MAXIMUM_FRAME,
  OID_GEN_MAXIMUM_TOTAL_SIZE: MAXIMUM_FRAME + ETHERNET_HEADER,
  OID_GEN_TRANSMIT_BLOCK_SIZE: MAXIMUM_FRAME + ETHERNET_HEADER,
  OID_GEN_RECEIVE_BLOCK_SIZE: MAXIMUM_FRAME + ETHERNET_HEADER,
  OID_GEN_LINK_SPEED: LINK_SPEED,
  OID_GEN_CURRENT_PACKET_FILTER: DIRECTED_MULTICAST_BROADCAST,
  OID_GEN_MEDIA_CONNECT_STATUS: 0,
  OID_GEN_MAXIMUM_SEND_PACKETS: 1,
  OID_GEN_PHYSICAL_MEDIUM: PHYSICAL_MEDIUM_802_3,
};

const ADDRESSES: readonly string[] = ['OID_802_3_PERMANENT_ADDRESS', 'OID_802_3_CURRENT_ADDRESS'];
const ADDRESS_LENGTH = 6;

/** @returns bytes that a buffer must have for an answer; 1 where the kit does not know how long it is on a real adapter */
function leastRoom(oid: string): number {
  if (ADDRESSES.includes(oid)) return ADDRESS_LENGTH;
  return NUMBERS[oid] === undefined ? 1 : 4;
}

/**
 * @param oid the object that is queried
 * @param macAddress of the adapter: `02-00-00-00-00-01`
 * @returns the bytes that a buffer large enough gets; zeros where the kit has no better answer
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/general-objects
 */
export function answerTo(oid: string, macAddress: string): Uint8Array {
  if (ADDRESSES.includes(oid)) {
    return Uint8Array.from(macAddress.split('-'), (byte) => Number.parseInt(byte, 16));
  }
  const number = NUMBERS[oid];
  if (number === undefined) return new Uint8Array(DEFAULT_LENGTH);
  const answer = new Uint8Array(4);
  new DataView(answer.buffer).setUint32(0, number, true);
  return answer;
}

/**
 * The miniport does what a request asks for, and counts the bytes.
 * @param status with which it would end the request
 * @returns with which it ends: a query whose buffer is too short hears how long it must be
 */
export function answer(request: OidRequest, status: NdisStatus, macAddress: string): NdisStatus {
  if (status !== 'NDIS_STATUS_SUCCESS') return status;
  const { informationBufferLength: room, oid, requestType } = request;
  if (requestType === 'NdisRequestQueryInformation' && room < leastRoom(oid)) {
    request.bytesNeeded = answerTo(oid, macAddress).length;
    return 'NDIS_STATUS_BUFFER_TOO_SHORT';
  }
  if (requestType === 'NdisRequestSetInformation') request.bytesRead = Math.min(READ_LENGTH, room);
  else if (SYNCHRONOUS_OIDS.has(oid)) request.bytesRead = room;
  else {
    request.answer = answerTo(oid, macAddress).subarray(0, room);
    request.bytesWritten = request.answer.length;
  }
  request.supportedRevision = 1;
  return status;
}
