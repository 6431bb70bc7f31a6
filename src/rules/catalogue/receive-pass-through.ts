import type { Rule } from '../rule';
import { ddi, devtest, issue, network } from './sources';

const RECEIVING = network('receiving-data-in-a-filter-driver');
const RECEIVE_HANDLER = ddi('nc-ndis-filter_receive_net_buffer_lists');

export const receivePassThrough: readonly Rule[] = [
  {
    id: 'RP-01',
    area: 'receive-pass-through',
    statement:
      'Each NBL given to FilterReceiveNetBufferLists without the RESOURCES flag meets exactly one fate: indicated up, returned, held for one of these two, or copied and the original returned.',
    strength: 'must',
    strengthNote: 'the choices are documented, that it is exactly one is inferred',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists',
    consequence:
      'A lost NBL makes the miniport hang in pause or halt (0x7C with P1=0x25, P2=0x21 or 0x22); one dealt with twice ends in 0xD1.',
    verifier: 'NdisFilterTimedDataReceive (0x92012)',
    sources: [RECEIVING, RECEIVE_HANDLER],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'RP-02',
    area: 'receive-pass-through',
    statement:
      'NBLs delivered with the RESOURCES flag are never given to NdisFReturnNetBufferLists: returning from the handler is what returns them.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists with NDIS_RECEIVE_FLAGS_RESOURCES',
    consequence: 'The miniport gets the NBL back twice: 0xD1 or 0x19.',
    sources: [RECEIVING, RECEIVE_HANDLER, network('pausing-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'RP-03',
    area: 'receive-pass-through',
    statement:
      'Of NBLs delivered with the RESOURCES flag, no reference to NBL, NB, MDL or data outlives the handler: what is needed later is copied.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; after the return of FilterReceiveNetBufferLists',
    consequence: 'Pool corruption or a use after free; typically 0xD1, 0x50, 0x3B, 0x19, 0xC2 or 0x139.',
    sources: [RECEIVING, RECEIVE_HANDLER],
    profile: 'core',
    observation: 'memory',
  },
  {
    id: 'RP-04',
    area: 'receive-pass-through',
    statement:
      'When the handler returns from a delivery with the RESOURCES flag, the chain is again what it was: the same NBLs, linked in the same order.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists with NDIS_RECEIVE_FLAGS_RESOURCES',
    consequence: 'The miniport loses NBLs or reuses the wrong ones.',
    sources: [RECEIVING, RECEIVE_HANDLER],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'RP-05',
    area: 'receive-pass-through',
    statement:
      'NBLs delivered with the RESOURCES flag go up with the flag still set, so that the filter has them back in time; adding the flag on the way up is allowed, and then they still have to be returned.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists, NdisFIndicateReceiveNetBufferLists',
    consequence:
      'Flag dropped: a use after free, typically 0xD1, 0x50, 0x3B, 0x19, 0xC2 or 0x139. Flag added and NBLs not returned: a leak.',
    sources: [RECEIVING, RECEIVE_HANDLER, ddi('nf-ndis-ndisfindicatereceivenetbufferlists')],
    profile: 'core',
    observation: 'white-box',
    reading:
      'What is required is that the filter has every NBL back when its handler returns. Waiting for the return instead would need an IRQL below DISPATCH_LEVEL, which a receive handler cannot count on.',
  },
  {
    id: 'RP-06',
    area: 'receive-pass-through',
    statement:
      'What the filter changed in a receive it changes back before the NBL goes down again: in FilterReturnNetBufferLists, or before the handler returns if the RESOURCES flag was set.',
    strength: 'must',
    strengthNote: 'the documentation states it as what a driver does',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists, FilterReturnNetBufferLists',
    consequence: 'The miniport loses track of its buffers.',
    sources: [RECEIVING, RECEIVE_HANDLER, ddi('nc-ndis-filter_return_net_buffer_lists')],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['NBL-05', 'NBL-07'],
  },
  {
    id: 'RP-07',
    area: 'receive-pass-through',
    statement: 'A receive is done with in bounded time: work that may take long is done by a worker, on a copy.',
    strength: 'must',
    strengthNote: 'the limit is that of Driver Verifier, which does not publish it',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists',
    consequence:
      'Documented: Driver Verifier 0xC4/0x92012, seen in the field with slow work on each packet; also the DPC watchdog (0x133).',
    verifier: 'NdisFilterTimedDataReceive (0x92012)',
    sources: [devtest('ndisfiltertimeddatareceive'), issue('nmap/npcap', 381)],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U1'],
  },
  {
    id: 'RP-08',
    area: 'receive-pass-through',
    statement: 'The handler returns from a delivery with the RESOURCES flag as fast as it can.',
    strength: 'should',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists with NDIS_RECEIVE_FLAGS_RESOURCES',
    consequence: 'The miniport runs out of receive buffers.',
    sources: [RECEIVING, RECEIVE_HANDLER],
    profile: 'full',
    observation: 'white-box',
  },
];
