#include "../npcap-2016/no-gate.h"
#include "../npcap-2016/stale-handle.h"

static NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST nbl;

    if (Open->WriteInProgress) return STATUS_DEVICE_NOT_READY;
    Open->WriteInProgress = TRUE;
    /* 3. The flag of the handle, which nobody sets. 7. A refusal leaves the handle marked as busy for ever. */
    if (Open->PausePending) return STATUS_DEVICE_NOT_READY;
    nbl = AllocateFromOpen(Open, Open, Frame, Length);
    if (nbl != NULL) {
        NdisInterlockedIncrement(&Open->OutstandingSends);
        NdisFSendNetBufferLists(Open->AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    }
    Open->WriteInProgress = FALSE;
    return nbl != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* 4. Looks for the pending pause on the handle; the pause said it on the module. */
static VOID SendIsBack(PFILTER_MODULE Module, PVOID Sender)
{
    POPEN_INSTANCE open = Sender;

    UNREFERENCED_PARAMETER(Module);
    if (NdisInterlockedDecrement(&open->OutstandingSends) == 0 && open->PausePending) NdisFPauseComplete(open->AdapterHandle);
}

/* 1. Asks the counters of the module, which nobody counts up. 2. Success leaves every gate open. */
NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(PauseParameters);
    NdisAcquireSpinLock(&module->Lock);
    if (module->OutstandingSends > 0 || module->OutstandingReceives > 0) {
        module->PausePending = TRUE;
        status = NDIS_STATUS_PENDING;
    }
    NdisReleaseSpinLock(&module->Lock);
    return status;
}

/* 5. FilterRestart clears no flag: it is that of the reference, which knows nothing of the flag of a handle. 6. FilterDetach leaves it all. */
