import type { Rule } from '../rule';
import { ddi, network } from './sources';

const RECEIVING = network('receiving-data-in-a-filter-driver');
const INDICATE = ddi('nf-ndis-ndisfindicatereceivenetbufferlists');

export const receiveOriginate: readonly Rule[] = [
  {
    id: 'RO-01',
    area: 'receive-originate',
    statement: 'Receive indications are originated only while the module is Running.',
    strength: 'must',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; NdisFIndicateReceiveNetBufferLists',
    consequence: 'Depends on the state it happens in: see ATT-05, ATT-06, RST-05 and PAU-08.',
    sources: [RECEIVING, INDICATE, network('attaching-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesReceives'],
    disputes: ['C4'],
    umbrellaOf: ['ATT-05', 'ATT-06', 'RST-05', 'RST-11', 'PAU-05', 'PAU-08', 'DET-06', 'DEV-04', 'TMR-03'],
    reading: 'Read state by state, as SO-01 is for sends; in Restarting only the strict profile condemns (see C4).',
  },
  {
    id: 'RO-02',
    area: 'receive-originate',
    statement:
      'Originated receives indicated without the RESOURCES flag belong to others until FilterReturnNetBufferLists brings them back: not to be touched, freed or indicated again.',
    strength: 'must',
    appliesTo: 'Running, Pausing; from NdisFIndicateReceiveNetBufferLists to FilterReturnNetBufferLists',
    consequence: 'Pool corruption or a use after free; typically 0xD1, 0x50, 0x3B, 0x19, 0xC2 or 0x139.',
    sources: [RECEIVING, INDICATE],
    profile: 'core',
    observation: 'memory',
    needs: ['originatesReceives'],
  },
  {
    id: 'RO-03',
    area: 'receive-originate',
    statement:
      'Originated receives indicated with the RESOURCES flag are taken back as soon as NdisFIndicateReceiveNetBufferLists returns; FilterReturnNetBufferLists will not come for them.',
    strength: 'must',
    appliesTo: 'Running; NdisFIndicateReceiveNetBufferLists with NDIS_RECEIVE_FLAGS_RESOURCES',
    consequence: 'A counter of outstanding receives never reaches zero, and the next pause hangs.',
    sources: [RECEIVING, INDICATE],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesReceives'],
    disputes: ['C22'],
  },
  {
    id: 'RO-04',
    area: 'receive-originate',
    statement:
      'NumberOfNetBufferLists is the number of NBLs in the indicated chain, counted anew after the filter has split, thinned out or merged it.',
    strength: 'must',
    appliesTo: 'Whenever the module indicates; IRQL <= DISPATCH_LEVEL; NdisFIndicateReceiveNetBufferLists',
    consequence: 'Drivers above miscount their NBLs: a leak, or a hang in their pause.',
    sources: [RECEIVING, INDICATE],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'RO-05',
    area: 'receive-originate',
    statement:
      'On Ethernet an indicated NBL has exactly one NB, and its headers up to the lookahead size are not scattered over MDLs.',
    strength: 'must',
    appliesTo: 'Running; Ethernet; NdisFIndicateReceiveNetBufferLists',
    consequence: 'The driver above drops the frame or misreads it: 0xD1.',
    sources: [network('indicating-received-ethernet-frames'), INDICATE],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'RO-06',
    area: 'receive-originate',
    statement:
      'Originated receives that come back end in FilterReturnNetBufferLists; they are never given to NdisFReturnNetBufferLists.',
    strength: 'must-by-consequence',
    appliesTo: 'Running, Pausing; IRQL <= DISPATCH_LEVEL; FilterReturnNetBufferLists',
    consequence: 'A miniport is handed an NBL that it never indicated: 0xD1.',
    sources: [RECEIVING, INDICATE, ddi('nc-ndis-filter_return_net_buffer_lists')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesReceives'],
  },
  {
    id: 'RO-07',
    area: 'receive-originate',
    statement:
      'Receive flags that describe a chain (one EtherType, one VLAN, perfectly filtered, one queue) are set only if true of all of it; a filter that changes the EtherType or merges chains clears the first.',
    strength: 'must',
    strengthNote: 'clearing may be left out by a filter that is certain the flag still holds',
    appliesTo:
      'Running; IRQL <= DISPATCH_LEVEL; NDIS_RECEIVE_FLAGS_SINGLE_ETHER_TYPE, _SINGLE_VLAN, _PERFECT_FILTERED, _SINGLE_QUEUE',
    consequence: 'Frames reach the wrong protocol.',
    sources: [ddi('nf-ndis-ndismindicatereceivenetbufferlists'), INDICATE],
    profile: 'full',
    observation: 'white-box',
  },
];
