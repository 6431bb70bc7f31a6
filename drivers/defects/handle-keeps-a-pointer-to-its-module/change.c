#include "reference-original.h"

typedef struct _BOUND_HANDLE {
    OPEN_HANDLE Open;
    PFILTER_MODULE Module;
} BOUND_HANDLE, *PBOUND_HANDLE;

UINT HandleSize(VOID)
{
    return sizeof(BOUND_HANDLE);
}

NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    NTSTATUS status = OriginalOpenHandle(FileObject, Module);

    if (NT_SUCCESS(status)) ((PBOUND_HANDLE)FileObject->FsContext)->Module = Module;
    return status;
}

/* No reference: the pointer is there, so the module will be. */
PFILTER_MODULE ReferenceModuleOf(PFILE_OBJECT FileObject)
{
    return ((PBOUND_HANDLE)FileObject->FsContext)->Module;
}

NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;
    PFILTER_MODULE module = ReferenceModuleOf(stack->FileObject);

    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, ServeWrite(module, Irp->AssociatedIrp.SystemBuffer, length), length);
}

NTSTATUS NTAPI DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    PFILTER_MODULE module = ReferenceModuleOf(stack->FileObject);

    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, ServeRequest(module, code, Irp->AssociatedIrp.SystemBuffer, length), 0);
}
