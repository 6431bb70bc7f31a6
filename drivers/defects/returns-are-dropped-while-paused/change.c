#include "reference-original.h"

VOID ReturnForeignReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    if (Module->State == ModuleRunning) OriginalReturnForeignReceives(Module, Chain, Flags);
}
