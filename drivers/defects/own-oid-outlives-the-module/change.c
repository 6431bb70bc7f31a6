#include "reference-original.h"

NTSTATUS OriginateOid(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Value)
{
    NTSTATUS status;

    DereferenceModule(Module);
    status = OriginalOriginateOid(Module, Oid, Type, Value);
    ReferenceModule(Module);
    return status;
}
