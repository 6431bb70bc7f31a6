import type { Rule } from '../rule';
import { ddi, FILTER_SAMPLE, network } from './sources';

const SENDING = network('sending-data-from-a-filter-driver');
const SEND = ddi('nf-ndis-ndisfsendnetbufferlists');

export const sendOriginate: readonly Rule[] = [
  {
    id: 'SO-01',
    area: 'send-originate',
    statement: 'Sends are originated only while the module is Running.',
    strength: 'must',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists',
    consequence: 'Depends on the state it happens in: see ATT-05, ATT-06, RST-04, PAU-06 and PAU-07.',
    sources: [SENDING, SEND, network('attaching-a-filter-module'), network('filter-module-states-and-operations')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesSends'],
    umbrellaOf: ['ATT-05', 'ATT-06', 'RST-04', 'RST-11', 'PAU-05', 'PAU-06', 'PAU-07', 'DET-06', 'DEV-04', 'TMR-03'],
    reading:
      'Read state by state. Hard: nothing once a pause has completed, before the first restart, after a failed restart, in FilterAttach or after detach. In Pausing the default profile condemns only an attempt that began (entry of the write, IOCTL, timer, work item or receive that led to it) after FilterPause was entered, as PAU-06 puts it; the strict profile condemns any. Of ATT-05, ATT-06 and RST-11, which speak of more than sends, only that part counts here.',
  },
  {
    id: 'SO-02',
    area: 'send-originate',
    statement:
      "An originated NBL, send or receive, carries the module's NdisFilterHandle as SourceHandle, and the same handle goes into the call.",
    strength: 'must',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists, NdisFIndicateReceiveNetBufferLists',
    consequence: 'The NBL comes back to the wrong driver: one leaks, the other crashes (0xD1).',
    sources: [SENDING, SEND, ddi('nf-ndis-ndisfindicatereceivenetbufferlists'), ddi('ns-nbl-net_buffer_list')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'SO-03',
    area: 'send-originate',
    statement:
      'From the send call until FilterSendNetBufferListsComplete brings it back, the NBL with its NBs, MDLs, data and out-of-band information is off limits: no read, no change, no free, no second send.',
    strength: 'must',
    appliesTo:
      'Running, Pausing; IRQL <= DISPATCH_LEVEL; from NdisFSendNetBufferLists to FilterSendNetBufferListsComplete',
    consequence: 'Pool corruption or a use after free; typically 0xD1, 0x50, 0x3B, 0x19, 0xC2 or 0x139.',
    verifier: 'NET_BUFFER_LIST_POOL_FLAG_VERIFY on the NBL pool helps NDIS to catch it',
    sources: [SENDING, SEND, ddi('ns-nbl-net_buffer_list'), ddi('ns-nblapi-net_buffer_list_pool_parameters')],
    profile: 'core',
    observation: 'memory',
    needs: ['originatesSends'],
    umbrellaOf: ['CAN-04'],
  },
  {
    id: 'SO-04',
    area: 'send-originate',
    statement:
      'Originated NBLs that come back end in FilterSendNetBufferListsComplete, freed or kept for reuse; they are never given to NdisFSendNetBufferListsComplete.',
    strength: 'must-by-consequence',
    appliesTo: 'Running, Pausing; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferListsComplete',
    consequence: 'A protocol is handed an NBL that it never sent: 0xD1 or 0x3B, in tcpip as a rule.',
    sources: [
      SENDING,
      SEND,
      ddi('nf-ndis-ndisfsendnetbufferlistscomplete'),
      ddi('nc-ndis-filter_send_net_buffer_lists_complete'),
    ],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
  {
    id: 'SO-05',
    area: 'send-originate',
    statement:
      'FilterSendNetBufferListsComplete takes a chain apart in which originated and passed-through NBLs of several earlier sends come mixed, in any order.',
    strength: 'must',
    appliesTo: 'Running, Pausing; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferListsComplete',
    consequence: "An NBL of the filter leaks, or somebody else's is freed or completed twice.",
    sources: [SENDING, SEND, FILTER_SAMPLE],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
  {
    id: 'SO-06',
    area: 'send-originate',
    statement:
      'To originate sends a filter needs no FilterSendNetBufferLists, but it does need FilterSendNetBufferListsComplete, and every completion ends there.',
    strength: 'must',
    appliesTo: 'Running; NdisFSendNetBufferLists, FilterSendNetBufferListsComplete',
    consequence: 'A leak, or a call through a NULL pointer.',
    sources: [SENDING, SEND, ddi('nc-ndis-filter_send_net_buffer_lists_complete')],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesSends'],
    disputes: ['C9'],
  },
  {
    id: 'SO-07',
    area: 'send-originate',
    statement:
      'A chain is a NULL-terminated list of different NBLs, each with a NULL-terminated list of NBs whose offsets, length and current MDL fit an MDL chain that is long enough.',
    strength: 'must',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists',
    consequence: 'The miniport sends rubbish by DMA, memory contents leak onto the wire, or 0xD1.',
    sources: [
      ddi('ns-nbl-net_buffer_list'),
      ddi('ns-nbl-net_buffer'),
      ddi('nf-nblapi-ndisallocatenetbufferandnetbufferlist'),
    ],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
  {
    id: 'SO-08',
    area: 'send-originate',
    statement:
      'Cancel ids for originated sends have a high byte from NdisGeneratePartialCancelId, are set with NDIS_SET_NET_BUFFER_LIST_CANCEL_ID before the send, and are cleared on completion.',
    strength: 'must',
    strengthNote: 'clearing the id on completion is a should',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; filters that cancel their own sends',
    consequence: "Another driver's cancel takes the packet with it.",
    verifier: 'SDV Irql_SendRcv_Function (for the IRQL)',
    sources: [
      network('canceling-a-send-request-in-a-filter-driver'),
      ddi('nf-ndis-ndis_set_net_buffer_list_cancel_id'),
      ddi('nf-ndis-ndisgeneratepartialcancelid'),
    ],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
  {
    id: 'SO-09',
    area: 'send-originate',
    statement:
      'Originated NBLs leave room for the drivers below: as much data backfill and context space as the restart attributes announced.',
    strength: 'should',
    appliesTo: 'Running; NdisFSendNetBufferLists',
    consequence: 'Lower drivers allocate for each packet, and a send may fail for want of memory.',
    sources: [network('filter-driver-buffer-management')],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
  {
    id: 'SO-10',
    area: 'send-originate',
    statement:
      'How a send ended is known only in FilterSendNetBufferListsComplete, and the filter copes with every final status that can stand there.',
    strength: 'must',
    appliesTo: 'Running, Pausing; FilterSendNetBufferListsComplete',
    statuses:
      'NDIS_STATUS_SUCCESS, NDIS_STATUS_SEND_ABORTED, NDIS_STATUS_PAUSED, NDIS_STATUS_RESET_IN_PROGRESS, NDIS_STATUS_LOW_POWER_STATE, NDIS_STATUS_RESOURCES, NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_FAILURE',
    consequence:
      'A filter that sends again whatever came back with NDIS_STATUS_PAUSED runs in a circle against a paused stack.',
    sources: [SENDING, SEND, ddi('ns-nbl-net_buffer_list'), network('oid-pnp-set-power')],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
  {
    id: 'SO-11',
    area: 'send-originate',
    statement: 'A monitoring filter (FilterType 1 in its INF) neither originates traffic nor changes it.',
    strength: 'must',
    appliesTo: 'All states, for filters installed as monitoring',
    consequence: 'The stack behaves differently because of a filter whose place in it is not ordered.',
    sources: [network('types-of-filter-drivers')],
    profile: 'full',
    observation: 'white-box',
  },
];
