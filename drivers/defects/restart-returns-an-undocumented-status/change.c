#include "reference-original.h"

NDIS_STATUS NTAPI FilterRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    NDIS_STATUS status = OriginalFilterRestart(FilterModuleContext, RestartParameters);

    return status == NDIS_STATUS_RESOURCES ? NDIS_STATUS_NOT_ACCEPTED : status;
}
