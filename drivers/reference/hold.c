/* NBLs of others that we keep back when an application asked for it, and the cancellation of sends among them. */
#include "filter.h"

/* Returns TRUE when the chain was queued, FALSE when nobody asked to hold sends. */
BOOLEAN HoldSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    return Hold(Module, &Module->HoldingSends, &Module->HeldSends, Chain);
}

BOOLEAN HoldReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    return Hold(Module, &Module->HoldingReceives, &Module->HeldReceives, Chain);
}

/* The limit runs from the first NBL that is held: those that follow must not put it off. */
BOOLEAN Hold(PFILTER_MODULE Module, PBOOLEAN Holding, PNBL_QUEUE Held, PNET_BUFFER_LIST Chain)
{
    BOOLEAN holding, first;

    NdisAcquireSpinLock(&Module->Lock);
    holding = *Holding && MayHold(Module);
    first = Module->HeldSends.Head == NULL && Module->HeldReceives.Head == NULL;
    if (holding) QueueChain(Held, Chain);
    NdisReleaseSpinLock(&Module->Lock);
    if (holding && first) StartHoldLimit(Module);
    return holding;
}

/* With the lock held. The caller is inside the gate, so a pause that empties the queues waits for him: always. */
BOOLEAN MayHold(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
    return TRUE;
}

/* The layers above and below wait for what we hold, so it is not held for ever. */
VOID StartHoldLimit(PFILTER_MODULE Module)
{
    ArmTimer(Module, Module->HoldTimer, HOLD_LIMIT_MS);
}

PNET_BUFFER_LIST TakeHeldSends(PFILTER_MODULE Module)
{
    PNET_BUFFER_LIST chain;

    NdisAcquireSpinLock(&Module->Lock);
    chain = Module->HeldSends.Head;
    NdisZeroMemory(&Module->HeldSends, sizeof(Module->HeldSends));
    NdisReleaseSpinLock(&Module->Lock);
    return chain;
}

/* Takes only the sends with this cancel id; the others keep their order. */
PNET_BUFFER_LIST TakeHeldSendsOf(PFILTER_MODULE Module, PVOID CancelId)
{
    NBL_QUEUE taken = {0}, kept = {0};
    PNET_BUFFER_LIST nbl, next;

    NdisAcquireSpinLock(&Module->Lock);
    for (nbl = Module->HeldSends.Head; nbl != NULL; nbl = next) {
        next = NET_BUFFER_LIST_NEXT_NBL(nbl);
        QueueNbl(NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(nbl) == CancelId ? &taken : &kept, nbl);
    }
    Module->HeldSends = kept;
    NdisReleaseSpinLock(&Module->Lock);
    return taken.Head;
}

PNET_BUFFER_LIST TakeHeldReceives(PFILTER_MODULE Module, PULONG Count)
{
    PNET_BUFFER_LIST chain;

    NdisAcquireSpinLock(&Module->Lock);
    chain = Module->HeldReceives.Head;
    *Count = Module->HeldReceives.Count;
    NdisZeroMemory(&Module->HeldReceives, sizeof(Module->HeldReceives));
    NdisReleaseSpinLock(&Module->Lock);
    return chain;
}

/* Passes the held sends down. When the gate is closed the pause has them. */
VOID PassHeldSends(PFILTER_MODULE Module, ULONG Flags)
{
    PNET_BUFFER_LIST chain;

    if (!EnterGate(Module)) return;
    chain = TakeHeldSends(Module);
    if (chain != NULL) PassSendsDown(Module, chain, NDIS_DEFAULT_PORT_NUMBER, Flags);
    LeaveGate(Module);
}

VOID PassHeldReceives(PFILTER_MODULE Module, ULONG Flags)
{
    PNET_BUFFER_LIST chain;
    ULONG count;

    if (!EnterGate(Module)) return;
    chain = TakeHeldReceives(Module, &count);
    if (chain != NULL) PassReceivesUp(Module, chain, NDIS_DEFAULT_PORT_NUMBER, count, Flags);
    LeaveGate(Module);
}

/* FilterPause, with the gate closed: what is held goes back up (PAU-09). */
VOID RefuseHeldSends(PFILTER_MODULE Module)
{
    PNET_BUFFER_LIST chain = TakeHeldSends(Module);

    if (chain != NULL) RefuseSends(Module, chain, 0);
}

/* FilterPause, with the gate closed: what is held goes back down (PAU-10). */
VOID ReturnHeldReceives(PFILTER_MODULE Module)
{
    ULONG count;
    PNET_BUFFER_LIST chain = TakeHeldReceives(Module, &count);

    if (chain != NULL) ReturnDown(Module, chain, 0);
}

VOID NTAPI FilterCancelSendNetBufferLists(NDIS_HANDLE FilterModuleContext, PVOID CancelId)
{
    PFILTER_MODULE module = FilterModuleContext;

    AbortHeldSends(module, CancelId);
    PassCancelDown(module, CancelId);
}

/* What we still hold goes back up, aborted (CAN-01). When the gate is closed the pause is giving back all of it. */
VOID AbortHeldSends(PFILTER_MODULE Module, PVOID CancelId)
{
    PNET_BUFFER_LIST chain, nbl;

    if (!EnterGate(Module)) return;
    chain = TakeHeldSendsOf(Module, CancelId);
    for (nbl = chain; nbl != NULL; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SEND_ABORTED;
    if (chain != NULL) CompleteSendsUp(Module, chain, 0);
    LeaveGate(Module);
}

/* The drivers below may have sends with this id too: CAN-02. */
VOID PassCancelDown(PFILTER_MODULE Module, PVOID CancelId)
{
    NdisFCancelSendNetBufferLists(Module->FilterHandle, CancelId);
}
