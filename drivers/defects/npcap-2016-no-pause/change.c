#include "../npcap-2016/no-gate.h"
#include "../npcap-2016/stale-handle.h"

static NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST nbl = AllocateFromOpen(Open, Open, Frame, Length);

    if (nbl == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    NdisFSendNetBufferLists(Open->AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return STATUS_SUCCESS;
}

static VOID SendIsBack(PFILTER_MODULE Module, PVOID Sender)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(Sender);
}

NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
    UNREFERENCED_PARAMETER(PauseParameters);
    return NDIS_STATUS_SUCCESS;
}
