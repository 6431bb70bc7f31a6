#include "reference-original.h"

BOOLEAN ArmTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer, LONG DueMs)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL * DueMs;
    if (Timer != NULL) NdisSetTimerObject(Timer, due, 0, Module);
    return TRUE;
}

VOID CancelTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer)
{
    UNREFERENCED_PARAMETER(Module);
    if (Timer != NULL) NdisCancelTimerObject(Timer);
}

VOID FreeTimers(PFILTER_MODULE Module)
{
    if (Module->SendTimer != NULL) NdisFreeTimerObject(Module->SendTimer);
    if (Module->StatusTimer != NULL) NdisFreeTimerObject(Module->StatusTimer);
    if (Module->HoldTimer != NULL) NdisFreeTimerObject(Module->HoldTimer);
}

VOID NTAPI SendFromTimer(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    OriginateSendChain(FunctionContext, 1, NULL, 0, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}

VOID NTAPI StatusFromTimer(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    OriginateStatus(FunctionContext);
}

VOID NTAPI ReleaseOverdue(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    PassHeldSends(FunctionContext, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    PassHeldReceives(FunctionContext, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
}
