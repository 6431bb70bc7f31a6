#include "reference-original.h"

VOID ReturnHeldReceives(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
