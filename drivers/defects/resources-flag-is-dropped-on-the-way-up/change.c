#include "reference-original.h"

VOID PassLowResourcesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    OriginalPassLowResourcesUp(Module, Chain, Port, Count, Flags & ~NDIS_RECEIVE_FLAGS_RESOURCES);
}
