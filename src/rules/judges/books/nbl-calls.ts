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

export const NBL_ALLOCATION_KEYS = NBL_ALLOCATIONS.map((ddi) => `=>${ddi}` as const);
export const NBL_ALLOCATION_RETURN_KEYS = NBL_ALLOCATIONS.map((ddi) => `<=${ddi}` as const);
export const NBL_FREE_KEYS = NBL_FREES.map((ddi) => `=>${ddi}` as const);
