import type { Rule } from '../rule';
import { ddi, network } from './sources';

const CANCELLING = network('canceling-a-send-request-in-a-filter-driver');
const CANCEL_HANDLER = ddi('nc-ndis-filter_cancel_send_net_buffer_lists');
const CANCEL = ddi('nf-ndis-ndisfcancelsendnetbufferlists');

export const cancel: readonly Rule[] = [
  {
    id: 'CAN-01',
    area: 'cancel',
    statement:
      'FilterCancelSendNetBufferLists takes every held send of the module that bears the cancel id out of its queues and completes it upward with NDIS_STATUS_SEND_ABORTED.',
    strength: 'must',
    strengthNote: 'the documentation states it as what the handler does',
    appliesTo: 'Running, Pausing; IRQL <= DISPATCH_LEVEL; FilterCancelSendNetBufferLists',
    statuses: 'NDIS_STATUS_SEND_ABORTED in the NBL',
    consequence: 'Unbinding takes long; the application that cancelled hangs.',
    sources: [CANCELLING, CANCEL_HANDLER],
    profile: 'core',
    observation: 'white-box',
    needs: ['holdsSends'],
  },
  {
    id: 'CAN-02',
    area: 'cancel',
    statement: 'The cancel then goes on downward: NdisFCancelSendNetBufferLists, with the id that came in.',
    strength: 'must',
    strengthNote: 'the documentation states it as what the handler does',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; FilterCancelSendNetBufferLists, NdisFCancelSendNetBufferLists',
    consequence: 'What lower drivers have queued is never cancelled.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [CANCELLING, CANCEL_HANDLER, CANCEL],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'CAN-03',
    area: 'cancel',
    statement:
      'A cancel completes no NBL that has already been passed down or completed: looking whether it is held and unlinking it are one atomic step.',
    strength: 'inferred',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; FilterCancelSendNetBufferLists',
    consequence: 'The NBL is completed twice: 0xD1.',
    sources: [CANCELLING, CANCEL_HANDLER],
    profile: 'full',
    observation: 'white-box',
    needs: ['holdsSends'],
    disputes: ['U18'],
  },
  {
    id: 'CAN-04',
    area: 'cancel',
    statement:
      'Originated sends that were cancelled still come back through FilterSendNetBufferListsComplete; cancelling them gives the filter no right to them before that.',
    strength: 'must',
    appliesTo: 'Running, Pausing; NdisFCancelSendNetBufferLists',
    statuses: 'NDIS_STATUS_SEND_ABORTED in the NBL',
    consequence: 'Pool corruption or a use after free; typically 0xD1, 0x50, 0x3B, 0x19, 0xC2 or 0x139.',
    sources: [CANCELLING, CANCEL_HANDLER, CANCEL],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesSends'],
  },
];
