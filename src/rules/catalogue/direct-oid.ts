import type { Rule } from '../rule';
import { ddi, network } from './sources';

const DIRECT = network('filter-module-direct-oid-requests');
const DIRECT_HANDLER = ddi('nc-ndis-filter_direct_oid_request');
const OID_STATES = 'Paused, Restarting, Running, Pausing; IRQL <= DISPATCH_LEVEL';

export const directOid: readonly Rule[] = [
  {
    id: 'DO-01',
    area: 'direct-oid',
    statement:
      'The handlers for direct OID requests are re-entrant: several direct requests and a regular one may be outstanding together, so no single slot for "the" request will do.',
    strength: 'must',
    appliesTo: `${OID_STATES}; FilterDirectOidRequest, FilterDirectOidRequestComplete`,
    statuses: 'As FilterOidRequest',
    consequence: 'A completion is lost because the second request took the place of the first.',
    sources: [DIRECT, DIRECT_HANDLER],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'DO-02',
    area: 'direct-oid',
    statement:
      'Direct requests are cloned, forwarded, freed and completed by the rules for regular ones but with the direct functions; one request never mixes the two families.',
    strength: 'must',
    appliesTo: `${OID_STATES}; NdisFDirectOidRequest, NdisFDirectOidRequestComplete, NdisFCancelDirectOidRequest`,
    statuses: 'Any final status; never NDIS_STATUS_PENDING on completion',
    consequence: 'A hang, or 0xD1.',
    sources: [
      DIRECT,
      DIRECT_HANDLER,
      ddi('nc-ndis-filter_direct_oid_request_complete'),
      ddi('nf-ndis-ndisfdirectoidrequestcomplete'),
      ddi('nc-ndis-filter_cancel_direct_oid_request'),
    ],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C21'],
  },
  {
    id: 'DO-03',
    area: 'direct-oid',
    statement:
      'NdisFDirectOidRequest is used only for OIDs documented for the direct path and only with the direct completion handler registered; the direct handlers never block.',
    strength: 'must',
    appliesTo: `${OID_STATES}; NdisFDirectOidRequest`,
    statuses: 'As NdisDirectOidRequest',
    consequence: 'The request fails.',
    sources: [ddi('nf-ndis-ndisfdirectoidrequest'), network('direct-oid-request-interface-in-ndis-6-1')],
    profile: 'full',
    observation: 'white-box',
  },
];
