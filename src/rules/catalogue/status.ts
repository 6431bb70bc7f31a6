import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, network } from './sources';

const STATUS_GUIDE = network('filter-module-status-indications');
const STATUS_HANDLER = ddi('nc-ndis-filter_status');
const INDICATE_STATUS = ddi('nf-ndis-ndisfindicatestatus');

export const status: readonly Rule[] = [
  {
    id: 'ST-01',
    area: 'status',
    statement:
      'FilterStatus forwards an indication with NdisFIndicateStatus, edited if need be, or drops it on purpose; it never blocks and works in every state from Paused to Pausing.',
    strength: 'must-by-consequence',
    appliesTo: 'Paused, Restarting, Running, Pausing; IRQL <= DISPATCH_LEVEL; FilterStatus',
    consequence: '0x7C or live dump 0x15E with P1=0x25, P2=0x13 (FILTER_STATUS_INDICATION).',
    verifier: 'SDV Irql_StatusIndication_Function (for the IRQL)',
    sources: [STATUS_GUIDE, STATUS_HANDLER, INDICATE_STATUS, BUGCHECK_7C],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'ST-02',
    area: 'status',
    statement:
      "An originated status has a valid header, the module's NdisFilterHandle as SourceHandle, a buffer that fits its status code, and a RequestId whenever DestinationHandle is set.",
    strength: 'must',
    strengthNote: 'SourceHandle is worded as a recommendation, but the status goes astray without it',
    appliesTo:
      'Paused, Restarting, Running, Pausing; IRQL <= DISPATCH_LEVEL; NDIS_STATUS_INDICATION (type STATUS_INDICATION, revision 1)',
    consequence: 'Documented: bugcheck 0x7C with P1=0x20 (STATUS_INDICATION_INVALID_BUFFER) or P1=0x21 for the header.',
    sources: [STATUS_GUIDE, STATUS_HANDLER, INDICATE_STATUS, ddi('ns-ndis-_ndis_status_indication'), BUGCHECK_7C],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'ST-03',
    area: 'status',
    statement: 'No status is indicated before the module is attached, nor after FilterDetach has returned.',
    strength: 'must',
    appliesTo: 'Paused, Restarting, Running, Pausing; NdisFIndicateStatus',
    consequence: '0xD1.',
    sources: [STATUS_GUIDE, STATUS_HANDLER, INDICATE_STATUS, network('attaching-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C3', 'C5'],
    umbrellaOf: ['ATT-05', 'DET-05', 'DET-06'],
    reading:
      'Attached means that FilterAttach has returned success; inside FilterDetach it is too late already (DET-05).',
  },
  {
    id: 'ST-04',
    area: 'status',
    statement:
      'The link state is learnt from NDIS_STATUS_LINK_STATE, not by polling OID_GEN_LINK_STATE, and without counting on repeats: NDIS may suppress an indication that changes nothing.',
    strength: 'should',
    appliesTo: 'All states; FilterStatus',
    consequence: 'Races when the link comes up.',
    sources: [STATUS_HANDLER, network('ndis-status-link-state')],
    profile: 'full',
    observation: 'white-box',
  },
];
