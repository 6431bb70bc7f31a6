import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, devtest, FILTER_SAMPLE, network } from './sources';

const FILTERING = network('filtering-oid-requests-in-an-ndis-filter-driver');
const OID_HANDLER = ddi('nc-ndis-filter_oid_request');
const OID_COMPLETE_HANDLER = ddi('nc-ndis-filter_oid_request_complete');
const OID_REQUEST = ddi('nf-ndis-ndisfoidrequest');
const CLONE = ddi('nf-ndis-ndisallocatecloneoidrequest');
const OID_STATES = 'Paused, Restarting, Running, Pausing; IRQL <= DISPATCH_LEVEL';

export const oidPassThrough: readonly Rule[] = [
  {
    id: 'OP-01',
    area: 'oid-pass-through',
    statement:
      'FilterOidRequest either returns the final status, and then the request is not completed by a call, or it returns NDIS_STATUS_PENDING, and then NdisFOidRequestComplete is called exactly once with the original request.',
    strength: 'must',
    appliesTo: `${OID_STATES}; FilterOidRequest, NdisFOidRequestComplete`,
    statuses:
      'NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING, NDIS_STATUS_INVALID_OID, NDIS_STATUS_NOT_SUPPORTED, NDIS_STATUS_BUFFER_TOO_SHORT, NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_INVALID_DATA, NDIS_STATUS_NOT_ACCEPTED, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE; by completion also NDIS_STATUS_REQUEST_ABORTED, never NDIS_STATUS_PENDING',
    consequence:
      'Never completed: 0x7C or live dump 0x15E with P1=0x25, P2=0x24. Completed twice: corruption; for miniports documented as 0xC4/0x91002 and 0x7C with P1=0x26.',
    verifier:
      'NdisOidDoubleComplete, NdisOidDoubleRequest, SDV DoubleComplete and DoubleCompleteWorkItem (written for miniports, the same in kind)',
    sources: [
      FILTERING,
      OID_HANDLER,
      ddi('nf-ndis-ndisfoidrequestcomplete'),
      devtest('ndis-ndisoiddoublecomplete'),
      devtest('ndis-doublecomplete'),
      BUGCHECK_7C,
    ],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['OP-04', 'OP-05', 'DO-02'],
    reading: 'With a final status, the results are in the request when FilterOidRequest returns.',
  },
  {
    id: 'OP-02',
    area: 'oid-pass-through',
    statement:
      'What a filter forwards is a clone from NdisAllocateCloneOidRequest; the request it was given never goes into NdisFOidRequest or NdisFDirectOidRequest itself.',
    strength: 'must',
    appliesTo: `${OID_STATES}; NdisAllocateCloneOidRequest, NdisFOidRequest, NdisFDirectOidRequest`,
    statuses:
      'NdisAllocateCloneOidRequest: NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_PARAMETER, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence:
      'What NDIS has noted in the request for this hop is overwritten: a hang, 0xD1, or 0x7C with P1=0x21 for the bad header.',
    verifier: 'SDV Irql_OID_Function (for the IRQL)',
    sources: [FILTERING, OID_HANDLER, CLONE, network('synchronous-oid-request-interface-in-ndis-6-80')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'OP-03',
    area: 'oid-pass-through',
    statement:
      'When a clone has come back, its results are copied into the original, the clone is freed with NdisFreeCloneOidRequest and after that the original is completed, each once.',
    strength: 'must',
    appliesTo: `${OID_STATES}; FilterOidRequestComplete; BytesWritten, BytesRead, BytesNeeded and SupportedRevision are the results`,
    consequence:
      'The originator reads results that are not its own; a leak; or the clone is touched after everything is over.',
    sources: [
      OID_COMPLETE_HANDLER,
      ddi('nf-ndis-ndisfreecloneoidrequest'),
      network('example-boilerplate-for-handling-regular-or-direct-oid-requests'),
    ],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'OP-04',
    area: 'oid-pass-through',
    statement:
      'FilterOidRequestComplete comes only for requests whose NdisFOidRequest returned NDIS_STATUS_PENDING: after any other status the filter finishes the original itself, after pending it waits.',
    strength: 'must',
    appliesTo: `${OID_STATES}; NdisFOidRequest, FilterOidRequestComplete`,
    consequence: 'The OID request hangs, or is completed twice.',
    sources: [network('generating-oid-requests-from-an-ndis-filter-driver'), OID_REQUEST, FILTERING, OID_HANDLER],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'OP-05',
    area: 'oid-pass-through',
    statement:
      'When cloning fails, the original is finished with the status of that failure and byte counts of zero; it is not lost.',
    strength: 'inferred',
    appliesTo: OID_STATES,
    statuses: 'NDIS_STATUS_RESOURCES or what NdisAllocateCloneOidRequest returned',
    consequence: 'The OID request hangs.',
    sources: [CLONE, FILTER_SAMPLE],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'OP-06',
    area: 'oid-pass-through',
    statement:
      'Reported lengths are true: nothing written or read beyond the buffers, BytesNeeded given when a buffer was too short, SupportedRevision set after a revisioned structure was set.',
    strength: 'must',
    appliesTo: `${OID_STATES}; for method requests OutputBufferLength is the limit of BytesWritten`,
    statuses: 'BytesNeeded goes with NDIS_STATUS_BUFFER_TOO_SHORT and NDIS_STATUS_INVALID_LENGTH',
    consequence: 'Documented: bugcheck 0x7C with P1=0x1D (OID_REQUEST_INVALID_BUFFER), for miniports and filters.',
    sources: [FILTERING, OID_HANDLER, BUGCHECK_7C, ddi('ns-oidrequest-ndis_oid_request')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'OP-07',
    area: 'oid-pass-through',
    statement:
      'OIDs that mean nothing to the filter are forwarded as they are, not failed; answers that it changes agree with what it does to the traffic, such as a smaller frame size for an inserted header.',
    strength: 'inferred',
    appliesTo: OID_STATES,
    consequence: 'Protocols silently lose features, or fail to bind.',
    sources: [FILTERING, OID_HANDLER],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'OP-08',
    area: 'oid-pass-through',
    statement: 'FilterOidRequest may be entered at DISPATCH_LEVEL, so it does not block; requests are finished soon.',
    strength: 'must',
    strengthNote:
      'the IRQL is documented, not blocking is inferred, finishing soon (one second for miniports) is a should',
    appliesTo: `${OID_STATES}; FilterOidRequest`,
    consequence:
      '0x7C or live dump 0x15E with P1=0x25, P2=0x24; for miniports Driver Verifier sets a limit of 12 seconds (0xC4/0x92003).',
    verifier: 'NdisTimedOidComplete (written for miniports)',
    sources: [
      FILTERING,
      OID_HANDLER,
      network('miniport-adapter-oid-request-serialization'),
      devtest('ndis-ndistimedoidcomplete'),
      BUGCHECK_7C,
    ],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C7', 'U1'],
  },
  {
    id: 'OP-09',
    area: 'oid-pass-through',
    statement:
      'FilterCancelOidRequest brings the request to its end: one that is held is completed as aborted, for one that was forwarded NdisFCancelOidRequest gets the id used below, and its completion is waited for.',
    strength: 'must-by-consequence',
    appliesTo: `${OID_STATES}; FilterCancelOidRequest, NdisFCancelOidRequest`,
    statuses: 'NDIS_STATUS_REQUEST_ABORTED',
    consequence: 'A cancel that never comes to an end, or a clone used after it was freed.',
    verifier: 'SDV Irql_OID_Function (for the IRQL)',
    sources: [ddi('nc-ndis-filter_cancel_oid_request'), ddi('nf-ndis-ndisfcanceloidrequest')],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C13'],
  },
  {
    id: 'OP-10',
    area: 'oid-pass-through',
    statement: 'NdisFNetPnPEvent is not called from inside FilterOidRequest.',
    strength: 'must',
    appliesTo: `${OID_STATES}; FilterOidRequest, NdisFNetPnPEvent`,
    consequence: 'A deadlock.',
    verifier: 'SDV NdisMNetPnPEventInOIDRequest (the same for miniports)',
    sources: [ddi('nf-ndis-ndisfnetpnpevent'), devtest('ndis-ndismnetpnpeventinoidrequest')],
    profile: 'full',
    observation: 'white-box',
  },
];
