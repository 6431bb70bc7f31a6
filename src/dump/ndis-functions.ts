/** What a filter driver can get wrong at a function of NDIS, in the rules of the catalogue. */

export interface NdisFunction {
  /** What it does with what it is given, as the end of "… is what the driver was doing". */
  readonly does: string;
  /** The argument whose memory NDIS follows first, and the rules about its life. */
  readonly handle?: readonly string[];
  /** Rules about the states in which it may be called at all. */
  readonly state?: readonly string[];
  /** Ends "the driver called it …" where those rules are broken; without it: in a state that does not allow it. */
  readonly wrongly?: string;
  /** It is never a passing on of what NDIS brought, wherever it is called. */
  readonly own?: true;
  /** What else it is given, and the rules about that. */
  readonly object?: { readonly what: string; readonly rules: readonly string[] };
}

/** A module handle of NDIS: it means something from FilterAttach to the end of FilterDetach. */
const STALE_HANDLE = ['DET-06', 'DEV-03', 'DET-09'];
const NBL = 'an NBL (or an NB, an MDL, the data of one)';

const SEND: NdisFunction = {
  does: 'sending or passing on NBLs downward',
  handle: STALE_HANDLE,
  state: ['PAU-07', 'PAU-06', 'DEV-04', 'ATT-06', 'RST-04'],
  object: { what: NBL, rules: ['SO-03', 'SO-07', 'SP-05', 'NBL-01'] },
};

const OID: NdisFunction = {
  does: 'issuing or passing on an OID request',
  handle: STALE_HANDLE,
  state: ['OO-01', 'DET-05', 'ATT-05'],
  wrongly: 'while its module was Attaching, from the entry of FilterDetach on, or in low power',
  object: { what: 'the OID request or its buffer', rules: ['OO-02', 'OP-02', 'DET-04'] },
};

const TAKES_A_LOCK: NdisFunction = {
  does: 'taking a lock',
  object: { what: 'the lock', rules: ['DEV-03', 'DET-09', 'LCK-01', 'REG-13'] },
};

export const NDIS_FUNCTIONS: Readonly<Record<string, NdisFunction>> = {
  NdisFSendNetBufferLists: SEND,
  NdisFSendNetBufferListsComplete: {
    does: 'handing sends back upward',
    handle: STALE_HANDLE,
    object: { what: NBL, rules: ['SC-02', 'SC-01', 'SO-04', 'SP-03', 'SC-04'] },
  },
  NdisFIndicateReceiveNetBufferLists: {
    does: 'indicating receives upward',
    handle: STALE_HANDLE,
    state: ['PAU-08', 'ATT-06', 'RST-05'],
    object: { what: NBL, rules: ['RO-02', 'RP-03', 'RP-05', 'RO-04', 'NBL-01'] },
  },
  NdisFReturnNetBufferLists: {
    does: 'handing receives back downward',
    handle: STALE_HANDLE,
    object: { what: NBL, rules: ['RET-02', 'RO-06', 'RP-02', 'RP-06'] },
  },
  NdisFCancelSendNetBufferLists: {
    does: 'passing on a cancel',
    handle: STALE_HANDLE,
    object: { what: 'the cancel id', rules: ['CAN-02'] },
  },
  NdisFOidRequest: OID,
  NdisFDirectOidRequest: { ...OID, object: { what: 'the OID request or its buffer', rules: ['DO-02', 'OO-02'] } },
  NdisFSynchronousOidRequest: { ...OID, object: { what: 'the OID request or its buffer', rules: ['OO-02', 'DET-04'] } },
  NdisFOidRequestComplete: {
    does: 'completing an OID request upward',
    handle: STALE_HANDLE,
    object: { what: 'the OID request', rules: ['OP-01', 'OO-03', 'OP-03', 'OP-06'] },
  },
  NdisAllocateCloneOidRequest: {
    does: 'cloning an OID request that came from above',
    handle: ['ATT-02', ...STALE_HANDLE],
    object: { what: 'the OID request from above', rules: ['OP-02'] },
  },
  NdisFreeCloneOidRequest: {
    does: 'freeing the clone of an OID request',
    handle: ['ATT-02', ...STALE_HANDLE],
    object: { what: 'the clone', rules: ['OP-03', 'OP-04', 'DET-04'] },
  },
  NdisFIndicateStatus: {
    does: 'indicating a status',
    handle: STALE_HANDLE,
    wrongly: 'while its module was Attaching, or from the entry of FilterDetach on',
    state: ['ST-03', 'DET-05', 'ATT-05'],
    object: { what: 'the status indication', rules: ['ST-02'] },
  },
  NdisFPauseComplete: {
    own: true,
    does: 'completing a pause',
    handle: STALE_HANDLE,
    wrongly: 'when no pause was pending',
    state: ['PAU-03', 'PAU-02'],
  },
  NdisFRestartComplete: {
    own: true,
    does: 'completing a restart',
    handle: STALE_HANDLE,
    wrongly: 'when no restart was pending',
    state: ['RST-03', 'RST-02'],
  },
  NdisFRestartFilter: {
    own: true,
    does: 'asking for a restart',
    handle: STALE_HANDLE,
    wrongly: 'where nothing may be restarted',
    state: ['CFG-03'],
  },
  NdisFNetPnPEvent: {
    does: 'passing on a network PnP event',
    handle: STALE_HANDLE,
    object: { what: 'the event', rules: ['PNP-02', 'PNP-07'] },
  },
  NdisFDevicePnPEventNotify: {
    does: 'passing on a device PnP event',
    handle: STALE_HANDLE,
    object: { what: 'the event', rules: ['PNP-06'] },
  },
  NdisFSetAttributes: {
    own: true,
    does: 'telling NDIS the context of a module',
    handle: ['ATT-02', 'ATT-03'],
    wrongly: 'outside FilterAttach, or twice',
    state: ['ATT-03'],
  },
  NdisFDeregisterFilterDriver: {
    own: true,
    does: 'deregistering',
    wrongly: 'twice, or with NBLs still out',
    state: ['UNL-01', 'UNL-02', 'UNL-04'],
  },
  NdisSetOptionalHandlers: {
    own: true,
    does: 'changing its data handlers',
    handle: STALE_HANDLE,
    wrongly: 'outside FilterSetModuleOptions',
    state: ['CFG-01', 'CFG-02'],
  },
  NdisFreeNetBufferList: {
    does: 'freeing an NBL',
    object: { what: NBL, rules: ['NBL-01', 'DET-08', 'SO-03', 'RO-02'] },
  },
  NdisFreeNetBuffer: { does: 'freeing an NB', object: { what: 'the NB', rules: ['NBL-04', 'NBL-01', 'DET-08'] } },
  NdisFreeCloneNetBufferList: {
    does: 'freeing a clone',
    object: { what: 'the clone or its parent', rules: ['NBL-06', 'NBL-01'] },
  },
  NdisFreeNetBufferListPool: {
    does: 'freeing a pool of NBLs',
    object: { what: 'the pool', rules: ['DET-08', 'UNL-04', 'NBL-01'] },
  },
  NdisFreeNetBufferPool: { does: 'freeing a pool of NBs', object: { what: 'the pool', rules: ['DET-08', 'NBL-04'] } },
  NdisAllocateNetBufferList: {
    does: 'allocating an NBL',
    object: { what: 'the pool', rules: ['DET-08', 'DET-09', 'NBL-02', 'NBL-03'] },
  },
  NdisAllocateNetBufferAndNetBufferList: {
    does: 'allocating an NBL',
    object: { what: 'the pool', rules: ['DET-08', 'DET-09', 'NBL-03'] },
  },
  NdisAllocateCloneNetBufferList: { does: 'cloning an NBL', object: { what: NBL, rules: ['NBL-06', 'DET-08'] } },
  NdisFreeNetBufferListContext: {
    does: 'giving context space back',
    object: { what: NBL, rules: ['NBL-05', 'SP-03', 'RP-06'] },
  },
  NdisAllocateNetBufferListContext: {
    does: 'putting context on an NBL',
    object: { what: NBL, rules: ['NBL-05', 'NBL-08'] },
  },
  NdisRetreatNetBufferDataStart: {
    does: 'making room before the data',
    object: { what: NBL, rules: ['NBL-07', 'NBL-09'] },
  },
  NdisAdvanceNetBufferDataStart: {
    does: 'taking room before the data away',
    object: { what: NBL, rules: ['NBL-07', 'NBL-09'] },
  },
  NdisGetDataBuffer: {
    does: 'reading the data of a frame',
    object: { what: NBL, rules: ['SO-07', 'RP-03', 'SP-05', 'NBL-09'] },
  },
  NdisCopyFromNetBufferToNetBuffer: {
    does: 'copying the data of a frame',
    object: { what: NBL, rules: ['RP-03', 'SP-05', 'NBL-09'] },
  },
  NdisSetEvent: {
    does: 'setting an event',
    object: { what: 'the event', rules: ['DET-02', 'DET-09', 'ATT-09', 'REG-13'] },
  },
  NdisResetEvent: { does: 'resetting an event', object: { what: 'the event', rules: ['DET-02', 'DET-09', 'REG-13'] } },
  NdisWaitEvent: {
    does: 'waiting for an event',
    wrongly: 'above PASSIVE_LEVEL, or with a lock held',
    state: ['PAU-20', 'DET-10', 'OO-04', 'IRQ-01'],
    object: { what: 'the event', rules: ['DET-02', 'DET-09'] },
  },
  NdisMSleep: {
    does: 'sleeping',
    wrongly: 'above PASSIVE_LEVEL, or with a lock held',
    state: ['PAU-20', 'DET-10', 'IRQ-01', 'SP-10'],
  },
  NdisAcquireRWLockRead: TAKES_A_LOCK,
  NdisAcquireRWLockWrite: TAKES_A_LOCK,
  NdisReleaseRWLock: {
    does: 'giving a lock back',
    object: { what: 'the lock', rules: ['LCK-01', 'DEV-03', 'DET-09'] },
  },
  NdisFreeRWLock: { does: 'freeing a lock', object: { what: 'the lock', rules: ['DET-09', 'LCK-01', 'DET-03'] } },
  NdisAcquireSpinLock: TAKES_A_LOCK,
  NdisSetTimerObject: { does: 'arming a timer', object: { what: 'the timer', rules: ['TMR-01', 'TMR-02', 'TMR-03'] } },
  NdisCancelTimerObject: { does: 'cancelling a timer', object: { what: 'the timer', rules: ['TMR-01', 'TMR-02'] } },
  NdisFreeTimerObject: { does: 'freeing a timer', object: { what: 'the timer', rules: ['TMR-01', 'TMR-02'] } },
  NdisQueueIoWorkItem: { does: 'queueing a work item', object: { what: 'the work item', rules: ['TMR-02', 'TMR-03'] } },
  NdisFreeIoWorkItem: { does: 'freeing a work item', object: { what: 'the work item', rules: ['TMR-02', 'UNL-05'] } },
  NdisDeregisterDeviceEx: { does: 'deleting its device', object: { what: 'the device', rules: ['DEV-01', 'UNL-03'] } },
  NdisFreeMemory: { does: 'freeing memory', object: { what: 'the memory', rules: ['RST-09', 'DET-03', 'NBL-01'] } },
};

/** Locks and events of the kernel that drivers use for what they share with their modules. */
export const KERNEL_OBJECTS: readonly (readonly [pattern: RegExp, what: string, rules: readonly string[]])[] = [
  [/^Ke(?:Set|Reset|Pulse)Event/, 'an event', ['DET-02', 'DET-09', 'ATT-09', 'REG-13']],
  [/^Ke\w*SpinLock|^KxWaitForSpinLock|^Ex\w*SpinLock/, 'a spin lock', ['LCK-01', 'DEV-03', 'DET-09', 'REG-13']],
  [/^Ex\w*(?:PushLock|Resource|FastMutex)|^Ke\w*Mutex/, 'a lock', ['DEV-03', 'DET-09', 'IRQ-02', 'REG-13']],
  [/RundownProtection/, 'rundown protection', ['DET-09', 'DEV-03']],
  [/^(?:Ob|Hal)?DereferenceObject|^ObfDereference/, 'a reference', ['DET-09', 'DEV-03']],
];

/** @returns what is known of the function; its internal variants (`NdisFSendNetBufferListsInternal`) count as itself */
export function ndisFunction(name: string | undefined): (NdisFunction & { readonly name: string }) | undefined {
  if (name === undefined) return undefined;
  const plain = Object.keys(NDIS_FUNCTIONS)
    .filter((known) => name === known || name.startsWith(`${known}$`))
    .at(0);
  const inner = INTERNAL.find(([pattern]) => pattern.test(name))?.[1];
  const found = plain ?? inner;
  const known = found === undefined ? undefined : NDIS_FUNCTIONS[found];
  return found !== undefined && known ? { ...known, name: found } : undefined;
}

/** Where the exported function has become a jump, the inner one is all that the stack shows. */
const INTERNAL: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^ndisFilterIndicateReceiveNetBufferLists/, 'NdisFIndicateReceiveNetBufferLists'],
  [/^ndisFilterSendNetBufferLists$/, 'NdisFSendNetBufferLists'],
  [/^ndisFilterReturnNetBufferLists/, 'NdisFReturnNetBufferLists'],
];
