/** Bugcheck 0x7C (and its live dump 0x15E), the watchdogs of NDIS, and the codes of Driver Verifier for network drivers. */

export interface NdisCode {
  readonly name: string;
  /** A sentence: what NDIS or the verifier saw. */
  readonly means: string;
  /** Empty where no rule for filters is about it. */
  readonly rules: readonly string[];
  /** The documentation speaks of miniports or protocols here, not of filters. */
  readonly others?: string;
}

const MINIPORTS = 'the documentation speaks of miniports';

/** Parameter 1 of 0x7C and 0x15E. Those below 0x14 are about shared memory, packets and interrupts of NDIS 5 miniports. */
export const NDIS_BUGCHECKS: Readonly<Record<number, NdisCode>> = {
  0x14: {
    name: 'WAIT_EVENT_HIGH_IRQL',
    means: 'A driver waited in NdisWaitEvent above PASSIVE_LEVEL.',
    rules: ['PAU-20', 'DET-10', 'OO-04', 'SP-10', 'IRQ-01', 'LCK-01'],
  },
  0x1d: {
    name: 'OID_REQUEST_INVALID_BUFFER',
    means: 'An OID request was completed with more bytes written than its buffer holds.',
    rules: ['OP-06'],
  },
  0x1f: {
    name: 'ILLEGAL_MINIPORT_STATE_TRANSITION',
    means: 'A pause or a restart was completed that was not pending.',
    rules: ['PAU-03', 'RST-03'],
    others: MINIPORTS,
  },
  0x20: {
    name: 'STATUS_INDICATION_INVALID_BUFFER',
    means: 'A status was indicated whose buffer does not fit it.',
    rules: ['ST-02'],
  },
  0x21: {
    name: 'INVALID_OBJECT_HEADER',
    means: 'NDIS was given a structure with an invalid NDIS_OBJECT_HEADER.',
    rules: ['OO-02', 'ST-02', 'OP-02'],
  },
  0x22: {
    name: 'ILLEGAL_NET_PNP_EVENT',
    means: 'A driver raised a network PnP event that is malformed, or not its own to raise.',
    rules: ['PNP-07', 'PNP-02'],
  },
  0x23: {
    name: 'PD_ERROR',
    means: 'The PacketDirect data path was misused.',
    rules: [],
    others: 'PacketDirect is outside this kit',
  },
  0x25: { name: 'WATCHDOG', means: 'A driver kept NDIS waiting for too long.', rules: [] },
  0x26: {
    name: 'INVALID_OID_COMPLETION',
    means: 'An OID request was completed that was not pending.',
    rules: ['OP-01', 'OP-04'],
    others: MINIPORTS,
  },
  0x27: {
    name: 'LEAKED_NBL',
    means: 'NBLs were still alive when the driver that owns them went away.',
    rules: ['UNL-04', 'DET-08', 'PAU-11', 'PAU-12', 'SC-01', 'RET-01'],
  },
  0x30: {
    name: 'STUCK_NBL',
    means: 'A driver kept an NBL for too long.',
    rules: ['PAU-10', 'RP-01', 'RP-07', 'SP-06', 'PAU-09'],
    others: MINIPORTS,
  },
};

export interface Watchdog {
  readonly name: string;
  /** Ends "NDIS waited in vain for …". */
  readonly waitedFor: string;
  readonly of: 'filter' | 'protocol' | 'miniport';
  readonly rules: readonly string[];
}

/** Parameter 2 of 0x7C with parameter 1 = 0x25. */
export const WATCHDOGS: Readonly<Record<number, Watchdog>> = {
  0x01: {
    name: 'PROTOCOL_PAUSE',
    waitedFor: 'a protocol to pause',
    of: 'protocol',
    rules: ['PAU-09', 'SP-11', 'SC-01', 'PAU-21', 'SP-01'],
  },
  0x02: {
    name: 'PROTOCOL_NET_PNP_EVENT',
    waitedFor: 'a protocol to take a network PnP event',
    of: 'protocol',
    rules: ['PNP-02'],
  },
  0x03: {
    name: 'PROTOCOL_STATUS_INDICATION',
    waitedFor: 'a protocol to take a status indication',
    of: 'protocol',
    rules: [],
  },
  0x04: {
    name: 'PROTOCOL_UNBIND',
    waitedFor: 'a protocol to unbind',
    of: 'protocol',
    rules: ['PAU-09', 'SP-11', 'SC-01', 'CAN-01', 'OP-01'],
  },
  0x11: {
    name: 'FILTER_PAUSE',
    waitedFor: 'a filter to pause',
    of: 'filter',
    rules: ['PAU-02', 'PAU-04', 'PAU-15', 'PAU-12', 'PAU-11', 'CFG-04'],
  },
  0x12: {
    name: 'FILTER_NET_PNP_EVENT',
    waitedFor: 'a filter to take a network PnP event',
    of: 'filter',
    rules: ['PNP-01', 'PNP-03'],
  },
  0x13: {
    name: 'FILTER_STATUS_INDICATION',
    waitedFor: 'a filter to take a status indication',
    of: 'filter',
    rules: ['ST-01'],
  },
  0x14: {
    name: 'FILTER_DETACH',
    waitedFor: 'FilterDetach to return',
    of: 'filter',
    rules: ['DET-10', 'DET-02', 'DEV-05', 'DET-04', 'DET-05', 'DET-09'],
  },
  0x21: {
    name: 'MINIPORT_PAUSE',
    waitedFor: 'a miniport to pause',
    of: 'miniport',
    rules: ['PAU-10', 'RET-01', 'RP-01', 'PAU-14'],
  },
  0x22: {
    name: 'MINIPORT_HALT',
    waitedFor: 'a miniport to halt',
    of: 'miniport',
    rules: ['RET-01', 'RP-01', 'PAU-10'],
  },
  0x23: { name: 'MINIPORT_OID', waitedFor: 'a miniport to complete an OID request', of: 'miniport', rules: [] },
  0x24: {
    name: 'FILTER_OID',
    waitedFor: 'a filter to complete an OID request',
    of: 'filter',
    rules: ['OP-01', 'OP-08', 'OP-04', 'OP-05', 'PAU-16', 'RST-07'],
  },
  0x25: { name: 'MINIPORT_IDLE', waitedFor: 'a miniport to go idle', of: 'miniport', rules: [] },
  0x26: { name: 'MINIPORT_CANCEL_IDLE', waitedFor: 'a miniport to wake from idle', of: 'miniport', rules: [] },
};

/** Parameter 1 of 0xC4 and of its live dump 0x1C4. */
export const VERIFIER_CODES: Readonly<Record<number, NdisCode>> = {
  0x10: {
    name: 'bad free',
    means: 'A driver freed an address that no allocation had returned.',
    rules: ['NBL-01', 'RST-09'],
  },
  0x13: {
    name: 'double free',
    means: 'A driver freed a block that it had freed before.',
    rules: ['NBL-01', 'SO-05', 'DET-03'],
  },
  0x14: {
    name: 'double free',
    means: 'A driver freed a block that it had freed before.',
    rules: ['NBL-01', 'SO-05', 'DET-03'],
  },
  0x62: {
    name: 'pool left at unload',
    means: 'A driver was unloaded and had not freed all its pool memory.',
    rules: ['DET-03', 'UNL-03', 'ATT-04', 'UNL-05'],
  },
  0xa00c: {
    name: 'VM switch: SINGLE_SOURCE',
    means:
      'NDIS_SEND_FLAGS_SWITCH_SINGLE_SOURCE was set for a chain in the Hyper-V switch whose NBLs come from several ports.',
    rules: ['SC-06'],
  },
  0xa00d: {
    name: 'VM switch: DESTINATION_GROUP',
    means:
      'NDIS_RECEIVE_FLAGS_SWITCH_DESTINATION_GROUP was set for a chain in the Hyper-V switch that has an NBL with another destination.',
    rules: ['SC-06'],
  },
  0x1000: {
    name: 'self-deadlock',
    means: 'A thread went for a lock that it holds already.',
    rules: ['LCK-01', 'LCK-02'],
  },
  0x1001: {
    name: 'deadlock: lock hierarchy',
    means:
      'Two locks were taken in one order here and in the other order elsewhere: two threads can wait for each other for ever.',
    rules: ['LCK-02'],
  },
  0x91001: {
    name: 'NdisOidComplete',
    means: 'An OID request was answered with a status that is not allowed.',
    rules: ['OP-01'],
    others: MINIPORTS,
  },
  0x91002: {
    name: 'NdisOidDoubleComplete',
    means: 'An OID request was completed twice.',
    rules: ['OP-01', 'OP-04'],
    others: MINIPORTS,
  },
  0x9100e: {
    name: 'NdisOidDoubleRequest',
    means: 'A second OID request was made before the first was complete.',
    rules: ['OP-02'],
    others: MINIPORTS,
  },
  0x92003: {
    name: 'NdisTimedOidComplete',
    means: 'An OID request was not completed within 12 seconds.',
    rules: ['OP-08', 'OP-01'],
    others: MINIPORTS,
  },
  0x9200d: {
    name: 'NdisTimedDataSend',
    means: 'A send was not completed within 30 seconds.',
    rules: ['SP-06', 'SC-01'],
    others: MINIPORTS,
  },
  0x9200f: {
    name: 'NdisTimedDataHang',
    means: 'No send was completed for 22 seconds while some were pending.',
    rules: ['SP-06', 'SC-01'],
    others: MINIPORTS,
  },
  0x92010: {
    name: 'NdisFilterTimedPauseComplete',
    means: 'FilterPause failed, was not completed within ten seconds, or was completed twice.',
    rules: ['PAU-04', 'PAU-02', 'PAU-03', 'PAU-01'],
  },
  0x92011: {
    name: 'NdisFilterTimedDataSend',
    means: 'A filter kept a send from above for too long.',
    rules: ['SP-06', 'SP-01'],
  },
  0x92012: {
    name: 'NdisFilterTimedDataReceive',
    means: 'A filter kept a receive for too long.',
    rules: ['RP-07', 'RP-01'],
  },
};

/** What Driver Verifier says of any driver: pool, locks, IRQLs. */
export function isGeneralVerifierCode(code: number): boolean {
  return code < 0x2000;
}

/** Ranges of 0xC4 that are about networks and that the table does not spell out. */
export function isNdisVerifierCode(code: number): boolean {
  return (code >= 0x91000 && code <= 0x9400f) || (code >= 0xa000 && code <= 0xa0ff);
}
