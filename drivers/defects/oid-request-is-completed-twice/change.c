#include "reference-original.h"

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status = OriginalFilterOidRequest(FilterModuleContext, OidRequest);

    if (status != NDIS_STATUS_PENDING) NdisFOidRequestComplete(module->FilterHandle, OidRequest, status);
    return status;
}
