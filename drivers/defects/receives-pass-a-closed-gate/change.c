#include "reference-original.h"

NTSTATUS OriginateReceives(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST chain = AllocateChain(Module, Count, Frame, Length);

    if (chain == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    CountOut(Module, DirectionReceive, Count);
    IndicateOwn(Module, chain, Count, 0);
    return STATUS_SUCCESS;
}
