#include "reference-original.h"

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status;

    RememberForwarded(module, TRUE, OidRequest->RequestId);
    status = NdisFOidRequest(module->FilterHandle, OidRequest);
    if (status != NDIS_STATUS_PENDING) RememberForwarded(module, FALSE, NULL);
    return status;
}

VOID NTAPI FilterOidRequestComplete(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    PFILTER_MODULE module = FilterModuleContext;
    POWN_OID own = TakeOwnOid(module, OidRequest);

    if (own != NULL) {
        ConsumeOwnOid(module, own, Status);
        return;
    }
    RememberForwarded(module, FALSE, NULL);
    NdisFOidRequestComplete(module->FilterHandle, OidRequest, Status);
}
