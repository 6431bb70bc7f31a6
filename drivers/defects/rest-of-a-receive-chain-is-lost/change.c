#include "reference-original.h"

VOID PassReceivesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Count);
    NET_BUFFER_LIST_NEXT_NBL(Chain) = NULL;
    OriginalPassReceivesUp(Module, Chain, Port, 1, Flags);
}
