#include "reference-original.h"

/* One for each open handle, with a copy of the NDIS handle of its module, and a counter and a flag next to those of the module. */
typedef struct _OPEN_INSTANCE {
    OPEN_HANDLE Open;
    NDIS_HANDLE AdapterHandle;
    NDIS_HANDLE PacketPool;
    LONG OutstandingSends;
    BOOLEAN PausePending;
    BOOLEAN WriteInProgress;
    NDIS_EVENT WriteComplete;
} OPEN_INSTANCE, *POPEN_INSTANCE;

/* Nothing keeps data out of a module that is not Running. */
BOOLEAN EnterGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
    return TRUE;
}

VOID LeaveGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

VOID CloseGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    USHORT length = Module->AdapterName.Length;
    POPEN_INSTANCE open = ExAllocatePoolWithTag(NonPagedPool, sizeof(*open) + length, TAG_HANDLE);

    if (open == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    NdisZeroMemory(open, sizeof(*open));
    open->Open.AdapterName.Buffer = (PWCH)(open + 1);
    open->Open.AdapterName.MaximumLength = length;
    RtlCopyUnicodeString(&open->Open.AdapterName, &Module->AdapterName);
    open->AdapterHandle = Module->FilterHandle;
    open->PacketPool = Module->Pool;
    NdisInitializeEvent(&open->WriteComplete);
    FileObject->FsContext = open;
    return STATUS_SUCCESS;
}

/* Buffers are the driver's and stay good after detach: only NdisFSendNetBufferLists meets the stale handle. */
static PNET_BUFFER_LIST AllocateFromOpen(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PUCHAR data = NdisAllocateMemoryWithTagPriority(Globals->DriverHandle, Length, TAG_FRAME, NormalPoolPriority);
    PMDL mdl = data == NULL ? NULL : NdisAllocateMdl(Globals->DriverHandle, data, Length);
    PNET_BUFFER_LIST nbl = mdl == NULL ? NULL : NdisAllocateNetBufferAndNetBufferList(Open->PacketPool, 0, 0, mdl, 0, Length);

    if (nbl == NULL) {
        if (mdl != NULL) NdisFreeMdl(mdl);
        if (data != NULL) NdisFreeMemory(data, 0, 0);
        return NULL;
    }
    NdisMoveMemory(data, Frame, Length);
    nbl->SourceHandle = Open->AdapterHandle;
    NET_BUFFER_LIST_PROTOCOL_RESERVED(nbl)[0] = Open;
    return nbl;
}

static NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST nbl = AllocateFromOpen(Open, Frame, Length);

    if (nbl == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    NdisFSendNetBufferLists(Open->AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return STATUS_SUCCESS;
}

static VOID SendIsBack(POPEN_INSTANCE Open)
{
    UNREFERENCED_PARAMETER(Open);
}

/* Applications write; of the rest that the reference filter can be asked for this driver does nothing. */
static NTSTATUS WriteAll(POPEN_INSTANCE Open, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    static const UCHAR none[DEFAULT_FRAME_LENGTH] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x88, 0xB5};
    NTSTATUS status = STATUS_SUCCESS;

    for (; Count > 0 && NT_SUCCESS(status); Count -= 1) {
        status = Length == 0 ? NpfWrite(Open, none, sizeof(none)) : NpfWrite(Open, Frame, Length);
    }
    return status;
}

/* The handle knows all it needs, so nobody looks whether the module is still there. */
NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;

    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, WriteAll(stack->FileObject->FsContext, 1, Irp->AssociatedIrp.SystemBuffer, length), length);
}

NTSTATUS NTAPI DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    const LWF_ASK *ask = Irp->AssociatedIrp.SystemBuffer;
    ULONG header = FIELD_OFFSET(LWF_ASK, Frame);
    ULONG count = length >= sizeof(ULONG) && ask->Count != 0 ? ask->Count : 1;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_LWF_SEND) return CompleteIrp(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    return CompleteIrp(Irp, WriteAll(stack->FileObject->FsContext, count, ask->Frame, length > header ? length - header : 0), 0);
}

VOID ConsumeSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    UNREFERENCED_PARAMETER(Module);
    while (Chain != NULL) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(Chain);
        POPEN_INSTANCE open = NET_BUFFER_LIST_PROTOCOL_RESERVED(Chain)[0];
        FreeOwn(Chain);
        SendIsBack(open);
        Chain = next;
    }
}

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
    UNREFERENCED_PARAMETER(PauseParameters);
    return NDIS_STATUS_SUCCESS;
}

/* The module leaves the list, and that is all: its memory and its pool are never freed, and no handle is told. */
VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    Unpublish(FilterModuleContext);
}
