/* Changes to frames on their way through, and the way back to what they were. */
#include "filter.h"

/* Bytes put in front of each frame. */
#define HEADER_LENGTH 4

/*
 * A mark in the context space of an NBL that carries our header. Several instances of this filter may be on one NBL, so the mark names its module.
 * Context space is a stack: on the way home ours is on top again.
 */
typedef struct DECLSPEC_ALIGN(MEMORY_ALLOCATION_ALIGNMENT) _MARK {
    PFILTER_MODULE Owner;
    ULONG_PTR Signature;
} MARK, *PMARK;
#define SIGNATURE ((ULONG_PTR)0x4C57464D4F444946)

static PMARK MarkOn(PNET_BUFFER_LIST Nbl)
{
    PNET_BUFFER_LIST_CONTEXT context = Nbl->Context;

    if (context == NULL || (USHORT)(context->Size - context->Offset) < sizeof(MARK)) return NULL;
    return (PMARK)NET_BUFFER_LIST_CONTEXT_DATA_START(Nbl);
}

/* Puts the header in front of every frame of the NBLs, if an application asked for it. */
VOID ModifyAll(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    if (!Module->ModifyingData) return;
    for (; Chain != NULL; Chain = NET_BUFFER_LIST_NEXT_NBL(Chain)) Modify(Module, Chain);
}

/* What is put in front was no part of the frame before, and may hold anything: it must not leave the machine. */
static VOID WriteHeaders(PNET_BUFFER_LIST Nbl)
{
    PNET_BUFFER nb;

    for (nb = NET_BUFFER_LIST_FIRST_NB(Nbl); nb != NULL; nb = NET_BUFFER_NEXT_NB(nb)) {
        PVOID header = NdisGetDataBuffer(nb, HEADER_LENGTH, NULL, 1, 0);
        if (header != NULL) NdisZeroMemory(header, HEADER_LENGTH);
    }
}

/* An NBL for which memory is short goes through unchanged. */
VOID Modify(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl)
{
    PMARK mark;

    if (NdisAllocateNetBufferListContext(Nbl, sizeof(MARK), 0, TAG_CONTEXT) != NDIS_STATUS_SUCCESS) return;
    if (NdisRetreatNetBufferListDataStart(Nbl, HEADER_LENGTH, 0, NULL, NULL) != NDIS_STATUS_SUCCESS) {
        NdisFreeNetBufferListContext(Nbl, sizeof(MARK));
        return;
    }
    WriteHeaders(Nbl);
    mark = (PMARK)NET_BUFFER_LIST_CONTEXT_DATA_START(Nbl);
    mark->Owner = Module;
    mark->Signature = SIGNATURE;
}

/* Takes the header off the NBLs that carry it: on their way home they look as they came (SP-03, RP-06). */
VOID RestoreAll(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    for (; Chain != NULL; Chain = NET_BUFFER_LIST_NEXT_NBL(Chain)) Restore(Module, Chain);
}

VOID Restore(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl)
{
    PMARK mark = MarkOn(Nbl);

    if (mark == NULL || mark->Signature != SIGNATURE || mark->Owner != Module) return;
    mark->Signature = 0;
    NdisAdvanceNetBufferListDataStart(Nbl, HEADER_LENGTH, TRUE, NULL);
    NdisFreeNetBufferListContext(Nbl, sizeof(MARK));
}
