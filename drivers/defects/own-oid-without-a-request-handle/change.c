#include "reference-original.h"

NDIS_STATUS IssueOwnOid(PFILTER_MODULE Module, POWN_OID Own)
{
    Own->Request.RequestHandle = NULL;
    return OriginalIssueOwnOid(Module, Own);
}
