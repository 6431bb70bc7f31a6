#include "reference-original.h"

VOID PassReceivesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    OriginalPassReceivesUp(Module, Chain, Port, Count, Flags);
    ReturnDown(Module, Chain, ReturnFlagsOf(Flags));
}
