#include "reference-original.h"

VOID NTAPI FilterSendNetBufferLists(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, NDIS_PORT_NUMBER PortNumber,
                                    ULONG SendFlags)
{
    PFILTER_MODULE module = FilterModuleContext;

    if (!HoldSends(module, NetBufferList)) PassSendsDown(module, NetBufferList, PortNumber, SendFlags);
}
