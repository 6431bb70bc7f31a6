/** Members of the structures that NDIS and its filters share, on x64: which one an offset from NULL may have meant. */

const LAYOUTS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  NET_BUFFER_LIST: {
    0x00: 'Next',
    0x08: 'FirstNetBuffer',
    0x10: 'Context',
    0x18: 'ParentNetBufferList',
    0x20: 'NdisPoolHandle',
    0x30: 'NdisReserved',
    0x40: 'ProtocolReserved',
    0x60: 'MiniportReserved',
    0x70: 'Scratch',
    0x78: 'SourceHandle',
    0x80: 'NblFlags',
    0x84: 'ChildRefCount',
    0x88: 'Flags',
    0x8c: 'Status',
    0x90: 'NetBufferListInfo',
  },
  NET_BUFFER: {
    0x00: 'Next',
    0x08: 'CurrentMdl',
    0x10: 'CurrentMdlOffset',
    0x18: 'DataLength',
    0x20: 'MdlChain',
    0x28: 'DataOffset',
    0x30: 'ChecksumBias',
    0x38: 'NdisPoolHandle',
    0x40: 'NdisReserved',
    0x50: 'ProtocolReserved',
    0x80: 'MiniportReserved',
    0xa0: 'DataPhysicalAddress',
    0xa8: 'ScatterGatherList',
  },
  MDL: {
    0x00: 'Next',
    0x08: 'Size',
    0x0a: 'MdlFlags',
    0x10: 'Process',
    0x18: 'MappedSystemVa',
    0x20: 'StartVa',
    0x28: 'ByteCount',
    0x2c: 'ByteOffset',
  },
  NDIS_OID_REQUEST: {
    0x00: 'Header',
    0x04: 'RequestType',
    0x08: 'PortNumber',
    0x0c: 'Timeout',
    0x10: 'RequestId',
    0x18: 'RequestHandle',
    0x20: 'DATA.Oid',
    0x28: 'DATA.InformationBuffer',
    0x30: 'DATA.InformationBufferLength',
    0x34: 'DATA.BytesWritten',
    0x38: 'DATA.BytesNeeded',
    0x48: 'NdisReserved',
    0xc8: 'MiniportReserved',
    0xd8: 'SourceReserved',
  },
  NDIS_STATUS_INDICATION: {
    0x00: 'Header',
    0x08: 'SourceHandle',
    0x10: 'PortNumber',
    0x14: 'StatusCode',
    0x18: 'Flags',
    0x20: 'DestinationHandle',
    0x28: 'RequestId',
    0x30: 'StatusBuffer',
    0x38: 'StatusBufferSize',
  },
};

/** Which of them a function works on, so that not every structure is offered. */
const USED_BY: readonly (readonly [pattern: RegExp, structures: readonly string[]])[] = [
  [/Oid/i, ['NDIS_OID_REQUEST']],
  [/Status/i, ['NDIS_STATUS_INDICATION']],
  [
    /NetBuffer|Nbl|Nb|DataStart|GetDataBuffer|Send|Receive|Return|Packet|Tap|Cancel/i,
    ['NET_BUFFER_LIST', 'NET_BUFFER', 'MDL'],
  ],
];

/**
 * @param offset from NULL
 * @param functionName where it was read or written
 * @returns e.g. `NET_BUFFER_LIST.SourceHandle`; empty when no layout has a member there. The block that a module handle
 * points to is private to NDIS and in no layout.
 */
export function membersAt(offset: number, functionName: string): string[] {
  const structures = USED_BY.find(([pattern]) => pattern.test(functionName))?.[1] ?? [];
  return structures.flatMap((structure) => {
    const member = LAYOUTS[structure]?.[offset];
    return member === undefined ? [] : `${structure}.${member}`;
  });
}
