#include "reference-original.h"

VOID NTAPI FilterOidRequestComplete(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    PFILTER_MODULE module = FilterModuleContext;
    POWN_OID own = TakeOwnOid(module, OidRequest);
    PNDIS_OID_REQUEST original;

    if (own != NULL) {
        ConsumeOwnOid(module, own, Status);
        return;
    }
    original = *(PNDIS_OID_REQUEST *)OidRequest->SourceReserved;
    CopyResults(original, OidRequest);
    RememberForwarded(module, FALSE, NULL);
    NdisFOidRequestComplete(module->FilterHandle, original, Status);
    NdisFreeCloneOidRequest(module->FilterHandle, OidRequest);
}
