/* OID requests of our own, and what we change on the adapter with them. */
#include "filter.h"

/*
 * Originates an OID request and waits for it: PASSIVE_LEVEL, no lock held, and never from a handler of NDIS that the request may need in
 * order to complete. The caller holds a reference on the module, so a detach waits for the request: DET-04.
 */
NTSTATUS OriginateOid(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Value)
{
    ULONG length = Oid == OID_GEN_STATISTICS ? sizeof(NDIS_STATISTICS_INFO) : sizeof(Value);
    NDIS_STATUS status;

    if (Module->LowPower) return STATUS_DEVICE_NOT_READY;
    if (Oid == OID_GEN_CURRENT_PACKET_FILTER && Type == NdisRequestSetInformation && !RememberPacketFilter(Module)) {
        return STATUS_UNSUCCESSFUL;
    }
    status = RequestAndWait(Module, Oid, Type, length == sizeof(Value) ? &Value : NULL, length);
    if (status == NDIS_STATUS_SUCCESS) return STATUS_SUCCESS;
    return status == NDIS_STATUS_RESOURCES ? STATUS_INSUFFICIENT_RESOURCES : STATUS_UNSUCCESSFUL;
}

/* Value is read for a set, written for a query; NULL when nobody wants the result. */
NDIS_STATUS RequestAndWait(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, PVOID Value, ULONG Length)
{
    NDIS_STATUS status;
    POWN_OID own = NdisAllocateMemoryWithTagPriority(Module->FilterHandle, sizeof(*own), TAG_OID, NormalPoolPriority);

    if (own == NULL) return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(own, sizeof(*own));
    NdisInitializeEvent(&own->Done);
    DescribeOid(Module, own, Oid, Type, Length);
    if (Type == NdisRequestSetInformation) NdisMoveMemory(own->Buffer, Value, Length);
    AddOwnOid(Module, own);
    status = IssueOwnOid(Module, own);
    if (status == NDIS_STATUS_SUCCESS && Type == NdisRequestQueryInformation && Value != NULL) {
        NdisMoveMemory(Value, own->Buffer, Length);
    }
    NdisFreeMemory(own, 0, 0);
    return status;
}

/* RequestHandle says whose request it is to those below: OO-02. */
VOID DescribeOid(PFILTER_MODULE Module, POWN_OID Own, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Length)
{
    NDIS_SET_OBJECT_HEADER(&Own->Request.Header, NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
                           NDIS_SIZEOF_OID_REQUEST_REVISION_1);
    Own->Request.RequestType = Type;
    Own->Request.PortNumber = NDIS_DEFAULT_PORT_NUMBER;
    Own->Request.RequestId = Own;
    Own->Request.RequestHandle = Module->FilterHandle;
    Own->Request.DATA.QUERY_INFORMATION.Oid = Oid;
    Own->Request.DATA.QUERY_INFORMATION.InformationBuffer = Own->Buffer;
    Own->Request.DATA.QUERY_INFORMATION.InformationBufferLength = Length;
}

NDIS_STATUS IssueOwnOid(PFILTER_MODULE Module, POWN_OID Own)
{
    NDIS_STATUS status = NdisFOidRequest(Module->FilterHandle, &Own->Request);

    if (status != NDIS_STATUS_PENDING) {
        TakeOwnOid(Module, &Own->Request);
        return status;
    }
    NdisWaitEvent(&Own->Done, 0);
    return Own->Status;
}

/*
 * Originates a synchronous OID request, with no entry in it: nothing changes. It is over when the call returns, and nobody can end it
 * sooner, so a detach waits for as long as the adapter takes: the caller holds a reference on the module.
 */
NTSTATUS OriginateSynchronousOid(PFILTER_MODULE Module)
{
    PNDIS_RSS_SET_INDIRECTION_ENTRIES entries;
    NDIS_STATUS status;
    POWN_OID own;

    if (Module->LowPower) return STATUS_DEVICE_NOT_READY;
    own = NdisAllocateMemoryWithTagPriority(Module->FilterHandle, sizeof(*own), TAG_OID, NormalPoolPriority);
    if (own == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    NdisZeroMemory(own, sizeof(*own));
    DescribeOid(Module, own, OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES, NdisRequestMethod, sizeof(*entries));
    own->Request.DATA.METHOD_INFORMATION.OutputBufferLength = sizeof(*entries);
    entries = (PNDIS_RSS_SET_INDIRECTION_ENTRIES)own->Buffer;
    NDIS_SET_OBJECT_HEADER(&entries->Header, NDIS_OBJECT_TYPE_RSS_SET_INDIRECTION_ENTRIES,
                           NDIS_RSS_SET_INDIRECTION_ENTRIES_REVISION_1, sizeof(*entries));
    status = NdisFSynchronousOidRequest(Module->FilterHandle, &own->Request);
    NdisFreeMemory(own, 0, 0);
    return status == NDIS_STATUS_SUCCESS ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

VOID AddOwnOid(PFILTER_MODULE Module, POWN_OID Own)
{
    NdisAcquireSpinLock(&Module->Lock);
    InsertTailList(&Module->OwnOids, &Own->Link);
    NdisReleaseSpinLock(&Module->Lock);
}

/* Returns our own request with this structure, which then is no longer on the list; NULL for a clone: OO-03. */
POWN_OID TakeOwnOid(PFILTER_MODULE Module, PNDIS_OID_REQUEST Request)
{
    POWN_OID own = NULL;
    PLIST_ENTRY link;

    NdisAcquireSpinLock(&Module->Lock);
    for (link = Module->OwnOids.Flink; link != &Module->OwnOids && own == NULL; link = link->Flink) {
        POWN_OID candidate = CONTAINING_RECORD(link, OWN_OID, Link);
        if (&candidate->Request == Request) own = candidate;
    }
    if (own != NULL) RemoveEntryList(&own->Link);
    NdisReleaseSpinLock(&Module->Lock);
    return own;
}

/* A request of our own is complete: the one who waits for it frees it. */
VOID ConsumeOwnOid(PFILTER_MODULE Module, POWN_OID Own, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(Module);
    Own->Status = Status;
    NdisSetEvent(&Own->Done);
}

/*
 * Before the first change: what the packet filter was. The protocols above rely on it after we are gone, so what cannot be put back
 * (FALSE) is not changed.
 */
BOOLEAN RememberPacketFilter(PFILTER_MODULE Module)
{
    ULONG before = 0;
    NDIS_STATUS status;

    if (Module->PacketFilterChanged) return TRUE;
    status = RequestAndWait(Module, OID_GEN_CURRENT_PACKET_FILTER, NdisRequestQueryInformation, &before, sizeof(before));
    if (status != NDIS_STATUS_SUCCESS) return FALSE;
    Module->PacketFilterBefore = before;
    Module->PacketFilterChanged = TRUE;
    return TRUE;
}

VOID RestorePacketFilter(PFILTER_MODULE Module)
{
    if (!Module->PacketFilterChanged || Module->LowPower) return;
    Module->PacketFilterChanged = FALSE;
    RequestAndWait(Module, OID_GEN_CURRENT_PACKET_FILTER, NdisRequestSetInformation, &Module->PacketFilterBefore,
                   sizeof(Module->PacketFilterBefore));
}
