#include "reference-original.h"

VOID NTAPI FilterReturnNetBufferLists(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    ReturnForeignReceives(FilterModuleContext, NetBufferLists, ReturnFlags);
}
