/* Reads and writes with an order, fast fail, and the interlocked operations with a weaker order: on x64 each is one plain instruction. */
#ifndef NDIS_LWF_ATOMICS_H
#define NDIS_LWF_ATOMICS_H

#define NDIS_LWF_ACCESSORS(name, type)                                                                                           \
    static __inline type Read##name##NoFence(type const volatile *Source) { return *Source; }                                    \
    static __inline type Read##name##Acquire(type const volatile *Source) { return __atomic_load_n(Source, __ATOMIC_ACQUIRE); }  \
    static __inline VOID Write##name##NoFence(type volatile *Destination, type Value) { *Destination = Value; }                  \
    static __inline VOID Write##name##Release(type volatile *Destination, type Value)                                            \
    {                                                                                                                            \
        __atomic_store_n(Destination, Value, __ATOMIC_RELEASE);                                                                  \
    }

#ifndef ReadNoFence
NDIS_LWF_ACCESSORS(, LONG)
NDIS_LWF_ACCESSORS(64, LONG64)
NDIS_LWF_ACCESSORS(ULong, ULONG)
NDIS_LWF_ACCESSORS(ULong64, ULONG64)
NDIS_LWF_ACCESSORS(UShort, USHORT)
NDIS_LWF_ACCESSORS(UChar, UCHAR)
NDIS_LWF_ACCESSORS(Boolean, BOOLEAN)
NDIS_LWF_ACCESSORS(Pointer, PVOID)
#endif

#define InterlockedIncrementNoFence InterlockedIncrement
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedExchangeNoFence InterlockedExchange
#define InterlockedCompareExchangeNoFence InterlockedCompareExchange
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange

/* Copies of memory that others may be changing. */
#ifndef _RTL_VOL_MEM_ACCESSORS_
#define _RTL_VOL_MEM_ACCESSORS_
static __inline PVOID RtlCopyVolatileMemory(PVOID Destination, VOID const volatile *Source, SIZE_T Size)
{
    RtlCopyMemory(Destination, (VOID const *)Source, Size);
    return Destination;
}
static __inline PVOID RtlFillVolatileMemory(PVOID Destination, SIZE_T Size, INT Fill)
{
    RtlFillMemory(Destination, Size, Fill);
    return Destination;
}
#endif

#ifndef FAST_FAIL_INVALID_ARG
#define FAST_FAIL_CORRUPT_LIST_ENTRY 3
#define FAST_FAIL_INVALID_ARG 5
#define FAST_FAIL_FATAL_APP_EXIT 7
#define FAST_FAIL_INVALID_REFERENCE_COUNT 14
#endif
#define RtlFailFast(code) __fastfail(code)

#endif
