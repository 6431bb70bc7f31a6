#include "reference-original.h"

VOID IndicateOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Count, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Count);
    OriginalIndicateOwn(Module, Chain, 1, Flags);
}
