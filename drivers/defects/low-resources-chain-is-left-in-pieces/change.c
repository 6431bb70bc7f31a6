#include "reference-original.h"

VOID PassLowResourcesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Count);
    while (Chain != NULL) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(Chain);
        NET_BUFFER_LIST_NEXT_NBL(Chain) = NULL;
        OriginalPassLowResourcesUp(Module, Chain, Port, 1, Flags);
        Chain = next;
    }
}
