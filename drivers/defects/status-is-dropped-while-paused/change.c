#include "reference-original.h"

VOID NTAPI FilterStatus(NDIS_HANDLE FilterModuleContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    PFILTER_MODULE module = FilterModuleContext;

    if (module->State == ModulePausing || module->State == ModulePaused) return;
    OriginalFilterStatus(FilterModuleContext, StatusIndication);
}
