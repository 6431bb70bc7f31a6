/*
 * The three functions of the answer, as they stand there: FilterPause, BeginOriginating (TrySendPacket) and CountBack (CompleteSendNbl).
 * PausePending is set only when something is outstanding, nothing clears it, and receives are never counted down.
 */
#ifndef NPCAP_2016_ANSWER_H
#define NPCAP_2016_ANSWER_H

#include "reference-original.h"

/* The answer speaks of NBLs that the filter originates; traffic of others is kept out the right way. */
NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(PauseParameters);
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

/* The answer has no such function for receives, so those stay counted. */
VOID CountBack(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    NDIS_HANDLE filterHandle = Module->FilterHandle;
    BOOLEAN completePause = FALSE;

    if (Direction == DirectionReceive) return;
    NdisAcquireSpinLock(&Module->Lock);
    Module->OutstandingSends -= Count;
    if (Module->OutstandingSends == 0 && Module->PausePending) completePause = TRUE;
    NdisReleaseSpinLock(&Module->Lock);
    if (completePause) NdisFPauseComplete(filterHandle);
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

/* Who was counted has entered no gate, and leaves none. */
VOID EndOriginating(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

#endif
