#include "reference-original.h"

VOID ReturnForeignReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    ReturnDown(Module, Chain, Flags);
}
