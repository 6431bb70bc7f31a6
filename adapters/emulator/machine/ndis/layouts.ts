/**
 * Where the members of the structures of NDIS 6 lie on x64: offsets in bytes, `size` the whole. Members that nothing here
 * looks at are left out. Taken from the documentation of each structure and from public type dumps of ndis.sys.
 */

export const OBJECT_HEADER = { size: 4, type: 0, revision: 1, length: 2 } as const;

export const FILTER_CHARACTERISTICS = {
  /** Sizes of revisions 1, 2 and 3. */
  sizes: [0xc8, 0xe0, 0xf0],
  majorNdisVersion: 0x04,
  minorNdisVersion: 0x05,
  friendlyName: 0x10,
  uniqueName: 0x20,
  serviceName: 0x30,
  setOptions: 0x40,
  setModuleOptions: 0x48,
  attach: 0x50,
  detach: 0x58,
  restart: 0x60,
  pause: 0x68,
  send: 0x70,
  sendComplete: 0x78,
  cancelSend: 0x80,
  receive: 0x88,
  return: 0x90,
  oid: 0x98,
  oidComplete: 0xa0,
  cancelOid: 0xa8,
  devicePnP: 0xb0,
  netPnP: 0xb8,
  status: 0xc0,
  directOid: 0xc8,
  directOidComplete: 0xd0,
  cancelDirectOid: 0xd8,
  synchronousOid: 0xe0,
  synchronousOidComplete: 0xe8,
} as const;

export const PARTIAL_CHARACTERISTICS = {
  size: 0x30,
  send: 0x08,
  sendComplete: 0x10,
  cancelSend: 0x18,
  receive: 0x20,
  return: 0x28,
} as const;

export const ATTACH_PARAMETERS = {
  size: 0xe0,
  ifIndex: 0x04,
  netLuid: 0x08,
  filterModuleGuidName: 0x10,
  baseMiniportIfIndex: 0x18,
  baseMiniportInstanceName: 0x20,
  baseMiniportName: 0x28,
  mediaConnectState: 0x30,
  mediaDuplexState: 0x34,
  xmitLinkSpeed: 0x38,
  rcvLinkSpeed: 0x40,
  miniportMediaType: 0x48,
  miniportPhysicalMediaType: 0x4c,
  macAddressLength: 0x60,
  currentMacAddress: 0x62,
  baseMiniportNetLuid: 0x88,
  lowerIfIndex: 0x90,
  lowerIfNetLuid: 0x98,
  baseMiniportIfConnectorPresent: 0xc8,
} as const;

export const PAUSE_PARAMETERS = { size: 0x0c, pauseReason: 0x08 } as const;

export const RESTART_PARAMETERS = {
  size: 0x30,
  /** Through the last member. */
  length: 0x2c,
  miniportMediaType: 0x04,
  miniportPhysicalMediaType: 0x08,
  restartAttributes: 0x10,
  lowerIfIndex: 0x18,
  lowerIfNetLuid: 0x20,
} as const;

export const RESTART_ATTRIBUTES = { oid: 0x08, dataLength: 0x0c, data: 0x10 } as const;

export const RESTART_GENERAL_ATTRIBUTES = {
  size: 0x58,
  mtuSize: 0x04,
  maxXmitLinkSpeed: 0x08,
  maxRcvLinkSpeed: 0x10,
  lookaheadSize: 0x18,
  supportedPacketFilters: 0x20,
  maxMulticastListSize: 0x24,
  accessType: 0x30,
  connectionType: 0x38,
} as const;

export const NET_BUFFER_LIST = {
  /** As ndis.sys allocates it: with all 29 information slots, whatever version a driver was built for. */
  size: 0x180,
  next: 0x00,
  firstNetBuffer: 0x08,
  context: 0x10,
  poolHandle: 0x20,
  protocolReserved: 0x40,
  miniportReserved: 0x60,
  scratch: 0x70,
  sourceHandle: 0x78,
  status: 0x8c,
  info: 0x90,
} as const;

/** Slots of NetBufferListInfo. */
export const NET_BUFFER_LIST_INFO = { cancelId: 5, protocolId: 7, slots: 29 } as const;

/** Where the members of a NET_BUFFER_LIST end up in a report: the member that an offset is in. */
export const NET_BUFFER_LIST_MEMBERS: readonly (readonly [number, string])[] = [
  [0x00, 'Next'],
  [0x08, 'FirstNetBuffer'],
  [0x10, 'Context'],
  [0x18, 'ParentNetBufferList'],
  [0x20, 'NdisPoolHandle'],
  [0x30, 'NdisReserved'],
  [0x40, 'ProtocolReserved'],
  [0x60, 'MiniportReserved'],
  [0x70, 'Scratch'],
  [0x78, 'SourceHandle'],
  [0x80, 'NblFlags'],
  [0x84, 'ChildRefCount'],
  [0x88, 'Flags'],
  [0x8c, 'Status'],
  [0x90, 'NetBufferListInfo'],
  [0xb8, 'CancelId'],
  [0xc0, 'NetBufferListInfo'],
];

export const NET_BUFFER_LIST_CONTEXT = { next: 0x00, length: 0x08, offset: 0x0a, data: 0x10 } as const;

export const NET_BUFFER = {
  size: 0xb0,
  next: 0x00,
  currentMdl: 0x08,
  currentMdlOffset: 0x10,
  dataLength: 0x18,
  mdlChain: 0x20,
  dataOffset: 0x28,
  poolHandle: 0x38,
} as const;

export const NET_BUFFER_MEMBERS: readonly (readonly [number, string])[] = [
  [0x00, 'NetBuffer.Next'],
  [0x08, 'CurrentMdl'],
  [0x10, 'CurrentMdlOffset'],
  [0x18, 'DataLength'],
  [0x20, 'MdlChain'],
  [0x28, 'DataOffset'],
  [0x30, 'ChecksumBias'],
  [0x38, 'NdisPoolHandle'],
  [0x40, 'NdisReserved'],
  [0x50, 'ProtocolReserved'],
  [0x80, 'MiniportReserved'],
  [0xa0, 'DataPhysicalAddress'],
];

export const NBL_POOL_PARAMETERS = {
  /** The second is a build with the Flags member. */
  sizes: [0x10, 0x14],
  allocateNetBuffer: 0x05,
  contextSize: 0x06,
  poolTag: 0x08,
  dataSize: 0x0c,
} as const;

export const NB_POOL_PARAMETERS = { size: 0x0c, dataSize: 0x08 } as const;

export const MDL = {
  /** Without the page frame numbers behind it. */
  size: 0x30,
  next: 0x00,
  length: 0x08,
  flags: 0x0a,
  mappedSystemVa: 0x18,
  startVa: 0x20,
  byteCount: 0x28,
  byteOffset: 0x2c,
} as const;

export const OID_REQUEST = {
  size: 0xf8,
  /** Lengths of revisions 1 and 2. */
  lengths: [0xec, 0xf8],
  requestType: 0x04,
  requestId: 0x10,
  requestHandle: 0x18,
  oid: 0x20,
  informationBuffer: 0x28,
  /** InputBufferLength of a method request. */
  informationBufferLength: 0x30,
  /** BytesWritten of a query, BytesRead of a set, OutputBufferLength of a method request. */
  bytesDone: 0x34,
  /** Of a query and a set. */
  bytesNeeded: 0x38,
  methodBytesWritten: 0x3c,
  methodBytesRead: 0x40,
  methodBytesNeeded: 0x44,
  sourceReserved: 0xd8,
  supportedRevision: 0xe8,
} as const;

export const OID_REQUEST_MEMBERS: readonly (readonly [number, string])[] = [
  [0x00, 'Header'],
  [0x04, 'RequestType'],
  [0x08, 'PortNumber'],
  [0x0c, 'Timeout'],
  [0x10, 'RequestId'],
  [0x18, 'RequestHandle'],
  [0x20, 'Oid'],
  [0x28, 'InformationBuffer'],
  [0x30, 'InformationBufferLength'],
  [0x34, 'BytesWritten'],
  [0x38, 'BytesNeeded'],
  [0x48, 'NdisReserved'],
  [0xc8, 'MiniportReserved'],
  [0xd8, 'SourceReserved'],
  [0xe8, 'SupportedRevision'],
];

export const STATUS_INDICATION = {
  size: 0x70,
  sourceHandle: 0x08,
  statusCode: 0x14,
  destinationHandle: 0x20,
  requestId: 0x28,
  statusBuffer: 0x30,
  statusBufferSize: 0x38,
} as const;

export const LINK_STATE = {
  size: 0x28,
  mediaConnectState: 0x04,
  mediaDuplexState: 0x08,
  xmitLinkSpeed: 0x10,
  rcvLinkSpeed: 0x18,
} as const;

export const NET_PNP_EVENT_NOTIFICATION = {
  size: 0xb0,
  lengths: [0xa4, 0xac],
  netEvent: 0x08,
  buffer: 0x10,
  bufferLength: 0x18,
} as const;

export const NET_DEVICE_PNP_EVENT = {
  size: 0x30,
  length: 0x2c,
  devicePnPEvent: 0x08,
  informationBuffer: 0x10,
  informationBufferLength: 0x18,
} as const;

export const DEVICE_OBJECT_ATTRIBUTES = {
  size: 0x38,
  deviceName: 0x08,
  symbolicName: 0x10,
  majorFunctions: 0x18,
  extensionSize: 0x20,
} as const;

export const TIMER_CHARACTERISTICS = {
  size: 0x18,
  timerFunction: 0x08,
  functionContext: 0x10,
} as const;

export const CONFIGURATION_OBJECT = { size: 0x18, ndisHandle: 0x08 } as const;

/** NDIS_CONFIGURATION_PARAMETER. */
export const CONFIGURATION_PARAMETER = { size: 0x18, type: 0x00, data: 0x08 } as const;
