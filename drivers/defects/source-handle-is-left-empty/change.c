#include "reference-original.h"

VOID MarkAsOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(Nbl);
}
