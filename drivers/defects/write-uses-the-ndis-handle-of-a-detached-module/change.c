#include "reference-original.h"

typedef struct _BOUND_HANDLE {
    OPEN_HANDLE Open;
    NDIS_HANDLE FilterHandle;
    NDIS_HANDLE Pool;
} BOUND_HANDLE, *PBOUND_HANDLE;

NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    USHORT length = Module->AdapterName.Length;
    PBOUND_HANDLE handle = ExAllocatePoolWithTag(NonPagedPool, sizeof(*handle) + length, TAG_HANDLE);

    if (handle == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    handle->Open.AdapterName.Buffer = (PWCH)(handle + 1);
    handle->Open.AdapterName.Length = 0;
    handle->Open.AdapterName.MaximumLength = length;
    RtlCopyUnicodeString(&handle->Open.AdapterName, &Module->AdapterName);
    handle->FilterHandle = Module->FilterHandle;
    handle->Pool = CreatePool(Globals->DriverHandle);
    FileObject->FsContext = handle;
    return STATUS_SUCCESS;
}

/* The module is gone: the frame goes out through the handle that was copied when it was there. */
static NTSTATUS SendThroughTheCopy(PBOUND_HANDLE Handle, const UCHAR *Frame, ULONG Length)
{
    PUCHAR data = NdisAllocateMemoryWithTagPriority(Globals->DriverHandle, Length, TAG_FRAME, NormalPoolPriority);
    PMDL mdl = data == NULL ? NULL : NdisAllocateMdl(Globals->DriverHandle, data, Length);
    PNET_BUFFER_LIST nbl = mdl == NULL ? NULL : NdisAllocateNetBufferAndNetBufferList(Handle->Pool, 0, 0, mdl, 0, Length);

    if (nbl == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    NdisMoveMemory(data, Frame, Length);
    nbl->SourceHandle = Handle->FilterHandle;
    NdisFSendNetBufferLists(Handle->FilterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS Write(PFILE_OBJECT FileObject, const UCHAR *Frame, ULONG Length)
{
    PFILTER_MODULE module = ReferenceModuleOf(FileObject);
    NTSTATUS status;

    if (module == NULL) return SendThroughTheCopy(FileObject->FsContext, Frame, Length);
    status = ServeWrite(module, Frame, Length);
    DereferenceModule(module);
    return status;
}

NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;

    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, Write(stack->FileObject, Irp->AssociatedIrp.SystemBuffer, length), length);
}

NTSTATUS NTAPI DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    const LWF_ASK *ask = Irp->AssociatedIrp.SystemBuffer;

    if (code != IOCTL_LWF_SEND || length < FIELD_OFFSET(LWF_ASK, Frame) + DEFAULT_FRAME_LENGTH) {
        return OriginalDispatchDeviceControl(DeviceObject, Irp);
    }
    return CompleteIrp(Irp, Write(stack->FileObject, ask->Frame, length - FIELD_OFFSET(LWF_ASK, Frame)), 0);
}
