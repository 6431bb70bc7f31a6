#include "reference-original.h"

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    NDIS_STATUS status = OriginalFilterPause(FilterModuleContext, PauseParameters);

    NdisMSleep(12 * 1000 * 1000);
    return status;
}
