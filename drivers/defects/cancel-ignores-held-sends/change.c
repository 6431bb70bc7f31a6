#include "reference-original.h"

VOID AbortHeldSends(PFILTER_MODULE Module, PVOID CancelId)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(CancelId);
}
