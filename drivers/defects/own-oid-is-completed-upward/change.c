#include "reference-original.h"

VOID NTAPI FilterOidRequestComplete(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    PFILTER_MODULE module = FilterModuleContext;
    POWN_OID own = TakeOwnOid(module, OidRequest);

    if (own == NULL) {
        OriginalFilterOidRequestComplete(FilterModuleContext, OidRequest, Status);
        return;
    }
    NdisFOidRequestComplete(module->FilterHandle, OidRequest, Status);
    ConsumeOwnOid(module, own, Status);
}
