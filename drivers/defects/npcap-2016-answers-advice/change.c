#include "../npcap-2016/stale-handle.h"

/* TrySendPacket of the answer. */
static NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PFILTER_MODULE module = Open->Module;
    PNET_BUFFER_LIST nbl;
    BOOLEAN refused;

    NdisAcquireSpinLock(&module->Lock);
    refused = module->PausePending;
    if (!refused) module->OutstandingSends += 1;
    NdisReleaseSpinLock(&module->Lock);
    if (refused) return STATUS_DEVICE_NOT_READY;

    nbl = AllocateFromOpen(Open, Open, Frame, Length);
    if (nbl == NULL) {
        SendIsBack(module, Open);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NdisFSendNetBufferLists(Open->AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return STATUS_SUCCESS;
}

/* CompleteSendNbl of the answer. */
static VOID SendIsBack(PFILTER_MODULE Module, PVOID Sender)
{
    BOOLEAN completePause = FALSE;

    UNREFERENCED_PARAMETER(Sender);
    NdisAcquireSpinLock(&Module->Lock);
    Module->OutstandingSends -= 1;
    if (Module->OutstandingSends == 0 && Module->PausePending) completePause = TRUE;
    NdisReleaseSpinLock(&Module->Lock);
    if (completePause) NdisFPauseComplete(Module->FilterHandle);
}

/* FilterPause of the answer. The gate is for the traffic of others, of which the answer does not speak. */
NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(PauseParameters);
    CloseGate(module);
    NdisAcquireSpinLock(&module->Lock);
    if (module->OutstandingSends > 0 || module->OutstandingReceives > 0) {
        module->PausePending = TRUE;
        status = NDIS_STATUS_PENDING;
    } else {
        status = NDIS_STATUS_SUCCESS;
    }
    NdisReleaseSpinLock(&module->Lock);
    return status;
}
