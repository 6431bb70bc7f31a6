#include "reference-original.h"

VOID DropReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG ReceiveFlags)
{
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags)) return;
    NdisAcquireSpinLock(&Module->Lock);
    QueueChain(&Module->HeldReceives, Chain);
    NdisReleaseSpinLock(&Module->Lock);
}
