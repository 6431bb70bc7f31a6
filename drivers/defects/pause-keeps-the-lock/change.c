#include "reference-original.h"

NDIS_STATUS FinishPause(PFILTER_MODULE Module)
{
    NdisAcquireSpinLock(&Module->Lock);
    Module->PausePending = !NothingOutstanding(Module);
    if (Module->PausePending) return NDIS_STATUS_PENDING;
    Module->State = ModulePaused;
    NdisReleaseSpinLock(&Module->Lock);
    return NDIS_STATUS_SUCCESS;
}
