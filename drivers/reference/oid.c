/* OID requests from above, forwarded as clones. They work in every state between attach and detach: PAU-16. */
#include "filter.h"

static PNDIS_OID_REQUEST *OriginalOf(PNDIS_OID_REQUEST Clone)
{
    return (PNDIS_OID_REQUEST *)Clone->SourceReserved;
}

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    PFILTER_MODULE module = FilterModuleContext;
    PNDIS_OID_REQUEST clone = NULL;
    NDIS_STATUS status = NdisAllocateCloneOidRequest(module->FilterHandle, OidRequest, TAG_OID, &clone);

    if (status != NDIS_STATUS_SUCCESS) return status;
    *OriginalOf(clone) = OidRequest;
    clone->RequestId = OidRequest->RequestId;
    return ForwardOid(module, OidRequest, clone);
}

/* A final status ends the request here; after NDIS_STATUS_PENDING FilterOidRequestComplete does, and nothing is touched: OP-04. */
NDIS_STATUS ForwardOid(PFILTER_MODULE Module, PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone)
{
    NDIS_STATUS status;

    RememberForwarded(Module, TRUE, Original->RequestId);
    status = NdisFOidRequest(Module->FilterHandle, Clone);
    if (status != NDIS_STATUS_PENDING) FinishClone(Module, Original, Clone);
    return status;
}

VOID NTAPI FilterOidRequestComplete(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    PFILTER_MODULE module = FilterModuleContext;
    POWN_OID own = TakeOwnOid(module, OidRequest);
    PNDIS_OID_REQUEST original;

    if (own != NULL) {
        ConsumeOwnOid(module, own, Status);
        return;
    }
    original = *OriginalOf(OidRequest);
    FinishClone(module, original, OidRequest);
    NdisFOidRequestComplete(module->FilterHandle, original, Status);
}

/* Copies the results to the original and frees the clone. After this the original may be completed, once. */
VOID FinishClone(PFILTER_MODULE Module, PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone)
{
    CopyResults(Original, Clone);
    RememberForwarded(Module, FALSE, NULL);
    NdisFreeCloneOidRequest(Module->FilterHandle, Clone);
}

/* What was read, written and needed: OP-03. Each type of request has its own members for it. */
VOID CopyResults(PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone)
{
    switch (Original->RequestType) {
    case NdisRequestMethod:
        Original->DATA.METHOD_INFORMATION.OutputBufferLength = Clone->DATA.METHOD_INFORMATION.OutputBufferLength;
        Original->DATA.METHOD_INFORMATION.BytesWritten = Clone->DATA.METHOD_INFORMATION.BytesWritten;
        Original->DATA.METHOD_INFORMATION.BytesRead = Clone->DATA.METHOD_INFORMATION.BytesRead;
        Original->DATA.METHOD_INFORMATION.BytesNeeded = Clone->DATA.METHOD_INFORMATION.BytesNeeded;
        break;
    case NdisRequestSetInformation:
        Original->DATA.SET_INFORMATION.BytesRead = Clone->DATA.SET_INFORMATION.BytesRead;
        Original->DATA.SET_INFORMATION.BytesNeeded = Clone->DATA.SET_INFORMATION.BytesNeeded;
        break;
    default:
        Original->DATA.QUERY_INFORMATION.BytesWritten = Clone->DATA.QUERY_INFORMATION.BytesWritten;
        Original->DATA.QUERY_INFORMATION.BytesNeeded = Clone->DATA.QUERY_INFORMATION.BytesNeeded;
        break;
    }
    Original->SupportedRevision = Clone->SupportedRevision;
}

VOID NTAPI FilterCancelOidRequest(NDIS_HANDLE FilterModuleContext, PVOID RequestId)
{
    PFILTER_MODULE module = FilterModuleContext;
    BOOLEAN isForwarded;

    NdisAcquireSpinLock(&module->Lock);
    isForwarded = module->Forwarding && module->ForwardedRequestId == RequestId;
    NdisReleaseSpinLock(&module->Lock);
    if (isForwarded) NdisFCancelOidRequest(module->FilterHandle, RequestId);
}

/* NDIS hands a module one regular request at a time, so one place is enough. */
VOID RememberForwarded(PFILTER_MODULE Module, BOOLEAN Forwarding, PVOID RequestId)
{
    NdisAcquireSpinLock(&Module->Lock);
    Module->Forwarding = Forwarding;
    Module->ForwardedRequestId = RequestId;
    NdisReleaseSpinLock(&Module->Lock);
}
