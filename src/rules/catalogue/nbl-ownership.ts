import type { Rule } from '../rule';
import { ddi, network } from './sources';

const ALLOCATE_PAIR = ddi('nf-nblapi-ndisallocatenetbufferandnetbufferlist');
const ALLOCATE_POOL = ddi('nf-nblapi-ndisallocatenetbufferlistpool');
const FREE_NBL = ddi('nf-nblapi-ndisfreenetbufferlist');
const POOL_PARAMETERS = ddi('ns-nblapi-net_buffer_list_pool_parameters');
const NBL = ddi('ns-nbl-net_buffer_list');

export const nblOwnership: readonly Rule[] = [
  {
    id: 'NBL-01',
    area: 'nbl-ownership',
    statement:
      'NBLs and NBs come from NDIS pools, not from memory of the driver or the stack, and their allocator gives them back to the pool with the free function that matches.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL',
    statuses: 'A failed allocation returns NULL',
    consequence: '0x19, 0xC2 or 0xD1.',
    verifier: 'SDV Irql_NetBuffer_Function, NdisAllocateNetBuffer',
    sources: [ddi('nf-nblapi-ndisallocatenetbufferlist'), ddi('nf-nblapi-ndisallocatenetbufferpool'), FREE_NBL],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Judged where the trace shows the whole life of the driver and its pools: then it would show what is taken from them. An NBL that is memory of the driver breaks the rule anywhere.',
  },
  {
    id: 'NBL-02',
    area: 'nbl-ownership',
    statement:
      'Pool parameters agree with each other: default header of revision 1, ProtocolId 0, a ContextSize that is a multiple of MEMORY_ALLOCATION_ALIGNMENT, and a DataSize only with fAllocateNetBuffer.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; NdisAllocateNetBufferListPool; the alignment is 16 on x64',
    statuses: 'NULL instead of a pool handle',
    consequence: 'The pool is not made, or contexts lie at odd addresses.',
    sources: [ALLOCATE_POOL, POOL_PARAMETERS],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'NBL-03',
    area: 'nbl-ownership',
    statement:
      'NdisAllocateNetBufferAndNetBufferList is for pools with fAllocateNetBuffer and DataSize 0; context size and backfill are aligned, and without an MDL chain data offset and length are 0.',
    strength: 'must',
    appliesTo: 'Any state; IRQL <= DISPATCH_LEVEL; NdisAllocateNetBufferAndNetBufferList',
    statuses: 'NULL on failure',
    consequence: 'Corrupted memory.',
    sources: [ALLOCATE_PAIR, ALLOCATE_POOL, POOL_PARAMETERS],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'NBL-04',
    area: 'nbl-ownership',
    statement:
      'An NB with an allocation of its own has a free of its own, before that of its NBL; NBs, MDLs and data that came with an NBL go with it; MDLs and buffers that the driver brought along are its own to free.',
    strength: 'must',
    appliesTo: 'The allocator of the NBL; IRQL <= DISPATCH_LEVEL',
    consequence: 'A double free, or a leak.',
    verifier: 'SDV NdisAllocateMdl',
    sources: [network('filter-driver-buffer-management'), FREE_NBL, ALLOCATE_POOL],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'NBL-05',
    area: 'nbl-ownership',
    statement:
      'Context space from NdisAllocateNetBufferListContext is given back with NdisFreeNetBufferListContext, same size, last one first, before the NBL goes home or is freed.',
    strength: 'must',
    appliesTo:
      'The owner of the NBL; IRQL <= DISPATCH_LEVEL; sizes are multiples of sizeof(void*). Context that came with the NBL at its allocation is not freed this way',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence: 'The originator finds the wrong context: 0x3B or 0xD1; or a leak.',
    verifier: 'SDV Irql_NetBuffer_Function (for the IRQL)',
    sources: [
      ddi('nf-nblapi-ndisallocatenetbufferlistcontext'),
      ddi('nf-nblapi-ndisfreenetbufferlistcontext'),
      FREE_NBL,
    ],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'NBL-06',
    area: 'nbl-ownership',
    statement:
      'A clone is freed with NdisFreeCloneNetBufferList and the flags of its allocation before its parent is handed back, for it refers to the data of the parent.',
    strength: 'must',
    appliesTo: 'The owner of the clone; IRQL <= DISPATCH_LEVEL; a clone has no context structure of its own',
    consequence: "The parent's MDLs are freed or leaked, or used after they are gone.",
    sources: [
      ddi('nf-nblapi-ndisallocateclonenetbufferlist'),
      ddi('nf-nblapi-ndisfreeclonenetbufferlist'),
      network('cloned-net-buffer-list-structures'),
      NBL,
    ],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'NBL-07',
    area: 'nbl-ownership',
    statement:
      "On somebody else's NBL every retreat is matched by an advance of the same delta with the same MDL handlers before it goes back, and a retreat that fails is coped with.",
    strength: 'inferred',
    appliesTo:
      'The owner of the NBL; IRQL <= DISPATCH_LEVEL; NdisRetreatNetBufferDataStart, NdisAdvanceNetBufferDataStart',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence: 'Leaked MDLs, or 0x19.',
    sources: [ddi('nf-nblapi-ndisretreatnetbufferdatastart'), ddi('nf-nblapi-ndisadvancenetbufferdatastart')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'NBL-08',
    area: 'nbl-ownership',
    statement:
      'The areas reserved for protocol, miniport and NDIS are not for filters, and Scratch holds only while the filter owns the NBL; data of the filter about an NBL goes into NBL context.',
    strength: 'must',
    appliesTo: 'All states in which data passes; ProtocolReserved, MiniportReserved, NdisReserved, Scratch',
    consequence: 'The state of a protocol or a miniport is corrupted without a sign.',
    sources: [NBL, ddi('ns-nbl-net_buffer'), network('net-buffer-list-context-structure')],
    profile: 'full',
    observation: 'memory',
  },
  {
    id: 'NBL-09',
    area: 'nbl-ownership',
    statement:
      'An NB that its allocator uses again gets data offset, data length, current MDL and current MDL offset written afresh to fit its new MDL chain.',
    strength: 'must',
    appliesTo: 'The allocator of the NB',
    consequence: 'The wrong data goes out on the wire.',
    sources: [ALLOCATE_PAIR],
    profile: 'full',
    observation: 'white-box',
  },
];
