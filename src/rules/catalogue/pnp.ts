import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, network } from './sources';

const PNP_GUIDE = network('filter-module-pnp-event-notifications');
const PNP_HANDLER = ddi('nc-ndis-filter_net_pnp_event');
const EVENTS = ddi('ns-netpnp-_net_pnp_event');
const POWER = network('oid-pnp-set-power');

export const pnp: readonly Rule[] = [
  {
    id: 'PNP-01',
    area: 'pnp',
    statement:
      'FilterNetPnPEvent decides before it returns, success or failure, and keeps no pointer to the event; failure means something only for query-power and query-remove.',
    strength: 'must',
    appliesTo: 'All attached states; PASSIVE_LEVEL; FilterNetPnPEvent',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE',
    consequence: '0x7C or live dump 0x15E with P1=0x25, P2=0x12 if it gets stuck.',
    sources: [PNP_HANDLER, PNP_GUIDE, EVENTS, BUGCHECK_7C],
    profile: 'full',
    observation: 'white-box',
    reading:
      'NDIS takes any failure for the failure that it is, and only as an answer to query-power and query-remove; one to another event, and one by another name than NDIS_STATUS_FAILURE, are therefore condemned in the strict profile only. A status that is neither success nor failure is always condemned.',
  },
  {
    id: 'PNP-02',
    area: 'pnp',
    statement:
      'A network PnP event is passed on to the next driver above by NdisFNetPnPEvent, from inside the handler.',
    strength: 'must',
    appliesTo: 'All attached states; PASSIVE_LEVEL; FilterNetPnPEvent, NdisFNetPnPEvent',
    statuses: 'NdisFNetPnPEvent: NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE',
    consequence: 'Protocols never hear of a removal or a change of power: a hang, 0x9F, or a veto that is lost.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [
      PNP_HANDLER,
      PNP_GUIDE,
      ddi('nf-ndis-ndisfnetpnpevent'),
      network('removing-a-nic'),
      network('stopping-a-nic'),
      network('processing-the-surprise-removal-of-a-nic--windows-7-and-later-versions-'),
    ],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C6'],
    reading:
      'Default: query-remove and cancel-remove are forwarded. Strict: every event is, and the handler returns what forwarding it returned.',
  },
  {
    id: 'PNP-03',
    area: 'pnp',
    statement:
      'On NetEventSetPower the filter starts no new I/O, and neither there nor on NetEventQueryPower does the handler wait for I/O that is pending.',
    strength: 'must',
    appliesTo: 'Running; PASSIVE_LEVEL; FilterNetPnPEvent; NDIS 6.30 and up',
    statuses: 'NDIS_STATUS_SUCCESS',
    consequence: 'Going to sleep hangs: 0x9F, or 0x7C with P1=0x25, P2=0x12.',
    sources: [EVENTS, POWER],
    profile: 'full',
    observation: 'white-box',
    reading:
      'From NetEventSetPower with a sleep state to NetEventSetPower with D0 nothing is originated, neither sends nor OID requests.',
  },
  {
    id: 'PNP-04',
    area: 'pnp',
    statement:
      'NDIS may leave out the pause around sleep, so the filter takes NetEventSetPower as its own signal to stop and to go on, and accepts sends that come back with NDIS_STATUS_LOW_POWER_STATE.',
    strength: 'must',
    appliesTo:
      'Running; PASSIVE_LEVEL; where the miniport sets NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND and all filters and protocols are NDIS 6.30 or later',
    statuses: 'NDIS_STATUS_LOW_POWER_STATE in completed sends',
    consequence: 'I/O goes to a device without power.',
    sources: [POWER, EVENTS],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C18', 'U6', 'U11'],
  },
  {
    id: 'PNP-05',
    area: 'pnp',
    statement: 'Cleanup that needs OID requests or indications is done on NetEventFilterPreDetach.',
    strength: 'should',
    appliesTo: 'Before detach; PASSIVE_LEVEL; FilterNetPnPEvent',
    statuses: 'NDIS_STATUS_SUCCESS',
    consequence: 'The adapter stays promiscuous, or keeps some other setting of a filter that is gone.',
    sources: [EVENTS],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C5', 'U8'],
    umbrellaOf: ['DET-05'],
  },
  {
    id: 'PNP-06',
    area: 'pnp',
    statement:
      'A device PnP notification travels downward: FilterDevicePnPEventNotify forwards it with NdisFDevicePnPEventNotify before it returns.',
    strength: 'must',
    appliesTo: 'All attached states; PASSIVE_LEVEL; FilterDevicePnPEventNotify',
    consequence: 'The miniport does not hear that its device was torn out.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [ddi('nc-ndis-filter_device_pnp_event_notify'), ddi('nf-ndis-ndisfdevicepnpeventnotify')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'PNP-07',
    area: 'pnp',
    statement:
      'A filter lives with changes of the stack, with a removal that it objected to and with one that nobody announced, and sends no event that is malformed or reserved for miniports.',
    strength: 'must',
    strengthNote: 'coping with changes of the stack is a should',
    appliesTo:
      'All attached states; PASSIVE_LEVEL; reserved are NetEventInhibitBindsAbove, NetEventAllowBindsAbove, NetEventRequirePause and NetEventAllowStart',
    consequence: 'Documented: bugcheck 0x7C with P1=0x22 (ILLEGAL_NET_PNP_EVENT).',
    sources: [PNP_HANDLER, PNP_GUIDE, EVENTS, network('removing-a-nic'), BUGCHECK_7C],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C19', 'U7'],
  },
];
