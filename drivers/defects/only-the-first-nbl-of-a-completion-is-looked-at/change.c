#include "reference-original.h"

VOID NTAPI FilterSendNetBufferListsComplete(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    if (IsOwn(FilterModuleContext, NetBufferList)) ConsumeSends(FilterModuleContext, NetBufferList);
    else CompleteForeignSends(FilterModuleContext, NetBufferList, SendCompleteFlags);
}
