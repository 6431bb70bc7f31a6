#include "reference-original.h"

VOID PassSendsDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    OriginalPassSendsDown(Module, Chain, Port, Flags);
    CompleteSendsUp(Module, Chain, SendCompleteFlags(Flags));
}
