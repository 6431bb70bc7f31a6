#include "reference-original.h"

VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    ULONG before = NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST;

    RequestAndWait(FilterModuleContext, OID_GEN_CURRENT_PACKET_FILTER, NdisRequestSetInformation, &before, sizeof(before));
    OriginalFilterDetach(FilterModuleContext);
}
