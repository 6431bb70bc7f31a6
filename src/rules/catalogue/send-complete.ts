import type { Rule } from '../rule';
import { BUGCHECK_C4, ddi, devtest, FILTER_SAMPLE, network } from './sources';

export const sendComplete: readonly Rule[] = [
  {
    id: 'SC-01',
    area: 'send-complete',
    statement:
      'NBLs of other drivers that come into FilterSendNetBufferListsComplete go on up through NdisFSendNetBufferListsComplete, once each, be the module Running, Pausing or Paused.',
    strength: 'must-by-consequence',
    appliesTo: 'Running, Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferListsComplete',
    consequence: 'Lost: the protocol hangs in its pause. Completed twice: 0xD1.',
    sources: [ddi('nc-ndis-filter_send_net_buffer_lists_complete'), network('sending-data-from-a-filter-driver')],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Missing is a completion that has not gone up when all is quiet, or when FilterDetach returns: until then another thread may be at it.',
  },
  {
    id: 'SC-02',
    area: 'send-complete',
    statement:
      "Only NBLs that arrived through this module's FilterSendNetBufferLists are given to NdisFSendNetBufferListsComplete, and only while the filter owns them.",
    strength: 'must',
    appliesTo: 'All states in which data passes; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferListsComplete',
    consequence: '0xD1 or 0x3B in the driver above.',
    sources: [ddi('nf-ndis-ndisfsendnetbufferlistscomplete')],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['SO-04', 'CAN-03'],
    reading:
      'Not owned are: unknown and originated NBLs, those completed before, and those that are with a driver below at the moment.',
  },
  {
    id: 'SC-03',
    area: 'send-complete',
    statement:
      'A filter that ends a send itself puts the fitting final status into each NBL: paused when it refuses for its state, aborted when cancelled, otherwise success or the failure it met.',
    strength: 'must',
    appliesTo: 'All states in which data passes; NdisFSendNetBufferListsComplete',
    statuses:
      'NDIS_STATUS_PAUSED, NDIS_STATUS_SEND_ABORTED, NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE and the like; never NDIS_STATUS_PENDING',
    consequence: 'The drivers above draw the wrong conclusion and try again, or do not.',
    sources: [
      ddi('ns-nbl-net_buffer_list'),
      ddi('nc-ndis-filter_send_net_buffer_lists'),
      ddi('nc-ndis-filter_cancel_send_net_buffer_lists'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SC-04',
    area: 'send-complete',
    statement:
      'A chain handed to a send, complete, indicate or return call is never empty: after the own NBLs are taken out, the rest is tested for NULL first.',
    strength: 'field',
    appliesTo: 'All states in which data passes; the four data calls of NdisF',
    consequence: 'A NULL dereference (0xD1) in NDIS or in a neighbour; whether it happens depends on the version.',
    sources: [FILTER_SAMPLE],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SC-05',
    area: 'send-complete',
    statement:
      'A DISPATCH_LEVEL flag on a data call is set only if the caller is certain to be at DISPATCH_LEVEL; a flag that came in with an NBL does not go into a call made later.',
    strength: 'must',
    appliesTo:
      'All states in which data passes; the DISPATCH_LEVEL bit of send, send-complete, receive and return flags',
    consequence: 'A neighbour trusts the flag and does not raise the IRQL: corrupted locks, 0x133 or 0xA.',
    verifier: 'SDV Flags_Irql',
    sources: [network('dispatch-irql-tracking'), devtest('ndis-flags-irql')],
    profile: 'core',
    observation: 'white-box',
    reading:
      'A clear flag is always right. The flag is meant to come from the incoming call or from the design of the driver; asking for the current IRQL is bad practice but not condemned.',
  },
  {
    id: 'SC-06',
    area: 'send-complete',
    statement:
      'In a Hyper-V switch, the SINGLE_SOURCE and DESTINATION_GROUP flags are mirrored on the way back, and set only if they are true of the chain.',
    strength: 'should',
    appliesTo: 'Running; switch extensions, NDIS 6.30 and up',
    consequence: 'VM switch verification: 0xC4/0xA00C or 0xC4/0xA00D.',
    verifier: 'VM switch verification',
    sources: [ddi('nc-ndis-filter_send_net_buffer_lists'), BUGCHECK_C4],
    profile: 'full',
    observation: 'white-box',
  },
];
