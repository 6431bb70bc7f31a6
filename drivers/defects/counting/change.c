#include "reference-original.h"

typedef struct _COUNTING_MODULE {
    FILTER_MODULE Module;
    /* Set by FilterRestart, cleared by FilterPause: always, whether anything is outstanding or not. */
    BOOLEAN Flowing;
    /* Threads that are passing data through at this moment. */
    LONG Inside;
} COUNTING_MODULE, *PCOUNTING_MODULE;

UINT ModuleSize(VOID)
{
    return sizeof(COUNTING_MODULE);
}

static VOID SetFlowing(PFILTER_MODULE Module, BOOLEAN Flowing)
{
    NdisAcquireSpinLock(&Module->Lock);
    ((PCOUNTING_MODULE)Module)->Flowing = Flowing;
    NdisReleaseSpinLock(&Module->Lock);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    SetFlowing(Module, TRUE);
}

/* Waits for nobody: those inside are counted, and FinishPause sees the count. */
VOID CloseGate(PFILTER_MODULE Module)
{
    SetFlowing(Module, FALSE);
}

BOOLEAN EnterGate(PFILTER_MODULE Module)
{
    PCOUNTING_MODULE counting = (PCOUNTING_MODULE)Module;
    BOOLEAN entered;

    NdisAcquireSpinLock(&Module->Lock);
    entered = counting->Flowing;
    if (entered) counting->Inside += 1;
    NdisReleaseSpinLock(&Module->Lock);
    return entered;
}

VOID LeaveGate(PFILTER_MODULE Module)
{
    NDIS_HANDLE filterHandle = Module->FilterHandle;
    BOOLEAN pauseIsOver;

    NdisAcquireSpinLock(&Module->Lock);
    ((PCOUNTING_MODULE)Module)->Inside -= 1;
    pauseIsOver = TakePendingPause(Module);
    NdisReleaseSpinLock(&Module->Lock);
    if (pauseIsOver) NdisFPauseComplete(filterHandle);
}

/* The question and the count are one step under the lock. The NBLs themselves now keep the pause from completing. */
BOOLEAN BeginOriginating(PFILTER_MODULE Module, DIRECTION Direction, LONG Count)
{
    BOOLEAN allowed;

    NdisAcquireSpinLock(&Module->Lock);
    allowed = ((PCOUNTING_MODULE)Module)->Flowing && !Module->LowPower;
    if (allowed && Direction == DirectionSend) Module->OutstandingSends += Count;
    if (allowed && Direction == DirectionReceive) Module->OutstandingReceives += Count;
    NdisReleaseSpinLock(&Module->Lock);
    return allowed;
}

/* Nothing to give back: the count goes down when the NBLs come back. */
VOID EndOriginating(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

BOOLEAN NothingOutstanding(PFILTER_MODULE Module)
{
    return OriginalNothingOutstanding(Module) && ((PCOUNTING_MODULE)Module)->Inside == 0;
}

/* Nothing is queued behind the back of a pause that has already emptied the queues: the thread that is inside passes it on. */
BOOLEAN MayHold(PFILTER_MODULE Module)
{
    return ((PCOUNTING_MODULE)Module)->Flowing;
}
