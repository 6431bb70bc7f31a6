#include "../bound-handle/bound-handle.h"

/* The NBLs for the copy are the driver's: only NdisFSendNetBufferLists meets the handle of a module that is gone. */
static NDIS_HANDLE Pool;

BOOLEAN CreateControlDevice(VOID)
{
    Pool = CreatePool(Globals->DriverHandle);
    if (Pool == NULL) return FALSE;
    if (OriginalCreateControlDevice()) return TRUE;
    NdisFreeNetBufferListPool(Pool);
    return FALSE;
}

VOID DeleteControlDevice(VOID)
{
    OriginalDeleteControlDevice();
    NdisFreeNetBufferListPool(Pool);
}

static NTSTATUS SendThroughTheCopy(PBOUND_HANDLE Handle, const UCHAR *Frame, ULONG Length)
{
    PUCHAR data = NdisAllocateMemoryWithTagPriority(Globals->DriverHandle, Length, TAG_FRAME, NormalPoolPriority);
    PMDL mdl = data == NULL ? NULL : NdisAllocateMdl(Globals->DriverHandle, data, Length);
    PNET_BUFFER_LIST nbl = mdl == NULL ? NULL : NdisAllocateNetBufferAndNetBufferList(Pool, 0, 0, mdl, 0, Length);

    if (nbl == NULL) {
        if (mdl != NULL) NdisFreeMdl(mdl);
        if (data != NULL) NdisFreeMemory(data, 0, 0);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NdisMoveMemory(data, Frame, Length);
    nbl->SourceHandle = Handle->FilterHandle;
    NdisFSendNetBufferLists(Handle->FilterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return STATUS_SUCCESS;
}

/* While the module is there, the way of the reference; when it is gone, the frame goes out through the copy. */
NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;
    PFILTER_MODULE module = ReferenceModuleOf(stack->FileObject);

    if (module != NULL) DereferenceModule(module);
    if (module != NULL || length == 0) return OriginalDispatchWrite(DeviceObject, Irp);
    return CompleteIrp(Irp, SendThroughTheCopy(stack->FileObject->FsContext, Irp->AssociatedIrp.SystemBuffer, length), length);
}
