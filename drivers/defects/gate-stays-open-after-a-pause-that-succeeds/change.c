#include "reference-original.h"

VOID CloseGate(PFILTER_MODULE Module)
{
    if (Module->State == ModulePausing && NothingOutstanding(Module)) return;
    OriginalCloseGate(Module);
}
