/*
 * The control device and the handles of applications. The device belongs to the driver, so a handle outlives pauses, detaches and re-attaches;
 * it knows its adapter by name only, and every IRP looks the module up again and holds a reference while it works: DEV-03.
 *
 * A write ends when NDIS has the NBLs, not when they are completed: the data was copied, the count of the gate keeps the pause honest,
 * and no IRP of ours is ever parked, so no IRP can hold up a pause, a detach or the exit of a process.
 */
#include "filter.h"

BOOLEAN CreateControlDevice(VOID)
{
    PDRIVER_DISPATCH dispatch[IRP_MJ_MAXIMUM_FUNCTION + 1];
    NDIS_DEVICE_OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name, link, security;
    PDEVICE_OBJECT device;

    NdisZeroMemory(dispatch, sizeof(dispatch));
    dispatch[IRP_MJ_CREATE] = DispatchCreate;
    dispatch[IRP_MJ_CLEANUP] = DispatchCleanup;
    dispatch[IRP_MJ_CLOSE] = DispatchClose;
    dispatch[IRP_MJ_WRITE] = DispatchWrite;
    dispatch[IRP_MJ_DEVICE_CONTROL] = DispatchDeviceControl;

    RtlInitUnicodeString(&name, L"\\Device\\NdisLwfSpec");
    RtlInitUnicodeString(&link, L"\\DosDevices\\NdisLwfSpec");
    /* The system and administrators, and nobody else: DEV-06. */
    RtlInitUnicodeString(&security, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
    NdisZeroMemory(&attributes, sizeof(attributes));
    NDIS_SET_OBJECT_HEADER(&attributes.Header, NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES, NDIS_DEVICE_OBJECT_ATTRIBUTES_REVISION_1,
                           NDIS_SIZEOF_DEVICE_OBJECT_ATTRIBUTES_REVISION_1);
    attributes.DeviceName = &name;
    attributes.SymbolicName = &link;
    attributes.MajorFunctions = dispatch;
    attributes.DefaultSDDLString = &security;
    if (NdisRegisterDeviceEx(Globals->DriverHandle, &attributes, &device, &Globals->DeviceHandle) != NDIS_STATUS_SUCCESS) {
        Globals->DeviceHandle = NULL;
        return FALSE;
    }
    device->Flags |= DO_BUFFERED_IO;
    return TRUE;
}

VOID DeleteControlDevice(VOID)
{
    if (Globals->DeviceHandle != NULL) NdisDeregisterDeviceEx(Globals->DeviceHandle);
    Globals->DeviceHandle = NULL;
}

NTSTATUS CompleteIrp(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = NT_SUCCESS(Status) ? Information : 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* Opens a handle for the adapter that is named after the device. */
NTSTATUS NTAPI DispatchCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT fileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    UNICODE_STRING name = fileObject->FileName;
    NTSTATUS status = STATUS_NO_SUCH_DEVICE;
    PFILTER_MODULE module;

    UNREFERENCED_PARAMETER(DeviceObject);

    if (name.Length >= sizeof(WCHAR) && name.Buffer[0] == L'\\') {
        name.Buffer += 1;
        name.Length -= sizeof(WCHAR);
    }
    module = ReferenceModuleOn(&name);
    if (module != NULL) {
        status = OpenHandle(fileObject, module);
        DereferenceModule(module);
    }
    return CompleteIrp(Irp, status, 0);
}

NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    USHORT length = Module->AdapterName.Length;
    UINT size = HandleSize();
    POPEN_HANDLE handle = ExAllocatePoolWithTag(NonPagedPool, size + length, TAG_HANDLE);

    if (handle == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    NdisZeroMemory(handle, size);
    handle->AdapterName.Buffer = (PWCH)((PUCHAR)handle + size);
    handle->AdapterName.MaximumLength = length;
    RtlCopyUnicodeString(&handle->AdapterName, &Module->AdapterName);
    FileObject->FsContext = handle;
    return STATUS_SUCCESS;
}

/* A filter that knows more of a handle than this one puts it behind OPEN_HANDLE. */
UINT HandleSize(VOID)
{
    return sizeof(OPEN_HANDLE);
}

/* The application closed its handle. No IRP of it is parked with us, so there is nothing to cancel. */
NTSTATUS NTAPI DispatchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS NTAPI DispatchClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT fileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;

    UNREFERENCED_PARAMETER(DeviceObject);
    ExFreePoolWithTag(fileObject->FsContext, TAG_HANDLE);
    fileObject->FsContext = NULL;
    return CompleteIrp(Irp, STATUS_SUCCESS, 0);
}

/* Resolves a handle to the module that is attached now. DereferenceModule must follow. */
PFILTER_MODULE ReferenceModuleOf(PFILE_OBJECT FileObject)
{
    POPEN_HANDLE handle = FileObject->FsContext;

    return ReferenceModuleOn(&handle->AdapterName);
}

NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;
    NTSTATUS status = STATUS_NO_SUCH_DEVICE;
    PFILTER_MODULE module = ReferenceModuleOf(stack->FileObject);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (module != NULL) {
        status = ServeWrite(module, Irp->AssociatedIrp.SystemBuffer, length);
        DereferenceModule(module);
    }
    return CompleteIrp(Irp, status, length);
}

NTSTATUS NTAPI DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status = STATUS_NO_SUCH_DEVICE;
    PFILTER_MODULE module;

    UNREFERENCED_PARAMETER(DeviceObject);
    /* Any application can send any code: with METHOD_NEITHER there is no SystemBuffer. */
    if (METHOD_FROM_CTL_CODE(code) != METHOD_BUFFERED) return CompleteIrp(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    module = ReferenceModuleOf(stack->FileObject);
    if (module != NULL) {
        status = ServeRequest(module, code, Irp->AssociatedIrp.SystemBuffer, length);
        DereferenceModule(module);
    }
    return CompleteIrp(Irp, status, 0);
}
