/* Memory. */
#ifndef NDIS_LWF_MEMORY_H
#define NDIS_LWF_MEMORY_H

typedef enum _EX_POOL_PRIORITY_ALIAS { NdisLowPoolPriority = 0, NdisNormalPoolPriority = 16, NdisHighPoolPriority = 32 } NDIS_POOL_PRIORITY;

NDISAPI PVOID NTAPI NdisAllocateMemoryWithTagPriority(NDIS_HANDLE NdisHandle, UINT Length, ULONG Tag, EX_POOL_PRIORITY Priority);
NDISAPI NDIS_STATUS NTAPI NdisAllocateMemoryWithTag(PVOID *VirtualAddress, UINT Length, ULONG Tag);
NDISAPI VOID NTAPI NdisFreeMemory(PVOID VirtualAddress, UINT Length, UINT MemoryFlags);
NDISAPI VOID NTAPI NdisFreeMemoryWithTagPriority(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, ULONG Tag);

#define NdisZeroMemory(destination, length) RtlZeroMemory((destination), (length))
#define NdisMoveMemory(destination, source, length) RtlCopyMemory((destination), (source), (length))
#define NdisFillMemory(destination, length, fill) RtlFillMemory((destination), (length), (fill))
#define NdisEqualMemory(one, other, length) RtlEqualMemory((one), (other), (length))
#define NdisRetrieveUlong(destination, source) RtlRetrieveUlong((destination), (source))

#endif
