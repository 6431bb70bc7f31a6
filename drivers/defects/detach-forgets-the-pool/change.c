#include "reference-original.h"

VOID FreePool(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
