/**
 * Statuses by one name each. People and probes write `SUCCESS`, `0x103`, `-1073741823`, or the name of the other header
 * (`STATUS_PENDING` returned by a filter handler); judges compare names, so every way of writing a value must become the
 * same name.
 */

/** What a handler of NDIS or an export of NDIS returns (ndis.h): each name stands for the value beside it. */
export const NDIS_STATUSES: Readonly<Record<string, number>> = {
  NDIS_STATUS_SUCCESS: 0x00000000,
  // The value of the synchronous OID path; the header defines it by the NTSTATUS of the same name.
  NDIS_STATUS_ALREADY_COMPLETE: 0x000000ff,
  NDIS_STATUS_PENDING: 0x00000103,
  NDIS_STATUS_NOT_RECOGNIZED: 0x00010001,
  NDIS_STATUS_NOT_COPIED: 0x00010002,
  NDIS_STATUS_NOT_ACCEPTED: 0x00010003,
  NDIS_STATUS_CALL_ACTIVE: 0x00010007,
  NDIS_STATUS_INDICATION_REQUIRED: 0x40230001,
  NDIS_STATUS_BUFFER_OVERFLOW: 0x80000005,
  NDIS_STATUS_BUSY: 0x80000011,
  NDIS_STATUS_NOT_RESETTABLE: 0x80010001,
  NDIS_STATUS_SOFT_ERRORS: 0x80010003,
  NDIS_STATUS_HARD_ERRORS: 0x80010004,
  NDIS_STATUS_FAILURE: 0xc0000001,
  NDIS_STATUS_INVALID_PARAMETER: 0xc000000d,
  NDIS_STATUS_INVALID_DEVICE_REQUEST: 0xc0000010,
  NDIS_STATUS_RESOURCES: 0xc000009a,
  NDIS_STATUS_NOT_SUPPORTED: 0xc00000bb,
  NDIS_STATUS_INVALID_STATE: 0xc0000184,
  NDIS_STATUS_CLOSING: 0xc0010002,
  NDIS_STATUS_BAD_VERSION: 0xc0010004,
  NDIS_STATUS_BAD_CHARACTERISTICS: 0xc0010005,
  NDIS_STATUS_ADAPTER_NOT_FOUND: 0xc0010006,
  NDIS_STATUS_OPEN_FAILED: 0xc0010007,
  NDIS_STATUS_DEVICE_FAILED: 0xc0010008,
  NDIS_STATUS_MULTICAST_FULL: 0xc0010009,
  NDIS_STATUS_MULTICAST_EXISTS: 0xc001000a,
  NDIS_STATUS_MULTICAST_NOT_FOUND: 0xc001000b,
  NDIS_STATUS_REQUEST_ABORTED: 0xc001000c,
  NDIS_STATUS_RESET_IN_PROGRESS: 0xc001000d,
  NDIS_STATUS_CLOSING_INDICATING: 0xc001000e,
  NDIS_STATUS_INVALID_PACKET: 0xc001000f,
  NDIS_STATUS_ADAPTER_NOT_READY: 0xc0010011,
  NDIS_STATUS_INVALID_LENGTH: 0xc0010014,
  NDIS_STATUS_INVALID_DATA: 0xc0010015,
  NDIS_STATUS_BUFFER_TOO_SHORT: 0xc0010016,
  NDIS_STATUS_INVALID_OID: 0xc0010017,
  NDIS_STATUS_ADAPTER_REMOVED: 0xc0010018,
  NDIS_STATUS_UNSUPPORTED_MEDIA: 0xc0010019,
  NDIS_STATUS_GROUP_ADDRESS_IN_USE: 0xc001001a,
  NDIS_STATUS_FILE_NOT_FOUND: 0xc001001b,
  NDIS_STATUS_ERROR_READING_FILE: 0xc001001c,
  NDIS_STATUS_ALREADY_MAPPED: 0xc001001d,
  NDIS_STATUS_RESOURCE_CONFLICT: 0xc001001e,
  NDIS_STATUS_NO_CABLE: 0xc001001f,
  NDIS_STATUS_SEND_ABORTED: 0xc023000c,
  NDIS_STATUS_MEDIA_DISCONNECTED: 0xc023001f,
  NDIS_STATUS_PAUSED: 0xc023002a,
  NDIS_STATUS_INTERFACE_NOT_FOUND: 0xc023002b,
  NDIS_STATUS_UNSUPPORTED_REVISION: 0xc023002c,
  NDIS_STATUS_INVALID_PORT: 0xc023002d,
  NDIS_STATUS_INVALID_PORT_STATE: 0xc023002e,
  NDIS_STATUS_LOW_POWER_STATE: 0xc023002f,
  NDIS_STATUS_REINIT_REQUIRED: 0xc0230030,
  NDIS_STATUS_NO_QUEUES: 0xc0230031,
};

/** What DriverEntry, an IRP or a kernel routine returns (ntstatus.h). */
const NT: Readonly<Record<string, number>> = {
  STATUS_SUCCESS: 0x00000000,
  STATUS_ALREADY_COMPLETE: 0x000000ff,
  STATUS_TIMEOUT: 0x00000102,
  STATUS_PENDING: 0x00000103,
  STATUS_NDIS_INDICATION_REQUIRED: 0x40230001,
  STATUS_DATATYPE_MISALIGNMENT: 0x80000002,
  STATUS_BUFFER_OVERFLOW: 0x80000005,
  STATUS_NO_MORE_FILES: 0x80000006,
  STATUS_DEVICE_BUSY: 0x80000011,
  STATUS_NO_MORE_ENTRIES: 0x8000001a,
  STATUS_UNSUCCESSFUL: 0xc0000001,
  STATUS_NOT_IMPLEMENTED: 0xc0000002,
  STATUS_INFO_LENGTH_MISMATCH: 0xc0000004,
  STATUS_ACCESS_VIOLATION: 0xc0000005,
  STATUS_INVALID_HANDLE: 0xc0000008,
  STATUS_INVALID_PARAMETER: 0xc000000d,
  STATUS_NO_SUCH_DEVICE: 0xc000000e,
  STATUS_NO_SUCH_FILE: 0xc000000f,
  STATUS_INVALID_DEVICE_REQUEST: 0xc0000010,
  STATUS_END_OF_FILE: 0xc0000011,
  STATUS_NO_MEMORY: 0xc0000017,
  STATUS_ACCESS_DENIED: 0xc0000022,
  STATUS_BUFFER_TOO_SMALL: 0xc0000023,
  STATUS_OBJECT_TYPE_MISMATCH: 0xc0000024,
  STATUS_OBJECT_NAME_NOT_FOUND: 0xc0000034,
  STATUS_OBJECT_NAME_COLLISION: 0xc0000035,
  STATUS_SHARING_VIOLATION: 0xc0000043,
  STATUS_DELETE_PENDING: 0xc0000056,
  STATUS_INTEGER_OVERFLOW: 0xc0000095,
  STATUS_INSUFFICIENT_RESOURCES: 0xc000009a,
  STATUS_DEVICE_NOT_CONNECTED: 0xc000009d,
  STATUS_DEVICE_NOT_READY: 0xc00000a3,
  STATUS_IO_TIMEOUT: 0xc00000b5,
  STATUS_NOT_SUPPORTED: 0xc00000bb,
  STATUS_DEVICE_DOES_NOT_EXIST: 0xc00000c0,
  STATUS_CANCELLED: 0xc0000120,
  STATUS_INVALID_DEVICE_STATE: 0xc0000184,
  STATUS_INVALID_BUFFER_SIZE: 0xc0000206,
  STATUS_NOT_FOUND: 0xc0000225,
  STATUS_NETWORK_UNREACHABLE: 0xc000023c,
  STATUS_DEVICE_REMOVED: 0xc00002b6,
  STATUS_NDIS_REQUEST_ABORTED: 0xc023000c,
  STATUS_NDIS_MEDIA_DISCONNECTED: 0xc023001f,
  STATUS_NDIS_PAUSED: 0xc023002a,
  STATUS_NDIS_INTERFACE_NOT_FOUND: 0xc023002b,
  STATUS_NDIS_UNSUPPORTED_REVISION: 0xc023002c,
  STATUS_NDIS_INVALID_PORT: 0xc023002d,
  STATUS_NDIS_INVALID_PORT_STATE: 0xc023002e,
  STATUS_NDIS_LOW_POWER_STATE: 0xc023002f,
  STATUS_NDIS_REINIT_REQUIRED: 0xc0230030,
  STATUS_NDIS_NO_QUEUES: 0xc0230031,
};

interface Family {
  readonly prefix: string;
  readonly names: ReadonlyMap<string, number>;
  readonly byValue: ReadonlyMap<number, string>;
}

function family(prefix: string, values: Readonly<Record<string, number>>): Family {
  const names = Object.entries(values);
  return { prefix, names: new Map(names), byValue: new Map(names.map(([name, value]) => [value, name])) };
}

const NDIS_FAMILY = family('NDIS_STATUS_', NDIS_STATUSES);
const NT_FAMILY = family('STATUS_', NT);

/** @returns the value of a status by its WDK name; undefined when the kit does not know it */
export function statusValue(name: string): number | undefined {
  return NDIS_FAMILY.names.get(name) ?? NT_FAMILY.names.get(name);
}

/** Handlers and exports of NDIS (and of neighbours) return NDIS_STATUS; all else belongs to the kernel and returns NTSTATUS. */
function familyOf(ddi: string): Family {
  return /^(?:Filter|Ndis|Miniport|Protocol)/.test(ddi) ? NDIS_FAMILY : NT_FAMILY;
}

function nameOfValue(value: number, own: Family): string {
  const other = own === NDIS_FAMILY ? NT_FAMILY : NDIS_FAMILY;
  const unsigned = value >>> 0;
  return (
    own.byValue.get(unsigned) ??
    other.byValue.get(unsigned) ??
    `0x${unsigned.toString(16).toUpperCase().padStart(8, '0')}`
  );
}

function nameOfWord(word: string, own: Family): string {
  const spelt = /^(?:NDIS_)?STATUS_/.test(word)
    ? [word]
    : [`${own.prefix}${word}`, `NDIS_STATUS_${word}`, `STATUS_${word}`];
  for (const name of spelt) {
    const value = statusValue(name);
    if (value !== undefined) return nameOfValue(value, own);
  }
  return spelt[0] ?? word;
}

/**
 * @param status a status as somebody wrote it: a WDK name of either header, with or without its prefix, in either case
 * (`PENDING`), the value in hexadecimal (`"0x103"`), or as a number (signed or unsigned)
 * @param ddi the DDI that returned it or that it is an argument of; it decides between NDIS_STATUS and NTSTATUS
 * @returns the WDK name, e.g. `NDIS_STATUS_PENDING` for FilterPause and `STATUS_PENDING` for IRP_MJ_READ. A name the kit
 * does not know comes back with its prefix, a value it does not know as `0x` and eight digits; undefined when it is
 * no status at all. Normalising twice changes nothing.
 */
export function normaliseStatus(status: unknown, ddi: string): string | undefined {
  if (typeof status === 'number') {
    const fits = Number.isInteger(status) && status >= -0x80000000 && status <= 0xffffffff;
    return fits ? nameOfValue(status, familyOf(ddi)) : undefined;
  }
  if (typeof status !== 'string') return undefined;
  const own = familyOf(ddi);
  const value = own.names.get(status);
  if (value !== undefined) return status;
  if (/^0[xX][0-9a-fA-F]{1,8}$/.test(status)) return nameOfValue(Number.parseInt(status, 16), own);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(status) ? nameOfWord(status.toUpperCase(), own) : undefined;
}
