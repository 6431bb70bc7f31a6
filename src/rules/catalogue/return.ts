import type { Rule } from '../rule';
import { ddi, network } from './sources';

const RETURN_HANDLER = ddi('nc-ndis-filter_return_net_buffer_lists');

export const returns: readonly Rule[] = [
  {
    id: 'RET-01',
    area: 'return',
    statement:
      'NBLs of other drivers that come into FilterReturnNetBufferLists, sorted out from the own ones in the chain, go on down through NdisFReturnNetBufferLists, once each and in any module state.',
    strength: 'must-by-consequence',
    appliesTo:
      'Running, Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterReturnNetBufferLists; chains may join NBLs of several indications',
    consequence: 'The miniport hangs in its pause, or its buffers are corrupted.',
    sources: [RETURN_HANDLER, network('receiving-data-in-a-filter-driver')],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['PAU-21'],
    reading: 'Changes to the NBL are undone first (RP-06).',
  },
  {
    id: 'RET-02',
    area: 'return',
    statement:
      "Only NBLs that arrived through this module's FilterReceiveNetBufferLists without the RESOURCES flag are given to NdisFReturnNetBufferLists, and only while the filter owns them.",
    strength: 'must',
    appliesTo: 'All states in which data passes; IRQL <= DISPATCH_LEVEL; NdisFReturnNetBufferLists',
    consequence: '0xD1, 0x3B or 0x19 in the driver below.',
    sources: [ddi('nf-ndis-ndisfreturnnetbufferlists')],
    profile: 'full',
    observation: 'white-box',
    umbrellaOf: ['RO-06', 'RP-01', 'RP-02', 'RET-01'],
  },
  {
    id: 'RET-03',
    area: 'return',
    statement: 'A filter without FilterReturnNetBufferLists passes receives up but originates none.',
    strength: 'must',
    appliesTo: 'All states in which data passes; NdisFIndicateReceiveNetBufferLists',
    consequence: 'A leak: what was originated has no way back.',
    sources: [RETURN_HANDLER],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesReceives'],
  },
];
