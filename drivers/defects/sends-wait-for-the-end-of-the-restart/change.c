#include "reference-original.h"

VOID RefuseSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG SendFlags)
{
    if (Module->State != ModuleRestarting) {
        OriginalRefuseSends(Module, Chain, SendFlags);
        return;
    }
    NdisAcquireSpinLock(&Module->Lock);
    QueueChain(&Module->HeldSends, Chain);
    NdisReleaseSpinLock(&Module->Lock);
}
