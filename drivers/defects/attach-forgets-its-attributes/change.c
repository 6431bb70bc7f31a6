#include "reference-original.h"

NDIS_STATUS SetAttributes(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
    return NDIS_STATUS_SUCCESS;
}
