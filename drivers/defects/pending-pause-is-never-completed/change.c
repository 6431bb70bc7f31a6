#include "reference-original.h"

BOOLEAN TakePendingPause(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
    return FALSE;
}
