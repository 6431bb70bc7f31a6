#include "reference-original.h"

VOID PassCancelDown(PFILTER_MODULE Module, PVOID CancelId)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(CancelId);
}
