/**
 * Events of Microsoft-Windows-NDIS, by the templates of its manifest: 10312 and 10103 tell the state of a filter module, 10311 and 10317
 * what became of a miniport.
 * @see https://github.com/jdu2600/Windows10EtwEvents/blob/main/manifest/Microsoft-Windows-NDIS.tsv
 */

/** By their numbers, NDIS_FILTER_STATE: https://github.com/ntdiff/headers, ndis.sys of every version of Windows from Vista on. */
export const FILTER_STATES = [
  'Detached',
  'Attaching',
  'Paused',
  'Restarting',
  'Running',
  'Pausing',
  'Detaching',
] as const;
export type FilterState = (typeof FILTER_STATES)[number];

/** A filter module has come into a state. GUIDs in braces, capital letters. */
export interface FilterStateEvent {
  readonly what: 'filter-state';
  readonly state: FilterState;
  /** Of the filter module itself. */
  readonly ifGuid: string;
  /** Where in NDIS it was written, a number of NDIS's own. */
  readonly location: number;
  /** Of the network adapter that it is on. This and the names are in 10312, and not in its forerunner 10103. */
  readonly miniportIfGuid?: string;
  readonly adapterName?: string;
  readonly instanceName?: string;
  /** FriendlyName of the driver's registration. */
  readonly friendlyName?: string;
}

export interface MiniportEvent {
  readonly what: 'miniport-state';
  /** Of the network adapter. */
  readonly ifGuid: string;
  readonly ifIndex: number;
  /** Decimal, as it has 64 bits. */
  readonly ifLuid: string;
  readonly adapterName: string;
  /**
   * MiniportEventEnum. It has no name here: labels in published manifests stand one number too low from the 16th on, as real event logs show
   * (71 is "has detected an internal error", 74 "has failed a power transition to operational power").
   */
  readonly event: number;
  /** 10317, which goes to the System log as an error. */
  readonly isError: boolean;
}

export type NdisEvent = FilterStateEvent | MiniportEvent;

const FILTER_STATE = 10312;
const OLDER_FILTER_STATE = 10103;
const MINIPORT = 10311;
const MINIPORT_ERROR = 10317;
const GUID = 16;
/** GUID, state, location. */
const STATE_SIZE = GUID + 1 + 4;
/** GUID, index, LUID. */
const MINIPORT_SIZE = GUID + 4 + 8;

/**
 * @returns undefined for another event, and for one that is not as the manifest says; what a newer version of Windows has added at the
 * end is left alone. Never throws.
 */
export function decodeNdisEvent({
  id,
  payload,
}: {
  readonly id: number;
  readonly payload: Uint8Array;
}): NdisEvent | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  switch (id) {
    case FILTER_STATE:
      return filterState(bytes);
    case OLDER_FILTER_STATE:
      return bytes.length < STATE_SIZE ? undefined : stateIn(bytes);
    case MINIPORT:
    case MINIPORT_ERROR:
      return miniport(bytes, id === MINIPORT_ERROR);
    default:
      return undefined;
  }
}

function filterState(bytes: Buffer): FilterStateEvent | undefined {
  if (bytes.length < STATE_SIZE + GUID) return undefined;
  const state = stateIn(bytes);
  const names = stringsIn(bytes.subarray(STATE_SIZE + GUID), 3);
  if (!state || !names) return undefined;
  const [adapterName, instanceName, friendlyName] = names.strings;
  return {
    ...state,
    miniportIfGuid: guidIn(bytes.subarray(STATE_SIZE)),
    adapterName,
    instanceName,
    friendlyName,
  };
}

function stateIn(bytes: Buffer): FilterStateEvent | undefined {
  const state = FILTER_STATES[bytes.readUInt8(GUID)];
  if (state === undefined) return undefined;
  return { what: 'filter-state', state, ifGuid: guidIn(bytes), location: bytes.readUInt32LE(GUID + 1) };
}

function miniport(bytes: Buffer, isError: boolean): MiniportEvent | undefined {
  if (bytes.length < MINIPORT_SIZE) return undefined;
  const names = stringsIn(bytes.subarray(MINIPORT_SIZE), 1);
  if (!names || names.rest.length < 4) return undefined;
  return {
    what: 'miniport-state',
    ifGuid: guidIn(bytes),
    ifIndex: bytes.readUInt32LE(GUID),
    ifLuid: bytes.readBigUInt64LE(GUID + 4).toString(),
    adapterName: names.strings[0] ?? '',
    event: names.rest.readUInt32LE(0),
    isError,
  };
}

/** @returns so many texts in UTF-16, each with the zero that ends it, and what follows them; undefined when there are fewer */
function stringsIn(
  bytes: Buffer,
  count: number,
): { readonly strings: readonly string[]; readonly rest: Buffer } | undefined {
  const strings: string[] = [];
  let start = 0;
  for (let at = 0; strings.length < count; at += 2) {
    if (at + 1 >= bytes.length) return undefined;
    if (bytes.readUInt16LE(at) !== 0) continue;
    strings.push(bytes.toString('utf16le', start, at));
    start = at + 2;
  }
  return { strings, rest: bytes.subarray(start) };
}

/** Three numbers little-endian, then eight bytes as they stand. */
function guidIn(bytes: Buffer): string {
  const hex = (from: number, to: number): string => bytes.toString('hex', from, to);
  const number = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  const parts = [number(0, 4), number(4, 6), number(6, 8), hex(8, 10), hex(10, 16)];
  return `{${parts.join('-').toUpperCase()}}`;
}
