#include "reference-original.h"

VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    PFILTER_MODULE module = FilterModuleContext;

    while (module->Frame == NULL) NdisMSleep(100 * 1000);
    OriginalFilterDetach(FilterModuleContext);
}
