#include "reference-original.h"

NDIS_STATUS NTAPI FilterRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    NDIS_STATUS status = OriginalFilterRestart(FilterModuleContext, RestartParameters);

    if (status == NDIS_STATUS_SUCCESS) OriginateSendChain(FilterModuleContext, 1, NULL, 0, 0);
    return status;
}
