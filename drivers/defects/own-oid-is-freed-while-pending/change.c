#include "reference-original.h"

NDIS_STATUS IssueOwnOid(PFILTER_MODULE Module, POWN_OID Own)
{
    NDIS_STATUS status = NdisFOidRequest(Module->FilterHandle, &Own->Request);

    if (status == NDIS_STATUS_PENDING) NdisWaitEvent(&Own->Done, 1000);
    TakeOwnOid(Module, &Own->Request);
    return status == NDIS_STATUS_PENDING ? Own->Status : status;
}
