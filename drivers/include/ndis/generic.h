/* Generic objects, partial cancel ids, the system's processors and uptime, strings, lookaside lists. */
#ifndef NDIS_LWF_GENERIC_H
#define NDIS_LWF_GENERIC_H

typedef struct _NDIS_GENERIC_OBJECT {
    NDIS_OBJECT_HEADER Header;
    PVOID Caller;
    PVOID CallersCaller;
    PDRIVER_OBJECT DriverObject;
} NDIS_GENERIC_OBJECT, *PNDIS_GENERIC_OBJECT;
#define NDIS_GENERIC_OBJECT_REVISION_1 1

NDISAPI NDIS_HANDLE NTAPI NdisAllocateGenericObject(PDRIVER_OBJECT DriverObject, ULONG Tag, USHORT Size);
NDISAPI VOID NTAPI NdisFreeGenericObject(PNDIS_GENERIC_OBJECT NdisObject);

/* The highest byte of a cancel id; the driver fills in the rest. */
NDISAPI UCHAR NTAPI NdisGeneratePartialCancelId(VOID);

NDISAPI ULONG NTAPI NdisCurrentProcessorIndex(VOID);
NDISAPI ULONG NTAPI NdisGroupActiveProcessorCount(USHORT Group);
NDISAPI VOID NTAPI NdisGetSystemUpTimeEx(PLARGE_INTEGER SystemUpTime);

#define NdisUpcaseUnicodeString(destination, source) RtlUpcaseUnicodeString((destination), (source), FALSE)
#define NdisAnsiStringToUnicodeString(destination, source) RtlAnsiStringToUnicodeString((destination), (source), FALSE)
#define NdisUnicodeStringToAnsiString(destination, source) RtlUnicodeStringToAnsiString((destination), (source), FALSE)

#define NdisInitializeListHead(head) InitializeListHead(head)
#define NdisInitializeSListHead(head) ExInitializeSListHead(head)
#define NdisInterlockedPushEntrySList(head, entry, lock) ExInterlockedPushEntrySList((head), (entry), &(lock)->SpinLock)
#define NdisInterlockedPopEntrySList(head, lock) ExInterlockedPopEntrySList((head), &(lock)->SpinLock)
#define NdisQueryDepthSList(head) ExQueryDepthSList(head)
#define NdisInitializeNPagedLookasideList(list, allocate, free, flags, size, tag, depth)                                         \
    ExInitializeNPagedLookasideList((list), (allocate), (free), (flags), (size), (tag), (depth))
#define NdisDeleteNPagedLookasideList(list) ExDeleteNPagedLookasideList(list)
#define NdisAllocateFromNPagedLookasideList(list) ExAllocateFromNPagedLookasideList(list)
#define NdisFreeToNPagedLookasideList(list, entry) ExFreeToNPagedLookasideList((list), (entry))

#endif
