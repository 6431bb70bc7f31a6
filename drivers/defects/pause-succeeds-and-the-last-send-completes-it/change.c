#include "reference-original.h"

NDIS_STATUS FinishPause(PFILTER_MODULE Module)
{
    OriginalFinishPause(Module);
    return NDIS_STATUS_SUCCESS;
}
