/*
 * Work that happens later: timers (DISPATCH_LEVEL) and work items (PASSIVE_LEVEL). A callback has no privilege: it passes the gate like an
 * IRP does, and finds it closed when the module is not Running, and gives its reference back as its last act: TMR-03.
 */
#include "filter.h"

NDIS_HANDLE CreateTimer(PFILTER_MODULE Module, PNDIS_TIMER_FUNCTION Function)
{
    NDIS_TIMER_CHARACTERISTICS characteristics;
    NDIS_HANDLE timer = NULL;

    NdisZeroMemory(&characteristics, sizeof(characteristics));
    NDIS_SET_OBJECT_HEADER(&characteristics.Header, NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, NDIS_TIMER_CHARACTERISTICS_REVISION_1,
                           NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1);
    characteristics.AllocationTag = TAG_TIMER;
    characteristics.TimerFunction = Function;
    characteristics.FunctionContext = Module;
    return NdisAllocateTimerObject(Module->FilterHandle, &characteristics, &timer) == NDIS_STATUS_SUCCESS ? timer : NULL;
}

/* Arms a one-shot timer. An armed timer holds a reference, which its callback or CancelTimer gives back. Returns FALSE in a detach. */
BOOLEAN ArmTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer, LONG DueMs)
{
    LARGE_INTEGER due;

    if (Timer == NULL || !ReferenceModule(Module)) return FALSE;
    due.QuadPart = -10000LL * DueMs;
    if (NdisSetTimerObject(Timer, due, 0, Module)) DereferenceModule(Module);
    return TRUE;
}

VOID CancelTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer)
{
    if (Timer != NULL && NdisCancelTimerObject(Timer)) DereferenceModule(Module);
}

VOID CancelTimers(PFILTER_MODULE Module)
{
    CancelTimer(Module, Module->SendTimer);
    CancelTimer(Module, Module->StatusTimer);
    CancelTimer(Module, Module->HoldTimer);
}

/*
 * None is armed, and no callback uses the module. One that has just given its reference back may not have returned yet: what is freed, and
 * in the end the code of the driver, has to be there until it has: TMR-01. PASSIVE_LEVEL.
 */
VOID FreeTimers(PFILTER_MODULE Module)
{
    KeFlushQueuedDpcs();
    if (Module->SendTimer != NULL) NdisFreeTimerObject(Module->SendTimer);
    if (Module->StatusTimer != NULL) NdisFreeTimerObject(Module->StatusTimer);
    if (Module->HoldTimer != NULL) NdisFreeTimerObject(Module->HoldTimer);
}

NTSTATUS StartTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer)
{
    return ArmTimer(Module, Timer, TIMER_DELAY_MS) ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}

VOID NTAPI SendFromTimer(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    PFILTER_MODULE module = FunctionContext;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    OriginateSendChain(module, 1, NULL, 0, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    DereferenceModule(module);
}

VOID NTAPI StatusFromTimer(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    PFILTER_MODULE module = FunctionContext;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    OriginateStatus(module);
    DereferenceModule(module);
}

/* What was held for too long goes on its way, whether or not the application has asked for it. */
VOID NTAPI ReleaseOverdue(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    PFILTER_MODULE module = FunctionContext;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    PassHeldSends(module, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    PassHeldReceives(module, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
    DereferenceModule(module);
}

/* One queued piece of work. */
typedef struct _WORK_CONTEXT {
    PFILTER_MODULE Module;
    WORK *Work;
} WORK_CONTEXT, *PWORK_CONTEXT;

/* Queues a work item of its own for one piece of work; the reference keeps the module until it has run. */
NTSTATUS QueueWork(PFILTER_MODULE Module, WORK *Work)
{
    PWORK_CONTEXT context;
    NDIS_HANDLE workItem;

    if (!ReferenceModule(Module)) return STATUS_NO_SUCH_DEVICE;
    context = ExAllocatePoolWithTag(NonPagedPool, sizeof(*context), TAG_WORK);
    workItem = context == NULL ? NULL : NdisAllocateIoWorkItem(Globals->DriverHandle);
    if (workItem == NULL) {
        if (context != NULL) ExFreePoolWithTag(context, TAG_WORK);
        DereferenceModule(Module);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    context->Module = Module;
    context->Work = Work;
    NdisQueueIoWorkItem(workItem, RunWorkItem, context);
    return STATUS_SUCCESS;
}

VOID NTAPI RunWorkItem(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    PWORK_CONTEXT context = WorkItemContext;
    PFILTER_MODULE module = context->Module;

    NdisFreeIoWorkItem(NdisIoWorkItemHandle);
    context->Work(module);
    ExFreePoolWithTag(context, TAG_WORK);
    DereferenceModule(module);
}

VOID SendFromWorkItem(PFILTER_MODULE Module)
{
    OriginateSendChain(Module, 1, NULL, 0, 0);
}

VOID OidFromWorkItem(PFILTER_MODULE Module)
{
    OriginateOid(Module, OID_GEN_STATISTICS, NdisRequestQueryInformation, 0);
}
