#include "reference-original.h"

VOID CompleteForeignSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    CompleteSendsUp(Module, Chain, Flags);
}
