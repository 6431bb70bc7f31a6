#include "reference-original.h"

VOID PassSendsDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    NET_BUFFER_LIST_NEXT_NBL(Chain) = NULL;
    OriginalPassSendsDown(Module, Chain, Port, Flags);
}
