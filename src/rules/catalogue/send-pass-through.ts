import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, devtest, FILTER_SAMPLE, network } from './sources';

const SENDING = network('sending-data-from-a-filter-driver');
const SEND = ddi('nf-ndis-ndisfsendnetbufferlists');
const SEND_HANDLER = ddi('nc-ndis-filter_send_net_buffer_lists');

export const sendPassThrough: readonly Rule[] = [
  {
    id: 'SP-01',
    area: 'send-pass-through',
    statement:
      'Each NBL given to FilterSendNetBufferLists meets exactly one fate: passed down, completed up, held for one of these two, or copied and the original completed.',
    strength: 'must',
    strengthNote: 'the choices are documented, that it is exactly one is inferred',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferLists',
    consequence: 'A lost NBL makes the pause of the protocol hang; one dealt with twice ends in 0xD1.',
    verifier: 'NdisFilterTimedDataSend (0x92011)',
    sources: [SENDING, SEND, SEND_HANDLER],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Lost is a send that is still in the hands of the filter when a pause that came after it is over and all is quiet, or when FilterDetach returns; while Running a filter may hold it. Touching a send that was completed breaks the rule, too.',
  },
  {
    id: 'SP-02',
    area: 'send-pass-through',
    statement:
      'The SourceHandle of an NBL that another driver originated is left alone, on the way down and on the way up.',
    strength: 'must',
    appliesTo: 'All states in which data passes; sends and receives',
    consequence: 'The NBL is completed to a driver that does not own it.',
    sources: [SENDING, SEND, ddi('nf-ndis-ndisfindicatereceivenetbufferlists')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'SP-03',
    area: 'send-pass-through',
    statement:
      'What the filter changed in a send on its way down (descriptors, data offset, MDL chain, context, out-of-band data) it changes back before completing the NBL upward.',
    strength: 'must',
    strengthNote: 'the documentation states it as what a driver does',
    appliesTo:
      'Running, Pausing; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferLists, NdisFSendNetBufferListsComplete. The order of a chain and the scratch fields may differ',
    consequence: 'The originator frees or reads the wrong memory, or loses backfill: 0x19 or 0xD1.',
    sources: [SENDING, SEND, FILTER_SAMPLE],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['NBL-05', 'NBL-07'],
  },
  {
    id: 'SP-04',
    area: 'send-pass-through',
    statement:
      "The NB list of somebody else's NBL stays as it is: NBs are neither relinked nor moved to another NBL, though chains of NBLs may be split, merged and reordered.",
    strength: 'must',
    appliesTo: 'Running, Pausing',
    consequence: '0xD1 or 0x3B in the driver that originated the NBL.',
    sources: [ddi('ns-nbl-net_buffer_list'), ddi('nf-ndis-ndisfsendnetbufferlistscomplete')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'SP-05',
    area: 'send-pass-through',
    statement:
      'An NBL that was passed down is not touched again until FilterSendNetBufferListsComplete brings it back.',
    strength: 'must',
    appliesTo: 'Running, Pausing; from NdisFSendNetBufferLists to FilterSendNetBufferListsComplete',
    consequence: 'Pool corruption or a use after free; typically 0xD1, 0x50, 0x3B, 0x19, 0xC2 or 0x139.',
    sources: [SENDING, SEND],
    profile: 'full',
    observation: 'memory',
  },
  {
    id: 'SP-06',
    area: 'send-pass-through',
    statement: 'A send from above is done with in bounded time, however long the filter means to hold it.',
    strength: 'must',
    strengthNote: 'the limit is that of Driver Verifier, which does not publish it',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferLists',
    consequence: 'Documented: Driver Verifier 0xC4/0x92011; applications hang.',
    verifier: 'NdisFilterTimedDataSend (0x92011)',
    sources: [devtest('ndisfiltertimeddatasend'), devtest('ndis-ndistimeddatasend'), devtest('ndis-ndistimeddatahang')],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C22', 'U1'],
    reading:
      'The limit is taken from the rules for miniports: 30 seconds, or 22 seconds without any progress. Holding for more than 5 seconds is worth a warning.',
  },
  {
    id: 'SP-07',
    area: 'send-pass-through',
    statement:
      'Port number and send flags travel on with the NBL; NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK in particular is set again if it was set and the loopback is wanted.',
    strength: 'should',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists',
    consequence: 'Applications on the same machine miss their looped-back packets.',
    sources: [SENDING, SEND],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SP-08',
    area: 'send-pass-through',
    statement:
      'A filter that takes a standard service away from NDIS, by another MAC address or by promiscuous mode, provides it itself: it loops back, and it keeps surplus packets from the drivers above.',
    strength: 'must',
    appliesTo: 'Running',
    consequence: 'Loopback is lost, or the drivers above are flooded with frames that are not for them.',
    sources: [SENDING, network('looping-back-ndis-packets')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SP-09',
    area: 'send-pass-through',
    statement:
      'A copy or clone that is sent in place of an NBL gets its out-of-band data through NdisCopySendNetBufferListInfo.',
    strength: 'should',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; NdisCopySendNetBufferListInfo',
    consequence: 'VLAN tag, checksum and segmentation offload or the cancel id are lost.',
    verifier: 'SDV Irql_NetBuffer_Function (for the IRQL)',
    sources: [ddi('nf-nblapi-ndiscopysendnetbufferlistinfo')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SP-10',
    area: 'send-pass-through',
    statement: 'The send and the receive handler never block: they may be running at DISPATCH_LEVEL.',
    strength: 'inferred',
    appliesTo:
      'Running, Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferLists, FilterReceiveNetBufferLists',
    consequence: '0x7C with P1=0x14, 0xD1, or the DPC watchdog (0x133).',
    sources: [SEND_HANDLER, ddi('nc-ndis-filter_receive_net_buffer_lists'), BUGCHECK_7C],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'SP-11',
    area: 'send-pass-through',
    statement:
      'A filter that holds sends lets go of them while it is Running and does not count on FilterPause: the layer above has its turn first, and its pause cannot end while they are held.',
    strength: 'inferred',
    appliesTo: 'Running; IRQL <= DISPATCH_LEVEL; filters that queue sends from above',
    statuses: 'Any final status, or passed down',
    consequence:
      'Disabling the adapter or going to sleep hangs one layer higher up and is blamed on tcpip: 0x7C or live dump 0x15E with P1=0x25 and P2=0x01, or P2=0x11 on a higher filter.',
    verifier: 'NdisFilterTimedDataSend (0x92011)',
    sources: [network('pausing-a-driver-stack'), network('pausing-a-binding'), devtest('ndisfiltertimeddatasend')],
    profile: 'full',
    observation: 'white-box',
    needs: ['holdsSends'],
  },
];
