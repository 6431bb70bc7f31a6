#include "reference-original.h"

VOID SendOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    OriginalSendOwn(Module, Chain, Flags | NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}
