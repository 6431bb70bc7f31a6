/* Sends: our own, those that pass through, and the completions of both. */
#include "filter.h"

/* Originates sends, each in a call of its own. The IRP ends when NDIS has them; see device.c for why. */
NTSTATUS OriginateSends(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    NTSTATUS status = STATUS_SUCCESS;
    ULONG sent;

    for (sent = 0; sent < Count && NT_SUCCESS(status); sent += 1) {
        status = OriginateSendChain(Module, 1, Frame, Length, 0);
    }
    return status;
}

/* Originates one chain of sends: only through the gate, and counted before it is given away. */
NTSTATUS OriginateSendChain(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length, ULONG Flags)
{
    PNET_BUFFER_LIST chain;

    if (!BeginOriginating(Module, DirectionSend, Count)) return STATUS_DEVICE_NOT_READY;
    chain = AllocateChain(Module, Count, Frame, Length);
    if (chain != NULL) SendOwn(Module, chain, Flags);
    else CountBack(Module, DirectionSend, Count);
    EndOriginating(Module);
    return chain != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* From this call on the chain is not ours until it comes back: SO-03. */
VOID SendOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NdisFSendNetBufferLists(Module->FilterHandle, Chain, NDIS_DEFAULT_PORT_NUMBER, Flags);
}

/* Sends of our own are back. */
VOID ConsumeSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    CountBack(Module, DirectionSend, FreeOwnChain(Chain));
}

VOID NTAPI FilterSendNetBufferLists(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, NDIS_PORT_NUMBER PortNumber,
                                    ULONG SendFlags)
{
    PFILTER_MODULE module = FilterModuleContext;

    if (!EnterGate(module)) {
        RefuseSends(module, NetBufferList, SendFlags);
        return;
    }
    if (!HoldSends(module, NetBufferList)) PassSendsDown(module, NetBufferList, PortNumber, SendFlags);
    LeaveGate(module);
}

/* Not Running: every NBL goes back at once, with the status that says so: PAU-13. */
VOID RefuseSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG SendFlags)
{
    PNET_BUFFER_LIST nbl;

    for (nbl = Chain; nbl != NULL; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_PAUSED;
    CompleteSendsUp(Module, Chain, SendCompleteFlags(SendFlags));
}

VOID PassSendsDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    ModifyAll(Module, Chain);
    NdisFSendNetBufferLists(Module->FilterHandle, Chain, Port, Flags);
}

VOID CompleteSendsUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NdisFSendNetBufferListsComplete(Module->FilterHandle, Chain, Flags);
}

/* In any state. Foreign NBLs go first: when our own are counted back a pause may complete, and then the module is not ours. */
VOID NTAPI FilterSendNetBufferListsComplete(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    PFILTER_MODULE module = FilterModuleContext;
    NBL_QUEUE own, foreign;

    SplitByOwner(module, NetBufferList, &own, &foreign);
    if (foreign.Head != NULL) CompleteForeignSends(module, foreign.Head, SendCompleteFlags);
    if (own.Head != NULL) ConsumeSends(module, own.Head);
}

/* What passed through goes back the way it came. */
VOID CompleteForeignSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    RestoreAll(Module, Chain);
    CompleteSendsUp(Module, Chain, Flags);
}

ULONG SendCompleteFlags(ULONG SendFlags)
{
    return NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0;
}
