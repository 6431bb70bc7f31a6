#include "reference-original.h"

NDIS_STATUS ForwardNetPnPEvent(PFILTER_MODULE Module, PNET_PNP_EVENT_NOTIFICATION Event)
{
    NDIS_STATUS status;

    NdisAcquireSpinLock(&Module->Lock);
    status = OriginalForwardNetPnPEvent(Module, Event);
    NdisReleaseSpinLock(&Module->Lock);
    return status;
}
