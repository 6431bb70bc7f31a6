#include "../npcap-2016/open.h"

/* The module with the event that a pause waits for. */
typedef struct _PAUSABLE_MODULE {
    FILTER_MODULE Module;
    NDIS_EVENT Drained;
} PAUSABLE_MODULE, *PPAUSABLE_MODULE;

/* A write that waits for its send. */
typedef struct _WRITER {
    NDIS_EVENT SendIsBack;
} WRITER, *PWRITER;

/* All open handles. The lock guards the list, and the way from a handle to its module. */
static NDIS_SPIN_LOCK OpensLock;
static LIST_ENTRY Opens;

BOOLEAN AllocateGlobals(VOID)
{
    NdisAllocateSpinLock(&OpensLock);
    InitializeListHead(&Opens);
    return OriginalAllocateGlobals();
}

UINT ModuleSize(VOID)
{
    return sizeof(PAUSABLE_MODULE);
}

PFILTER_MODULE NewModule(NDIS_HANDLE FilterHandle, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    PFILTER_MODULE module = OriginalNewModule(FilterHandle, Parameters);

    if (module != NULL) NdisInitializeEvent(&((PPAUSABLE_MODULE)module)->Drained);
    return module;
}

/* The caller of OpenHandle holds a reference on the module, so FilterDetach comes by later and finds the handle in the list. */
NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    NTSTATUS status = OpenBound(FileObject, Module);
    POPEN_INSTANCE open = FileObject->FsContext;

    if (!NT_SUCCESS(status)) return status;
    NdisAcquireSpinLock(&OpensLock);
    InsertTailList(&Opens, &open->Link);
    NdisReleaseSpinLock(&OpensLock);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DispatchClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    POPEN_INSTANCE open = IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;

    NdisAcquireSpinLock(&OpensLock);
    RemoveEntryList(&open->Link);
    NdisReleaseSpinLock(&OpensLock);
    return OriginalDispatchClose(DeviceObject, Irp);
}

/* Returns NULL when the module is gone or going. DereferenceModule must follow. */
static PFILTER_MODULE UseBinding(POPEN_INSTANCE Open)
{
    PFILTER_MODULE module;

    NdisAcquireSpinLock(&OpensLock);
    module = Open->Module;
    if (module != NULL && !ReferenceModule(module)) module = NULL;
    NdisReleaseSpinLock(&OpensLock);
    return module;
}

static VOID CloseBindings(PFILTER_MODULE Module)
{
    PLIST_ENTRY link;

    NdisAcquireSpinLock(&OpensLock);
    for (link = Opens.Flink; link != &Opens; link = link->Flink) {
        POPEN_INSTANCE open = CONTAINING_RECORD(link, OPEN_INSTANCE, Link);
        if (open->Module != Module) continue;
        open->Module = NULL;
        open->AdapterHandle = NULL;
        open->PacketPool = NULL;
    }
    NdisReleaseSpinLock(&OpensLock);
}

/* Who uses a binding is waited for, and nobody begins to; then no handle knows the module any more, and it can be freed. */
VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    PFILTER_MODULE module = FilterModuleContext;

    MakeUnreachable(module);
    CloseBindings(module);
    FreeModule(module);
}

/* The question and the count are one step under the lock that FilterPause takes. */
BOOLEAN BeginOriginating(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    BOOLEAN running;

    UNREFERENCED_PARAMETER(Direction);
    NdisAcquireSpinLock(&Module->Lock);
    running = Module->State == ModuleRunning && !Module->LowPower;
    if (running) Module->OutstandingSends += Count;
    NdisReleaseSpinLock(&Module->Lock);
    return running;
}

/* The write of the send still holds its reference, so the module is there until the end of this function. */
VOID CountBack(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    BOOLEAN drained;

    UNREFERENCED_PARAMETER(Direction);
    NdisAcquireSpinLock(&Module->Lock);
    Module->OutstandingSends -= Count;
    drained = Module->OutstandingSends == 0 && Module->State == ModulePausing;
    NdisReleaseSpinLock(&Module->Lock);
    if (drained) NdisSetEvent(&((PPAUSABLE_MODULE)Module)->Drained);
}

static NTSTATUS SendAndWait(POPEN_INSTANCE Open, PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST nbl;
    WRITER writer;

    if (!BeginOriginating(Module, DirectionSend, 1)) return STATUS_DEVICE_NOT_READY;
    NdisInitializeEvent(&writer.SendIsBack);
    nbl = AllocateFromOpen(Open, &writer, Frame, Length);
    if (nbl == NULL) {
        CountBack(Module, DirectionSend, 1);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NdisFSendNetBufferLists(Open->AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    NdisWaitEvent(&writer.SendIsBack, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PFILTER_MODULE module = UseBinding(Open);
    NTSTATUS status;

    if (module == NULL) return STATUS_DEVICE_NOT_READY;
    status = SendAndWait(Open, module, Frame, Length);
    DereferenceModule(module);
    return status;
}

static VOID SendIsBack(PFILTER_MODULE Module, PVOID Sender)
{
    PWRITER writer = Sender;

    CountBack(Module, DirectionSend, 1);
    NdisSetEvent(&writer->SendIsBack);
}

/* Closes the gate under the lock of those who send, then waits until the last send is back. */
NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    PPAUSABLE_MODULE pausable = FilterModuleContext;
    BOOLEAN drained;

    UNREFERENCED_PARAMETER(PauseParameters);
    NdisResetEvent(&pausable->Drained);
    NdisAcquireSpinLock(&module->Lock);
    module->State = ModulePausing;
    drained = module->OutstandingSends == 0;
    NdisReleaseSpinLock(&module->Lock);
    CloseGate(module);
    if (!drained) NdisWaitEvent(&pausable->Drained, 0);
    module->State = ModulePaused;
    return NDIS_STATUS_SUCCESS;
}
