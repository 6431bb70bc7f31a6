#include "reference-original.h"

NDIS_STATUS ForwardOid(PFILTER_MODULE Module, PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone)
{
    RememberForwarded(Module, TRUE, Original->RequestId);
    NdisFOidRequest(Module->FilterHandle, Clone);
    return NDIS_STATUS_PENDING;
}
