#include "reference-original.h"

NTSTATUS OriginateOid(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Value)
{
    BOOLEAN simple = Oid != OID_GEN_STATISTICS;
    ULONG length = simple ? sizeof(Value) : sizeof(NDIS_STATISTICS_INFO);
    NDIS_STATUS status;

    if (Oid == OID_GEN_CURRENT_PACKET_FILTER && Type == NdisRequestSetInformation && !RememberPacketFilter(Module)) {
        return STATUS_UNSUCCESSFUL;
    }
    status = RequestAndWait(Module, Oid, Type, simple ? &Value : NULL, length);
    if (status == NDIS_STATUS_SUCCESS) return STATUS_SUCCESS;
    return status == NDIS_STATUS_RESOURCES ? STATUS_INSUFFICIENT_RESOURCES : STATUS_UNSUCCESSFUL;
}
