#include "reference-original.h"

NTSTATUS OriginateLowResourcesReceives(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST chain;

    if (!BeginOriginating(Module, DirectionReceive, Count)) return STATUS_DEVICE_NOT_READY;
    chain = AllocateChain(Module, Count, Frame, Length);
    if (chain != NULL) IndicateOwn(Module, chain, Count, NDIS_RECEIVE_FLAGS_RESOURCES);
    else CountBack(Module, DirectionReceive, Count);
    EndOriginating(Module);
    return chain != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
