/*
 * Who may move data, and what is still out. Two things keep a pause honest: a rundown reference is held by every thread that is moving
 * data at this moment, and a count tells how many NBLs of our own are with others.
 */
#include "filter.h"

/* Returns TRUE when the module is Running; LeaveGate must follow. */
BOOLEAN EnterGate(PFILTER_MODULE Module)
{
    return ExAcquireRundownProtection(&Module->Gate);
}

VOID LeaveGate(PFILTER_MODULE Module)
{
    ExReleaseRundownProtection(&Module->Gate);
}

/* Nobody enters any more; returns when the last one inside has left. PASSIVE_LEVEL, no lock held: PAU-20. */
VOID CloseGate(PFILTER_MODULE Module)
{
    ExWaitForRundownProtectionRelease(&Module->Gate);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    ExReInitializeRundownProtection(&Module->Gate);
}

/* Asks to originate NBLs, and counts them before the gate can close behind us. Returns FALSE when the module is not Running or sleeps. */
BOOLEAN BeginOriginating(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    if (!EnterGate(Module)) return FALSE;
    if (Module->LowPower) {
        LeaveGate(Module);
        return FALSE;
    }
    CountOut(Module, Direction, Count);
    return TRUE;
}

VOID EndOriginating(PFILTER_MODULE Module)
{
    LeaveGate(Module);
}

VOID CountOut(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    NdisAcquireSpinLock(&Module->Lock);
    if (Direction == DirectionSend) Module->OutstandingSends += Count;
    else Module->OutstandingReceives += Count;
    NdisReleaseSpinLock(&Module->Lock);
}

/* NBLs of our own are back. The last one completes a pause that waits for it, so touch nothing of the module afterwards: PAU-02. */
VOID CountBack(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    NDIS_HANDLE filterHandle = Module->FilterHandle;
    BOOLEAN pauseIsOver;

    NdisAcquireSpinLock(&Module->Lock);
    if (Direction == DirectionSend) Module->OutstandingSends -= Count;
    else Module->OutstandingReceives -= Count;
    pauseIsOver = TakePendingPause(Module);
    NdisReleaseSpinLock(&Module->Lock);
    if (pauseIsOver) NdisFPauseComplete(filterHandle);
}

/* With the lock held. Returns TRUE once for each pending pause, when nothing is out any more: the caller completes it. */
BOOLEAN TakePendingPause(PFILTER_MODULE Module)
{
    if (!Module->PausePending || !NothingOutstanding(Module)) return FALSE;
    Module->PausePending = FALSE;
    Module->State = ModulePaused;
    return TRUE;
}

/* Sends and receives: PAU-11, PAU-12. */
BOOLEAN NothingOutstanding(PFILTER_MODULE Module)
{
    return Module->OutstandingSends == 0 && Module->OutstandingReceives == 0;
}
