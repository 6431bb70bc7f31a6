#include "reference-original.h"

static PFILTER_MODULE Only;

PFILTER_MODULE CreateModule(NDIS_HANDLE FilterHandle, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    if (Only == NULL) Only = OriginalCreateModule(FilterHandle, Parameters);
    else Only->FilterHandle = FilterHandle;
    return Only;
}

/* With one adapter all is well: after its detach the next attach makes a new context. */
VOID FreeModule(PFILTER_MODULE Module)
{
    if (Only == Module) Only = NULL;
    OriginalFreeModule(Module);
}
