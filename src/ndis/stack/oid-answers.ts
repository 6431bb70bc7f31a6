/** What the miniport says of itself when it is queried: an Ethernet adapter, connected, at one gigabit a second. */

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

/**
 * @param oid the object that is queried
 * @param macAddress of the adapter: `02-00-00-00-00-01`
 * @returns the bytes that a buffer large enough gets; zeros where the kit has no better answer
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/general-objects
 */
export function answerTo(oid: string, macAddress: string): Uint8Array {
  if (oid === 'OID_802_3_PERMANENT_ADDRESS' || oid === 'OID_802_3_CURRENT_ADDRESS') {
    return Uint8Array.from(macAddress.split('-'), (byte) => Number.parseInt(byte, 16));
  }
  const number = NUMBERS[oid];
  if (number === undefined) return new Uint8Array(DEFAULT_LENGTH);
  const answer = new Uint8Array(4);
  new DataView(answer.buffer).setUint32(0, number, true);
  return answer;
}
