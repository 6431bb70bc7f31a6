/* The session of ETW, between those who begin and end it, hand out its events, and wait for them. */
#pragma once
#include "lwfio.h"
#include <evntrace.h>
#include <evntcons.h>
#include <evntprov.h>

#define LONGEST_NAME 128
#define MOST_PROVIDERS 8
#define ENABLE_MILLISECONDS 5000

extern const GUID MarkerProvider;

typedef struct {
    EVENT_TRACE_PROPERTIES Properties;
    WCHAR Name[LONGEST_NAME + 1];
} PROPERTIES;

typedef struct {
    GUID Id;
    UCHAR Level;
    ULONGLONG Keywords;
} PROVIDER;

/* There is one session at a time. */
typedef struct {
    BOOL IsOn;
    TRACEHANDLE Session;
    TRACEHANDLE Consumer;
    REGHANDLE Marker;
    HANDLE Thread;
    WCHAR Name[LONGEST_NAME + 1];
    /* By it a session of this process is told from one of the same name that another process has begun since. */
    GUID Id;
    /* Those who are asked for their state at each flush. */
    PROVIDER Asked[MOST_PROVIDERS];
    ULONG AskedCount;
    /* Flushing number `Flush` waits until `Missing` markers are back. */
    ULONGLONG Flush;
    volatile LONG Missing;
    HANDLE IsFlushed;
    /* Events of ETW that tell of losses. */
    volatile LONG LostNotices;
    ULONGLONG MostLost;
} SESSION;

extern SESSION Etw;
/* Shared by whoever uses the session, owned by whoever begins or ends it. */
extern SRWLOCK SessionLock;

/* EVENT_TRACE_CONTROL_QUERY, _FLUSH or _STOP; properties become what ETW says of the session. */
ULONG ControlSession(const WCHAR *name, ULONG code, PROPERTIES *properties);
/* Events and buffers since the session began. @returns Windows' error when ETW knows the session no more */
ULONG LostInSession(ULONGLONG *lost);
/* Called by ETW for every event. */
void WINAPI TakeEvent(PEVENT_RECORD record);
/* etw.flush */
void FlushOnRequest(REQUEST *request);
