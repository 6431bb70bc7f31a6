#include "reference-original.h"

VOID InitializeGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
