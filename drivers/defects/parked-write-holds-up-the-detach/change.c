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

    if (parked == NULL || !ReferenceModule(Module)) return STATUS_DEVICE_NOT_READY;
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

/* The write of an application, by either of its two doors. */
static NTSTATUS Send(PFILTER_MODULE Module, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    if (stack->MajorFunction == IRP_MJ_WRITE) return ServeWrite(Module, Irp->AssociatedIrp.SystemBuffer, stack->Parameters.Write.Length);
    return ServeRequest(Module, stack->Parameters.DeviceIoControl.IoControlCode, Irp->AssociatedIrp.SystemBuffer,
                        stack->Parameters.DeviceIoControl.InputBufferLength);
}

static NTSTATUS SendOrPark(PIRP Irp)
{
    PFILTER_MODULE module = ReferenceModuleOf(IoGetCurrentIrpStackLocation(Irp)->FileObject);
    NTSTATUS status;

    if (module == NULL) return CompleteIrp(Irp, STATUS_NO_SUCH_DEVICE, 0);
    status = Send(module, Irp);
    if (status == STATUS_DEVICE_NOT_READY) status = Park(module, Irp);
    DereferenceModule(module);
    return status == STATUS_PENDING ? status : CompleteIrp(Irp, status, 0);
}

NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return SendOrPark(Irp);
}

NTSTATUS NTAPI DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;

    if (code == IOCTL_LWF_SEND || code == IOCTL_LWF_SEND_CHAIN) return SendOrPark(Irp);
    return OriginalDispatchDeviceControl(DeviceObject, Irp);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    PPARKED parked;

    OriginalOpenGate(Module);
    while ((parked = TakeParked(Module)) != NULL) {
        NDIS_HANDLE workItem = NdisAllocateIoWorkItem(Globals->DriverHandle);
        if (workItem != NULL) NdisQueueIoWorkItem(workItem, Resume, parked);
    }
}

static VOID NTAPI Resume(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    PPARKED parked = WorkItemContext;

    NdisFreeIoWorkItem(NdisIoWorkItemHandle);
    CompleteIrp(parked->Irp, Send(parked->Module, parked->Irp), 0);
    DereferenceModule(parked->Module);
    ExFreePoolWithTag(parked, TAG_WORK);
}
