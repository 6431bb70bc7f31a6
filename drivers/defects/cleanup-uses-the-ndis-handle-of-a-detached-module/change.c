#include "reference-original.h"

typedef struct _BOUND_HANDLE {
    OPEN_HANDLE Open;
    NDIS_HANDLE FilterHandle;
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
    FileObject->FsContext = handle;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DispatchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PBOUND_HANDLE handle = IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;

    UNREFERENCED_PARAMETER(DeviceObject);
    NdisFCancelSendNetBufferLists(handle->FilterHandle, handle);
    return CompleteIrp(Irp, STATUS_SUCCESS, 0);
}
