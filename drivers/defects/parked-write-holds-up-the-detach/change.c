#include "reference-original.h"

/* Writes that came while the module was not Running, each with a reference on it. */
typedef struct _PARKED {
    LIST_ENTRY Link;
    PFILTER_MODULE Module;
    PIRP Irp;
} PARKED, *PPARKED;
static LIST_ENTRY Parked = {&Parked, &Parked};
static NDIS_IO_WORKITEM_FUNCTION Resume;

static NTSTATUS Park(PFILTER_MODULE Module, PIRP Irp)
{
    PPARKED parked = ExAllocatePoolWithTag(NonPagedPool, sizeof(*parked), TAG_WORK);

    if (parked == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    if (!ReferenceModule(Module)) {
        ExFreePoolWithTag(parked, TAG_WORK);
        return STATUS_DEVICE_NOT_READY;
    }
    parked->Module = Module;
    parked->Irp = Irp;
    IoMarkIrpPending(Irp);
    NdisAcquireSpinLock(&Globals->Lock);
    InsertTailList(&Parked, &parked->Link);
    NdisReleaseSpinLock(&Globals->Lock);
    return STATUS_PENDING;
}

static PPARKED TakeParked(PFILTER_MODULE Module)
{
    PPARKED found = NULL;
    PLIST_ENTRY link;

    NdisAcquireSpinLock(&Globals->Lock);
    for (link = Parked.Flink; link != &Parked && found == NULL; link = link->Flink) {
        PPARKED candidate = CONTAINING_RECORD(link, PARKED, Link);
        if (candidate->Module == Module) found = candidate;
    }
    if (found != NULL) RemoveEntryList(&found->Link);
    NdisReleaseSpinLock(&Globals->Lock);
    return found;
}

static NTSTATUS Send(PFILTER_MODULE Module, PIRP Irp)
{
    return ServeWrite(Module, Irp->AssociatedIrp.SystemBuffer, IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length);
}

static NTSTATUS FinishWrite(PIRP Irp, NTSTATUS Status)
{
    return CompleteIrp(Irp, Status, IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length);
}

NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILTER_MODULE module = ReferenceModuleOf(IoGetCurrentIrpStackLocation(Irp)->FileObject);
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (module == NULL) return CompleteIrp(Irp, STATUS_NO_SUCH_DEVICE, 0);
    status = Send(module, Irp);
    if (status == STATUS_DEVICE_NOT_READY) status = Park(module, Irp);
    DereferenceModule(module);
    return status == STATUS_PENDING ? status : FinishWrite(Irp, status);
}

static VOID EndOfParking(PPARKED Parked, NTSTATUS Status)
{
    FinishWrite(Parked->Irp, Status);
    DereferenceModule(Parked->Module);
    ExFreePoolWithTag(Parked, TAG_WORK);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    PPARKED parked;

    OriginalOpenGate(Module);
    while ((parked = TakeParked(Module)) != NULL) {
        NDIS_HANDLE workItem = NdisAllocateIoWorkItem(Globals->DriverHandle);
        if (workItem != NULL) NdisQueueIoWorkItem(workItem, Resume, parked);
        else EndOfParking(parked, STATUS_INSUFFICIENT_RESOURCES);
    }
}

static VOID NTAPI Resume(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    PPARKED parked = WorkItemContext;

    NdisFreeIoWorkItem(NdisIoWorkItemHandle);
    EndOfParking(parked, Send(parked->Module, parked->Irp));
}
