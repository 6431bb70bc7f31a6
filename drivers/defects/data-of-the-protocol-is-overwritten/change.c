#include "reference-original.h"

VOID PassSendsDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    PNET_BUFFER_LIST nbl;

    for (nbl = Chain; nbl != NULL; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) NET_BUFFER_LIST_PROTOCOL_RESERVED(nbl)[0] = Module;
    OriginalPassSendsDown(Module, Chain, Port, Flags);
}
