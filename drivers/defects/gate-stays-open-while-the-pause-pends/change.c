#include "reference-original.h"

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(PauseParameters);
    RefuseHeldSends(module);
    ReturnHeldReceives(module);
    status = FinishPause(module);
    if (status == NDIS_STATUS_SUCCESS) CloseGate(module);
    return status;
}
