#include "reference-original.h"

VOID RefuseHeldSends(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
