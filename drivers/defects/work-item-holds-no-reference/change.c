#include "reference-original.h"

typedef struct _UNPROTECTED {
    PFILTER_MODULE Module;
    WORK *Work;
} UNPROTECTED, *PUNPROTECTED;

static VOID NTAPI RunUnprotected(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    PUNPROTECTED context = WorkItemContext;

    NdisFreeIoWorkItem(NdisIoWorkItemHandle);
    context->Work(context->Module);
    ExFreePoolWithTag(context, TAG_WORK);
}

NTSTATUS QueueWork(PFILTER_MODULE Module, WORK *Work)
{
    PUNPROTECTED context = ExAllocatePoolWithTag(NonPagedPool, sizeof(*context), TAG_WORK);
    NDIS_HANDLE workItem = context == NULL ? NULL : NdisAllocateIoWorkItem(Globals->DriverHandle);

    if (workItem == NULL) {
        if (context != NULL) ExFreePoolWithTag(context, TAG_WORK);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    context->Module = Module;
    context->Work = Work;
    NdisQueueIoWorkItem(workItem, RunUnprotected, context);
    return STATUS_SUCCESS;
}
