/* To know that everything has been seen: markers that are written now come back when everything before them has come. */
#include "etw.h"

#define ROUND_MILLISECONDS 1000
#define MOST_ROUNDS 10

const GUID MarkerProvider = {0x4d7c2f10, 0x6b0e, 0x4a53, {0x9e, 0x21, 0x8f, 0x3b, 0x52, 0xd4, 0x77, 0x0c}};

static SRWLOCK flushLock = SRWLOCK_INIT;

/* Each processor has buffers of its own, in which events keep their order: when one marker of each is back, all before them are. */
static ULONG WriteMarkers(ULONGLONG flush)
{
    EVENT_DESCRIPTOR descriptor = {1, 0, 0, TRACE_LEVEL_INFORMATION, 0, 0, 1};
    WORD groups = GetActiveProcessorGroupCount();
    ULONG error = ERROR_SUCCESS;
    GROUP_AFFINITY before;
    WORD group;
    DWORD processor;

    ZeroMemory(&before, sizeof(before));
    for (group = 0; group < groups && error == ERROR_SUCCESS; group++) {
        for (processor = 0; processor < GetActiveProcessorCount(group) && error == ERROR_SUCCESS; processor++) {
            GROUP_AFFINITY affinity;
            EVENT_DATA_DESCRIPTOR data;

            ZeroMemory(&affinity, sizeof(affinity));
            affinity.Group = group;
            affinity.Mask = (KAFFINITY)1 << processor;
            if (!SetThreadGroupAffinity(GetCurrentThread(), &affinity, before.Mask == 0 ? &before : NULL)) {
                error = GetLastError();
                break;
            }
            EventDataDescCreate(&data, &flush, sizeof(flush));
            error = EventWrite(Etw.Marker, &descriptor, 1, &data);
        }
    }
    if (before.Mask != 0) SetThreadGroupAffinity(GetCurrentThread(), &before, NULL);
    return error;
}

/*
 * With a timeout it is waited until they have answered, which is before any marker is written. One that is not registered answers nothing, and
 * that is no failure: whoever reads the events sees who has answered.
 * https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-enabletraceex2
 */
static BOOL AskForStates(REQUEST *request)
{
    ULONG at;

    for (at = 0; at < Etw.AskedCount; at++) {
        const PROVIDER *provider = &Etw.Asked[at];
        ULONG error = EnableTraceEx2(Etw.Session, &provider->Id, EVENT_CONTROL_CODE_CAPTURE_STATE, provider->Level, provider->Keywords, 0,
                                     ENABLE_MILLISECONDS, NULL);

        if (error == ERROR_TIMEOUT) {
            FailWith(request, "a provider does not answer who asks for its state", error);
            return FALSE;
        }
    }
    return TRUE;
}

static LONG CountProcessors(void)
{
    LONG count = 0;
    WORD group;

    for (group = 0; group < GetActiveProcessorGroupCount(); group++) count += (LONG)GetActiveProcessorCount(group);
    return count;
}

static BOOL WaitForMarkers(void)
{
    PROPERTIES *properties = Allocate(sizeof(*properties));
    BOOL isBack = FALSE;
    int round;

    for (round = 0; round < MOST_ROUNDS && !isBack; round++) {
        ControlSession(Etw.Name, EVENT_TRACE_CONTROL_FLUSH, properties);
        isBack = WaitForSingleObject(Etw.IsFlushed, ROUND_MILLISECONDS) == WAIT_OBJECT_0;
    }
    Free(properties);
    return isBack;
}

static void FlushSession(REQUEST *request)
{
    ULONGLONG t = Now();
    ULONGLONG lost;
    ULONG error;

    if (!AskForStates(request)) return;
    /* Before they are written, so that late markers of an earlier flushing do not count. */
    Etw.Flush++;
    Etw.Missing = CountProcessors();
    ResetEvent(Etw.IsFlushed);
    error = WriteMarkers(Etw.Flush);
    if (error != ERROR_SUCCESS) {
        FailWith(request, "a marker cannot be written", error);
    } else if (!WaitForMarkers()) {
        Fail(request, "markers have not come back within 10 s: events may have been lost, or come late");
    } else {
        error = LostInSession(&lost);
        if (error != ERROR_SUCCESS) FailWith(request, "the session of ETW has ended", error);
        Add(&request->Answer, "{\"t\":");
        AddQuoted(&request->Answer, t);
        Add(&request->Answer, ",\"lost\":");
        AddNumber(&request->Answer, lost);
        Add(&request->Answer, "}");
    }
}

/* One at a time; the session does not end meanwhile. */
void FlushOnRequest(REQUEST *request)
{
    AcquireSRWLockExclusive(&flushLock);
    AcquireSRWLockShared(&SessionLock);
    if (Etw.IsOn) FlushSession(request);
    else Fail(request, "there is no session");
    ReleaseSRWLockShared(&SessionLock);
    ReleaseSRWLockExclusive(&flushLock);
}
