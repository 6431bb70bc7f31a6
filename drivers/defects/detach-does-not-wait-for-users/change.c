#include "reference-original.h"

VOID WaitForUsers(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
