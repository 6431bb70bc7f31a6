#include "reference-original.h"

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;

    UNREFERENCED_PARAMETER(PauseParameters);
    module->State = ModulePausing;
    NdisAcquireSpinLock(&module->Lock);
    CloseGate(module);
    NdisReleaseSpinLock(&module->Lock);
    RefuseHeldSends(module);
    ReturnHeldReceives(module);
    return FinishPause(module);
}
