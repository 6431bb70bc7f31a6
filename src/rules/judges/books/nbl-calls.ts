/** Calls that take NBLs from a pool of NDIS. On their return `nbls` has what was taken. */
export const NBL_ALLOCATIONS = [
  'NdisAllocateNetBufferAndNetBufferList',
  'NdisAllocateNetBufferList',
  'NdisAllocateCloneNetBufferList',
  'NdisAllocateFragmentNetBufferList',
  'NdisAllocateReassembledNetBufferList',
] as const;

/** Calls that give NBLs back to their pool. */
export const NBL_FREES = [
  'NdisFreeNetBufferList',
  'NdisFreeCloneNetBufferList',
  'NdisFreeFragmentNetBufferList',
  'NdisFreeReassembledNetBufferList',
] as const;
