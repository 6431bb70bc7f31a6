#include "reference-original.h"

NDIS_STATUS NTAPI FilterRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status = OriginalFilterRestart(FilterModuleContext, RestartParameters);

    NdisFRestartComplete(module->FilterHandle, status);
    return status;
}
