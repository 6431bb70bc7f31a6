/*
 * What the drivers of the story share (npcap-2016-*): two kinds of object. NDIS knows the module; an application's handle has a copy of the
 * module's NDIS handle and pool. Each driver says what a write does (NpfWrite) and what happens when its send is back (SendIsBack).
 */
#ifndef NPCAP_2016_OPEN_H
#define NPCAP_2016_OPEN_H

#include "reference-original.h"

/* One for each open handle, with a counter and a flag next to those of the module. */
typedef struct _OPEN_INSTANCE {
    OPEN_HANDLE Open;
    NDIS_HANDLE AdapterHandle;
    NDIS_HANDLE PacketPool;
    LONG OutstandingSends;
    BOOLEAN PausePending;
    BOOLEAN WriteInProgress;
    PFILTER_MODULE Module;
    LIST_ENTRY Link;
} OPEN_INSTANCE, *POPEN_INSTANCE;

/* Never inlined, so that the stack of the crash shows it. */
static DECLSPEC_NOINLINE NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length);
static VOID SendIsBack(PFILTER_MODULE Module, PVOID Sender);

UINT HandleSize(VOID)
{
    return sizeof(OPEN_INSTANCE);
}

static NTSTATUS OpenBound(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    NTSTATUS status = OriginalOpenHandle(FileObject, Module);
    POPEN_INSTANCE open = FileObject->FsContext;

    if (!NT_SUCCESS(status)) return status;
    open->AdapterHandle = Module->FilterHandle;
    open->PacketPool = Module->Pool;
    open->Module = Module;
    return STATUS_SUCCESS;
}

/* Sender is told when the send is back. Buffers are the driver's: after detach, only NdisFSendNetBufferLists meets the stale handle. */
static PNET_BUFFER_LIST AllocateFromOpen(POPEN_INSTANCE Open, PVOID Sender, const UCHAR *Frame, ULONG Length)
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
    NET_BUFFER_LIST_PROTOCOL_RESERVED(nbl)[0] = Sender;
    return nbl;
}

NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static const UCHAR none[DEFAULT_FRAME_LENGTH] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x88, 0xB5};
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;
    const UCHAR *frame = length == 0 ? none : Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, NpfWrite(stack->FileObject->FsContext, frame, length == 0 ? sizeof(none) : length), length);
}

/* Applications write; of the rest that the reference filter can be asked for these drivers do nothing. */
NTSTATUS NTAPI DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteIrp(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
}

VOID ConsumeSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    while (Chain != NULL) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(Chain);
        PVOID sender = NET_BUFFER_LIST_PROTOCOL_RESERVED(Chain)[0];
        FreeOwn(Chain);
        SendIsBack(Module, sender);
        Chain = next;
    }
}

#endif
