#include "../bound-handle/bound-handle.h"

NTSTATUS NTAPI DispatchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PBOUND_HANDLE handle = IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;

    UNREFERENCED_PARAMETER(DeviceObject);
    NdisFCancelSendNetBufferLists(handle->FilterHandle, handle);
    return CompleteIrp(Irp, STATUS_SUCCESS, 0);
}
