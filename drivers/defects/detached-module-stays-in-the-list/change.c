#include "reference-original.h"

VOID Unpublish(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
