#include "reference-original.h"

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status = OriginalFilterPause(FilterModuleContext, PauseParameters);

    if (status == NDIS_STATUS_SUCCESS) NdisFPauseComplete(module->FilterHandle);
    return status;
}
