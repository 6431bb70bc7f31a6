/* Receives: our own, those that pass through, and the returns of both. */
#include "filter.h"

/* Indicates one chain of receives of our own; they come back through FilterReturnNetBufferLists. */
NTSTATUS OriginateReceives(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST chain;

    if (!BeginOriginating(Module, DirectionReceive, Count)) return STATUS_DEVICE_NOT_READY;
    chain = AllocateChain(Module, Count, Frame, Length);
    if (chain != NULL) IndicateOwn(Module, chain, Count, 0);
    else CountBack(Module, DirectionReceive, Count);
    EndOriginating(Module);
    return chain != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* The same with NDIS_RECEIVE_FLAGS_RESOURCES: they are ours again when the call returns, and no return will come: RO-03. */
NTSTATUS OriginateLowResourcesReceives(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length)
{
    PNET_BUFFER_LIST chain;

    if (!BeginOriginating(Module, DirectionReceive, Count)) return STATUS_DEVICE_NOT_READY;
    chain = AllocateChain(Module, Count, Frame, Length);
    if (chain != NULL) {
        IndicateOwn(Module, chain, Count, NDIS_RECEIVE_FLAGS_RESOURCES);
        ConsumeReceives(Module, chain);
    } else {
        CountBack(Module, DirectionReceive, Count);
    }
    EndOriginating(Module);
    return chain != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

VOID IndicateOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Count, ULONG Flags)
{
    IndicateUp(Module, Chain, NDIS_DEFAULT_PORT_NUMBER, Count, Flags);
}

/* Receives of our own are back. */
VOID ConsumeReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    CountBack(Module, DirectionReceive, FreeOwnChain(Chain));
}

VOID NTAPI FilterReceiveNetBufferLists(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, NDIS_PORT_NUMBER PortNumber,
                                       ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    PFILTER_MODULE module = FilterModuleContext;

    if (!EnterGate(module)) {
        DropReceives(module, NetBufferLists, ReceiveFlags);
        return;
    }
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags)) {
        PassLowResourcesUp(module, NetBufferLists, PortNumber, NumberOfNetBufferLists, ReceiveFlags);
    } else if (!HoldReceives(module, NetBufferLists)) {
        PassReceivesUp(module, NetBufferLists, PortNumber, NumberOfNetBufferLists, ReceiveFlags);
    }
    LeaveGate(module);
}

/* Not Running: nothing goes up (PAU-14). Returning from the handler is the return of a low-resources delivery. */
VOID DropReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG ReceiveFlags)
{
    if (NDIS_TEST_RECEIVE_CAN_PEND(ReceiveFlags)) ReturnDown(Module, Chain, ReturnFlagsOf(ReceiveFlags));
}

VOID PassReceivesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    ModifyAll(Module, Chain);
    IndicateUp(Module, Chain, Port, Count, Flags);
}

/* The NBLs are lent to us for the time of the call, and we lend them on for the time of ours; nothing of them is kept: RP-03. */
VOID PassLowResourcesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    ModifyAll(Module, Chain);
    IndicateUp(Module, Chain, Port, Count, Flags);
    RestoreAll(Module, Chain);
}

VOID IndicateUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    NdisFIndicateReceiveNetBufferLists(Module->FilterHandle, Chain, Port, Count, Flags);
}

VOID ReturnDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NdisFReturnNetBufferLists(Module->FilterHandle, Chain, Flags);
}

VOID NTAPI FilterReturnNetBufferLists(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    PFILTER_MODULE module = FilterModuleContext;
    NBL_QUEUE own, foreign;

    SplitByOwner(module, NetBufferLists, &own, &foreign);
    if (foreign.Head != NULL) ReturnForeignReceives(module, foreign.Head, ReturnFlags);
    if (own.Head != NULL) ConsumeReceives(module, own.Head);
}

/* In any state: what passed through goes back the way it came. */
VOID ReturnForeignReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    RestoreAll(Module, Chain);
    ReturnDown(Module, Chain, Flags);
}

ULONG ReturnFlagsOf(ULONG ReceiveFlags)
{
    return NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL(ReceiveFlags) ? NDIS_RETURN_FLAGS_DISPATCH_LEVEL : 0;
}
