#include "reference-original.h"

static NDIS_IO_WORKITEM_FUNCTION SayGoodbye;

VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    NDIS_HANDLE filterHandle = ((PFILTER_MODULE)FilterModuleContext)->FilterHandle;
    NDIS_HANDLE workItem;

    OriginalFilterDetach(FilterModuleContext);
    workItem = NdisAllocateIoWorkItem(Globals->DriverHandle);
    if (workItem != NULL) NdisQueueIoWorkItem(workItem, SayGoodbye, filterHandle);
}

static VOID NTAPI SayGoodbye(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    NDIS_STATUS_INDICATION indication;

    NdisFreeIoWorkItem(NdisIoWorkItemHandle);
    NdisZeroMemory(&indication, sizeof(indication));
    NDIS_SET_OBJECT_HEADER(&indication.Header, NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
                           NDIS_SIZEOF_STATUS_INDICATION_REVISION_1);
    indication.SourceHandle = WorkItemContext;
    indication.StatusCode = NDIS_STATUS_NETWORK_CHANGE;
    NdisFIndicateStatus(WorkItemContext, &indication);
}
