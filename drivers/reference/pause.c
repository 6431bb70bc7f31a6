/* FilterPause and FilterRestart. NDIS never runs two lifecycle handlers of one module at a time, so State needs no lock here. */
#include "filter.h"

/*
 * Closes the gate first, so that nothing new can begin (PAU-05); then gives back what is held (PAU-09, PAU-10); then says whether NBLs of our own
 * are still out. If so, the pause pends, and the last of them to come back completes it. It cannot fail and allocates nothing.
 */
NDIS_STATUS NTAPI FilterPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    PFILTER_MODULE module = FilterModuleContext;

    UNREFERENCED_PARAMETER(PauseParameters);

    module->State = ModulePausing;
    CloseGate(module);
    RefuseHeldSends(module);
    ReturnHeldReceives(module);
    return FinishPause(module);
}

/* The question and the promise are one step under the lock: an NBL that comes back now finds either none or both. */
NDIS_STATUS FinishPause(PFILTER_MODULE Module)
{
    NDIS_STATUS status;

    NdisAcquireSpinLock(&Module->Lock);
    Module->PausePending = !NothingOutstanding(Module);
    status = Module->PausePending ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
    if (!Module->PausePending) Module->State = ModulePaused;
    NdisReleaseSpinLock(&Module->Lock);
    return status;
}

/*
 * Prepares everything that can fail, then opens the gate as its last act (RST-13). Nothing of the time before the pause is left:
 * the counts are at zero, the queues are empty.
 */
NDIS_STATUS NTAPI FilterRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_STATUS status;

    module->State = ModuleRestarting;
    status = PrepareEpoch(module, RestartParameters);
    if (status != NDIS_STATUS_SUCCESS) {
        module->State = ModulePaused;
        return status;
    }
    module->State = ModuleRunning;
    OpenGate(module);
    return NDIS_STATUS_SUCCESS;
}

static ULONG MtuOf(PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    PNDIS_RESTART_ATTRIBUTES attributes;

    for (attributes = Parameters->RestartAttributes; attributes != NULL; attributes = attributes->Next) {
        if (attributes->Oid == OID_GEN_MINIPORT_RESTART_ATTRIBUTES) {
            return ((PNDIS_RESTART_GENERAL_ATTRIBUTES)attributes->Data)->MtuSize;
        }
    }
    return DEFAULT_MTU;
}

/* The stack below may have changed while we were paused: the frame template follows its MTU. */
NDIS_STATUS PrepareEpoch(PFILTER_MODULE Module, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    ULONG length = max(MtuOf(Parameters), DEFAULT_FRAME_LENGTH);
    PUCHAR frame;

    if (Module->Frame != NULL && Module->FrameLength == length) return NDIS_STATUS_SUCCESS;
    frame = NdisAllocateMemoryWithTagPriority(Module->FilterHandle, length, TAG_FRAME, NormalPoolPriority);
    if (frame == NULL) return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(frame, length);
    NdisFillMemory(frame, 6, 0xFF);
    frame[12] = 0x88;
    frame[13] = 0xB5;
    if (Module->Frame != NULL) NdisFreeMemory(Module->Frame, 0, 0);
    Module->Frame = frame;
    Module->FrameLength = length;
    return NDIS_STATUS_SUCCESS;
}
