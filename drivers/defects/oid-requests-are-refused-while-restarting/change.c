#include "reference-original.h"

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    PFILTER_MODULE module = FilterModuleContext;

    if (module->State == ModuleRestarting) return NDIS_STATUS_NOT_ACCEPTED;
    return OriginalFilterOidRequest(FilterModuleContext, OidRequest);
}
