#include "reference-original.h"

static volatile LONG Failures;

VOID SendOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    OriginalSendOwn(Module, Chain, Flags);
    if (NET_BUFFER_LIST_STATUS(Chain) != NDIS_STATUS_SUCCESS) NdisInterlockedIncrement(&Failures);
}
