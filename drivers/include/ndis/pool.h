/* Pool: the allocators and options that came after the kernel headers of mingw-w64. */
#ifndef NDIS_LWF_POOL_H
#define NDIS_LWF_POOL_H

#ifndef MEMORY_ALLOCATION_ALIGNMENT
#define MEMORY_ALLOCATION_ALIGNMENT 16
#endif
#ifndef POOL_FLAG_NON_PAGED
typedef ULONG64 POOL_FLAGS;
#define POOL_FLAG_REQUIRED_START 0x0000000000000001ULL
#define POOL_FLAG_USE_QUOTA 0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED 0x0000000000000002ULL
#define POOL_FLAG_SESSION 0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED 0x0000000000000008ULL
#define POOL_FLAG_RAISE_ON_FAILURE 0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED 0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE 0x0000000000000080ULL
#define POOL_FLAG_PAGED 0x0000000000000100ULL
NTKERNELAPI PVOID NTAPI ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
#endif

#define POOL_ZERO_ALLOCATION 1024
#ifndef POOL_NX_ALLOCATION
#define POOL_NX_ALLOCATION 512
#endif

/* What a driver for old systems links statically: zeroed there, whatever the system does by itself. */
#ifndef ExAllocatePoolZero
static __inline PVOID NdisLwfAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    PVOID memory = ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);

    if (memory != NULL) RtlZeroMemory(memory, NumberOfBytes);
    return memory;
}
#define ExAllocatePoolZero(type, length, tag) NdisLwfAllocatePoolZero((type), (length), (tag))
#define ExAllocatePoolUninitialized(type, length, tag) ExAllocatePoolWithTag((type), (length), (tag))
#endif

/* POOL_NX_OPTIN: what a driver calls non-paged pool is then NonPagedPoolNx. It is what these headers take for granted. */
#ifndef DrvRtPoolNxOptIn
#define DrvRtPoolNxOptIn 0x00000001
#define ExInitializeDriverRuntime(flags) ((VOID)(flags))
#endif

#endif
