import type { Rule } from '../rule';
import { ddi, network } from './sources';

const ISSUE_HANDLER = ddi('nf-ndis-filter_synchronous_oid_request');
const COMPLETE_HANDLER = ddi('nf-ndis-filter_synchronous_oid_request_complete');
const ATTACHED = 'Any attached state; IRQL <= DISPATCH_LEVEL';

export const synchronousOid: readonly Rule[] = [
  {
    id: 'SY-01',
    area: 'synchronous-oid',
    statement:
      'FilterSynchronousOidRequest never returns NDIS_STATUS_PENDING: success lets the request go on, as it must for every OID the filter does not know; already-complete ends it well, an error ends it with that error.',
    strength: 'must',
    appliesTo: `${ATTACHED}, even during FilterPause; FilterSynchronousOidRequest`,
    statuses:
      'NDIS_STATUS_SUCCESS, NDIS_STATUS_ALREADY_COMPLETE, NDIS_STATUS_BUFFER_TOO_SHORT, NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_INVALID_DATA, NDIS_STATUS_RESOURCES; NDIS_STATUS_NOT_SUPPORTED only for an operation that the filter recognises',
    consequence: 'Steering by RSSv2 breaks; whether NDIS stops the machine is not documented.',
    sources: [ISSUE_HANDLER],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U15'],
  },
  {
    id: 'SY-02',
    area: 'synchronous-oid',
    statement:
      'Neither synchronous handler clones, cancels or issues the request again, and the fields meant for NDIS (Timeout, RequestId, reserved areas) are left alone, the header only read.',
    strength: 'must',
    appliesTo: `${ATTACHED}; FilterSynchronousOidRequest, FilterSynchronousOidRequestComplete`,
    consequence: 'The request is corrupted.',
    sources: [ISSUE_HANDLER, COMPLETE_HANDLER],
    profile: 'full',
    observation: 'memory',
  },
  {
    id: 'SY-03',
    area: 'synchronous-oid',
    statement:
      'Both synchronous handlers return quickly, without waiting and at the IRQL they were entered at, and bring their own locking: NDIS serialises them with nothing but FilterDetach.',
    strength: 'must',
    appliesTo: `${ATTACHED}; concurrent with each other, with other OID requests and with FilterPause`,
    consequence: 'Latency, or a deadlock.',
    sources: [ISSUE_HANDLER],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SY-04',
    area: 'synchronous-oid',
    statement: 'The synchronous completion handler may change the status, but to neither pending nor already-complete.',
    strength: 'must',
    appliesTo: `${ATTACHED}; FilterSynchronousOidRequestComplete`,
    statuses: 'Anything but NDIS_STATUS_PENDING and NDIS_STATUS_ALREADY_COMPLETE',
    consequence: 'The originator sees a status that cannot be.',
    sources: [COMPLETE_HANDLER],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U15'],
  },
  {
    id: 'SY-05',
    area: 'synchronous-oid',
    statement:
      'A filter that advertises RSSv2 has the synchronous OID handlers, and its own synchronous requests are over before FilterDetach returns.',
    strength: 'must',
    appliesTo: 'All attached states; FilterDetach',
    consequence: 'RSSv2 requests go past the filter; a completion races with detach.',
    sources: [network('filter-module-oid-requests'), ddi('nf-ndis-ndisfsynchronousoidrequest')],
    profile: 'full',
    observation: 'white-box',
  },
];
