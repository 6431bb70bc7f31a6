#include "reference-original.h"

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    NDIS_STATUS status = OriginalFilterPause(FilterModuleContext, PauseParameters);

    return status == NDIS_STATUS_PENDING ? status : NDIS_STATUS_NOT_RECOGNIZED;
}
