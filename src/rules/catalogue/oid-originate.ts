import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, network } from './sources';

const GENERATING = network('generating-oid-requests-from-an-ndis-filter-driver');
const OID_REQUEST = ddi('nf-ndis-ndisfoidrequest');
const OID_STATES = 'Paused, Restarting, Running, Pausing; IRQL <= DISPATCH_LEVEL';

export const oidOriginate: readonly Rule[] = [
  {
    id: 'OO-01',
    area: 'oid-originate',
    statement:
      'OID requests are originated while Paused, Restarting, Running or Pausing; never while Attaching, from the entry of FilterDetach on, or while the adapter is in low power.',
    strength: 'must',
    strengthNote: 'the states are documented for filters, low power only for protocols',
    appliesTo: `${OID_STATES}; NdisFOidRequest`,
    statuses: 'As NdisOidRequest; NDIS_STATUS_INVALID_PARAMETER for a bad header',
    consequence: 'A hang, a failed request, or an access to hardware that sleeps (0x9F).',
    sources: [
      GENERATING,
      OID_REQUEST,
      network('attaching-a-filter-module'),
      network('handling-pnp-events-and-power-management-events-in-a-protocol-driver'),
      ddi('ns-netpnp-_net_pnp_event'),
    ],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesOids'],
    umbrellaOf: ['ATT-05', 'DET-05', 'DET-06', 'PNP-03'],
    reading:
      'Low power lasts from NetEventSetPower with a sleep state to NetEventSetPower with D0. Of the rules that this one covers, the part about OID requests counts.',
  },
  {
    id: 'OO-02',
    area: 'oid-originate',
    statement:
      'An originated request and its buffer are non-paged, zeroed with a valid header, and stay alive and untouched until the request has completed.',
    strength: 'must-by-consequence',
    appliesTo: `${OID_STATES}; NDIS_OID_REQUEST (type OID_REQUEST, a matching pair of revision and size)`,
    statuses: 'NDIS_STATUS_INVALID_PARAMETER',
    consequence: '0x7C with P1=0x21 for the header; 0x50 or 0xD1 for the memory.',
    sources: [ddi('ns-oidrequest-ndis_oid_request'), OID_REQUEST, BUGCHECK_7C],
    profile: 'full',
    observation: 'memory',
    needs: ['originatesOids'],
  },
  {
    id: 'OO-03',
    area: 'oid-originate',
    statement:
      'FilterOidRequestComplete recognises the requests that the filter originated and consumes them; they never go into NdisFOidRequestComplete.',
    strength: 'must-by-consequence',
    appliesTo: `${OID_STATES}; FilterOidRequestComplete`,
    consequence: 'A driver above is told of a request that it never made: 0xD1 or 0x3B.',
    sources: [GENERATING, OID_REQUEST, ddi('nc-ndis-filter_oid_request_complete')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesOids'],
  },
  {
    id: 'OO-04',
    area: 'oid-originate',
    statement:
      'Waiting for an originated request is done at PASSIVE_LEVEL, without a lock, only if the call returned NDIS_STATUS_PENDING, and not inside a handler that has to return before the request can go on.',
    strength: 'must',
    appliesTo: 'Paused, Restarting, Running, Pausing; PASSIVE_LEVEL for the wait; NdisFOidRequest, NdisWaitEvent',
    consequence: '0x7C with P1=0x14, or a hang.',
    sources: [
      GENERATING,
      network('example-boilerplate-for-issuing-a-regular-oid-request'),
      ddi('nf-ndis-ndiswaitevent'),
    ],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesOids'],
  },
  {
    id: 'OO-05',
    area: 'oid-originate',
    statement:
      'After an originated request has succeeded, SupportedRevision is looked at before data that depends on the revision is used.',
    strength: 'must',
    appliesTo: OID_STATES,
    consequence: 'The filter misreads what an older driver below has written.',
    sources: [GENERATING, OID_REQUEST],
    profile: 'full',
    observation: 'memory',
    needs: ['originatesOids'],
  },
];
