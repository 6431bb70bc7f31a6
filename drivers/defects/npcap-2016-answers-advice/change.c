#include "../npcap-2016/answer.h"
#include "../npcap-2016/stale-handle.h"

static NTSTATUS NpfWrite(POPEN_INSTANCE Open, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST nbl;

    if (!BeginOriginating(Open->Module, DirectionSend, 1)) return STATUS_DEVICE_NOT_READY;
    nbl = AllocateFromOpen(Open, Open, Frame, Length);
    if (nbl == NULL) {
        CountBack(Open->Module, DirectionSend, 1);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NdisFSendNetBufferLists(Open->AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return STATUS_SUCCESS;
}

static VOID SendIsBack(PFILTER_MODULE Module, PVOID Sender)
{
    UNREFERENCED_PARAMETER(Sender);
    CountBack(Module, DirectionSend, 1);
}
