#include "reference-original.h"

/* PausePending is set only when something is outstanding, nothing clears it, and receives are never counted down. */
NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(PauseParameters);

    /* The answer speaks of NBLs that the filter originates; traffic of others is kept out the right way. */
    CloseGate(module);
    RefuseHeldSends(module);
    ReturnHeldReceives(module);
    NdisAcquireSpinLock(&module->Lock);
    if (module->OutstandingSends > 0 || module->OutstandingReceives > 0) {
        module->PausePending = TRUE;
        status = NDIS_STATUS_PENDING;
    } else {
        status = NDIS_STATUS_SUCCESS;
    }
    NdisReleaseSpinLock(&module->Lock);
    return status;
}

VOID CountBack(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    BOOLEAN completePause = FALSE;

    if (Direction == DirectionReceive) return;
    NdisAcquireSpinLock(&Module->Lock);
    Module->OutstandingSends -= Count;
    if (Module->OutstandingSends == 0 && Module->PausePending) completePause = TRUE;
    NdisReleaseSpinLock(&Module->Lock);
    if (completePause) NdisFPauseComplete(Module->FilterHandle);
}

BOOLEAN BeginOriginating(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    BOOLEAN refused;

    NdisAcquireSpinLock(&Module->Lock);
    refused = Module->PausePending;
    if (!refused) {
        if (Direction == DirectionSend) Module->OutstandingSends += Count;
        else Module->OutstandingReceives += Count;
    }
    NdisReleaseSpinLock(&Module->Lock);
    return !refused;
}

VOID EndOriginating(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
