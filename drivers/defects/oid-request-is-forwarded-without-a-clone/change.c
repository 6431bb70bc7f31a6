#include "reference-original.h"

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    return NdisFOidRequest(((PFILTER_MODULE)FilterModuleContext)->FilterHandle, OidRequest);
}

VOID NTAPI FilterOidRequestComplete(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    PFILTER_MODULE module = FilterModuleContext;
    POWN_OID own = TakeOwnOid(module, OidRequest);

    if (own != NULL) ConsumeOwnOid(module, own, Status);
    else NdisFOidRequestComplete(module->FilterHandle, OidRequest, Status);
}
