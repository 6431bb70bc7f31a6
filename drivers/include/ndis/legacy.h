/* What drivers that began with NDIS 5 still use, and NDIS 6 still has: counted locks, strings, mapped memory, interlocked lists. */
#ifndef NDIS_LWF_LEGACY_H
#define NDIS_LWF_LEGACY_H

#ifndef _WINDEF_
typedef unsigned long DWORD, *PDWORD;
typedef unsigned short WORD;
typedef unsigned char BYTE;
#endif

/* Read-write locks in memory of the driver; since 6.20 those of NdisAllocateRWLock take their place. */
typedef union _NDIS_RW_LOCK_REFCOUNT {
    UINT RefCount;
    UCHAR cacheLine[16];
} NDIS_RW_LOCK_REFCOUNT;

typedef struct _NDIS_RW_LOCK {
    union {
        struct {
            KSPIN_LOCK SpinLock;
            PVOID Context;
        };
        UCHAR Reserved[16];
    };
    union {
        NDIS_RW_LOCK_REFCOUNT RefCount[MAXIMUM_PROCESSORS];
        ULONG RefCountEx[sizeof(NDIS_RW_LOCK_REFCOUNT) / sizeof(ULONG) * MAXIMUM_PROCESSORS];
        struct {
            KSPIN_LOCK RefCountLock;
            volatile ULONG SharedRefCount;
            volatile BOOLEAN WriterWaiting;
        };
    };
} NDIS_RW_LOCK, *PNDIS_RW_LOCK;

typedef struct _LOCK_STATE {
    USHORT LockState;
    KIRQL OldIrql;
} LOCK_STATE, *PLOCK_STATE;

NDISAPI VOID NTAPI NdisInitializeReadWriteLock(PNDIS_RW_LOCK Lock);
NDISAPI VOID NTAPI NdisAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite, PLOCK_STATE LockState);
NDISAPI VOID NTAPI NdisReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState);

NDISAPI CCHAR NTAPI NdisSystemProcessorCount(VOID);
NDISAPI ULONG NTAPI NdisGroupMaxProcessorCount(USHORT Group);

#define NdisFreeString(string) NdisFreeMemory((string).Buffer, (string).MaximumLength, 0)
#define NdisEqualString(one, other, caseInsensitive) RtlEqualUnicodeString((one), (other), (caseInsensitive))
#define NdisEqualUnicodeString(one, other, caseInsensitive) RtlEqualUnicodeString((one), (other), (caseInsensitive))

#define NdisMoveMappedMemory(destination, source, length) RtlCopyMemory((destination), (source), (length))
#define NdisMoveToMappedMemory(destination, source, length) NdisMoveMappedMemory((destination), (source), (length))
#define NdisMoveFromMappedMemory(destination, source, length) NdisMoveMappedMemory((destination), (source), (length))
#define NdisZeroMappedMemory(destination, length) RtlZeroMemory((destination), (length))

#define NdisInterlockedAddUlong(addend, increment, lock) ExInterlockedAddUlong((addend), (increment), &(lock)->SpinLock)
#define NdisInterlockedInsertHeadList(head, entry, lock) ExInterlockedInsertHeadList((head), (entry), &(lock)->SpinLock)
#define NdisInterlockedInsertTailList(head, entry, lock) ExInterlockedInsertTailList((head), (entry), &(lock)->SpinLock)
#define NdisInterlockedRemoveHeadList(head, lock) ExInterlockedRemoveHeadList((head), &(lock)->SpinLock)
#define NdisGetCurrentSystemTime(time) KeQuerySystemTime(time)

#endif
