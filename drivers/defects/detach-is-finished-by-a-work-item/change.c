#include "reference-original.h"

static NDIS_IO_WORKITEM_FUNCTION FinishDetach;

VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_HANDLE workItem;

    MakeUnreachable(module);
    workItem = NdisAllocateIoWorkItem(module->FilterHandle);
    if (workItem != NULL) NdisQueueIoWorkItem(workItem, FinishDetach, module);
    else FreeModule(module);
}

static VOID NTAPI FinishDetach(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    NdisFreeIoWorkItem(NdisIoWorkItemHandle);
    FreeModule(WorkItemContext);
}
