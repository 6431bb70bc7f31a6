#include "reference-original.h"

NDIS_STATUS FinishPause(PFILTER_MODULE Module)
{
    LONG counters[2];
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;
    ULONG index;

    NdisAcquireSpinLock(&Module->Lock);
    counters[0] = Module->OutstandingSends;
    counters[1] = Module->OutstandingReceives;
    for (index = 0; index < RTL_NUMBER_OF(counters); index += 1) {
        status = counters[index] > 0 ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
    }
    Module->PausePending = status == NDIS_STATUS_PENDING;
    if (!Module->PausePending) Module->State = ModulePaused;
    NdisReleaseSpinLock(&Module->Lock);
    return status;
}
