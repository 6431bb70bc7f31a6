#include "reference-original.h"

NTSTATUS OriginateOid(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Value)
{
    BOOLEAN simple = Oid != OID_GEN_STATISTICS;
    ULONG length = simple ? sizeof(Value) : sizeof(NDIS_STATISTICS_INFO);
    NDIS_STATUS status = RequestAndWait(Module, Oid, Type, simple ? &Value : NULL, length);

    return status == NDIS_STATUS_SUCCESS ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
