/* NBLs of our own: from the module's pool, marked with the module's handle, each with its MDL and frame. */
#include "filter.h"

NDIS_HANDLE CreatePool(NDIS_HANDLE FilterHandle)
{
    NET_BUFFER_LIST_POOL_PARAMETERS parameters;

    NdisZeroMemory(&parameters, sizeof(parameters));
    NDIS_SET_OBJECT_HEADER(&parameters.Header, NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
                           NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1);
    parameters.ProtocolId = NDIS_PROTOCOL_ID_DEFAULT;
    parameters.fAllocateNetBuffer = TRUE;
    parameters.PoolTag = TAG_NBL;
    return NdisAllocateNetBufferListPool(FilterHandle, &parameters);
}

/* Returns a chain of NBLs, or NULL when memory is short (nothing is left allocated). */
PNET_BUFFER_LIST AllocateChain(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    NBL_QUEUE chain = {0};

    while (chain.Count < Count) {
        PNET_BUFFER_LIST nbl = AllocateOwn(Module, Frame, Length);
        if (nbl == NULL) {
            FreeOwnChain(chain.Head);
            return NULL;
        }
        QueueNbl(&chain, nbl);
    }
    return chain.Head;
}

/* Frame is copied; without one, the head of the module's template is. The caller is inside the gate, so the template stays what it is. */
PNET_BUFFER_LIST AllocateOwn(PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length)
{
    ULONG length = Frame == NULL ? DEFAULT_FRAME_LENGTH : Length;
    PUCHAR data = NdisAllocateMemoryWithTagPriority(Module->FilterHandle, length, TAG_FRAME, NormalPoolPriority);
    PNET_BUFFER_LIST nbl = NULL;
    PMDL mdl;

    if (data == NULL) return NULL;
    if (Frame == NULL) Frame = Module->Frame;
    if (Frame != NULL) NdisMoveMemory(data, Frame, length);
    else NdisZeroMemory(data, length);
    mdl = NdisAllocateMdl(Module->FilterHandle, data, length);
    if (mdl != NULL) nbl = NdisAllocateNetBufferAndNetBufferList(Module->Pool, 0, 0, mdl, 0, length);
    if (nbl == NULL) {
        if (mdl != NULL) NdisFreeMdl(mdl);
        NdisFreeMemory(data, 0, 0);
        return NULL;
    }
    MarkAsOwn(Module, nbl);
    return nbl;
}

/* SourceHandle is how everyone, ourselves included, knows whose NBL it is: SO-02. */
VOID MarkAsOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl)
{
    Nbl->SourceHandle = Module->FilterHandle;
}

BOOLEAN IsOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl)
{
    return Nbl->SourceHandle == Module->FilterHandle;
}

VOID FreeOwn(PNET_BUFFER_LIST Nbl)
{
    PMDL mdl = NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Nbl));
    PVOID data = MmGetMdlVirtualAddress(mdl);

    NdisFreeNetBufferList(Nbl);
    NdisFreeMdl(mdl);
    NdisFreeMemory(data, 0, 0);
}

/* Returns how many there were. */
ULONG FreeOwnChain(PNET_BUFFER_LIST Chain)
{
    ULONG count = 0;

    while (Chain != NULL) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(Chain);
        FreeOwn(Chain);
        Chain = next;
        count += 1;
    }
    return count;
}

/* Splits a chain that came back: every NBL is looked at, because NDIS may merge chains of several calls: SO-05. */
VOID SplitByOwner(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, PNBL_QUEUE Own, PNBL_QUEUE Foreign)
{
    NdisZeroMemory(Own, sizeof(*Own));
    NdisZeroMemory(Foreign, sizeof(*Foreign));
    while (Chain != NULL) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(Chain);
        QueueNbl(IsOwn(Module, Chain) ? Own : Foreign, Chain);
        Chain = next;
    }
}

VOID QueueNbl(PNBL_QUEUE Queue, PNET_BUFFER_LIST Nbl)
{
    NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
    if (Queue->Head == NULL) Queue->Head = Nbl;
    else NET_BUFFER_LIST_NEXT_NBL(Queue->Tail) = Nbl;
    Queue->Tail = Nbl;
    Queue->Count += 1;
}

VOID QueueChain(PNBL_QUEUE Queue, PNET_BUFFER_LIST Chain)
{
    while (Chain != NULL) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(Chain);
        QueueNbl(Queue, Chain);
        Chain = next;
    }
}
