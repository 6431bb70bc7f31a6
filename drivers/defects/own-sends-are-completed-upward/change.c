#include "reference-original.h"

VOID NTAPI FilterSendNetBufferListsComplete(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    CompleteForeignSends(FilterModuleContext, NetBufferList, SendCompleteFlags);
}
