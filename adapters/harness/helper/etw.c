/*
 * A real-time session of ETW: events go out as they come in, undecoded, with the performance counter as their clock. What ETW loses is told.
 * https://learn.microsoft.com/windows/win32/etw/event-tracing-portal
 */
#include "etw.h"

/* Of one buffer, and how many: the machine is a test machine, and a lost event costs a scenario. They are not paged, so that a dump has them. */
#define BUFFER_KILOBYTES 256
#define FEWEST_BUFFERS 32
#define MOST_BUFFERS 256
#define LAST_EVENTS_MILLISECONDS 10000
#define QPC_CLOCK 1

SRWLOCK SessionLock = SRWLOCK_INIT;
SESSION Etw;

static void Prepare(PROPERTIES *properties)
{
    EVENT_TRACE_PROPERTIES *head = &properties->Properties;

    ZeroMemory(properties, sizeof(*properties));
    head->Wnode.BufferSize = sizeof(*properties);
    head->Wnode.Flags = WNODE_FLAG_TRACED_GUID;
    head->Wnode.ClientContext = QPC_CLOCK;
    head->BufferSize = BUFFER_KILOBYTES;
    head->MinimumBuffers = FEWEST_BUFFERS;
    head->MaximumBuffers = MOST_BUFFERS;
    head->LogFileMode = EVENT_TRACE_REAL_TIME_MODE;
    head->FlushTimer = 1;
    head->LoggerNameOffset = FIELD_OFFSET(PROPERTIES, Name);
}

ULONG ControlSession(const WCHAR *name, ULONG code, PROPERTIES *properties)
{
    Prepare(properties);
    return ControlTraceW(0, name, &properties->Properties, code);
}

/* https://learn.microsoft.com/windows/win32/etw/wnode-header: no two sessions have the same one. No two begin at the same tick. */
static GUID NewId(void)
{
    GUID id;
    ULONGLONG now = Now();

    id.Data1 = 0x6C776669;
    id.Data2 = 0x6F00;
    id.Data3 = 0x4000;
    CopyMemory(id.Data4, &now, sizeof(id.Data4));
    return id;
}

static BOOL IsAnothers(const PROPERTIES *properties)
{
    static const GUID none;
    const GUID *id = &properties->Properties.Wnode.Guid;

    return !IsEqualGUID(id, &none) && !IsEqualGUID(id, &Etw.Id);
}

/* The next agent on the machine begins a session of the same name, and may do so before this process has ended: that one is left alone. */
static ULONG ControlOwn(ULONG code, PROPERTIES *properties)
{
    ULONG error = ControlSession(Etw.Name, EVENT_TRACE_CONTROL_QUERY, properties);

    if (error == ERROR_SUCCESS && IsAnothers(properties)) {
        Prepare(properties);
        return ERROR_WMI_INSTANCE_NOT_FOUND;
    }
    if (error != ERROR_SUCCESS || code == EVENT_TRACE_CONTROL_QUERY) return error;
    return ControlSession(Etw.Name, code, properties);
}

/* The most that was ever said: properties of a session that is gone say nothing. */
static ULONGLONG LostIn(const PROPERTIES *properties)
{
    ULONGLONG counted = (ULONGLONG)properties->Properties.EventsLost + properties->Properties.RealTimeBuffersLost;

    counted = max(counted, (ULONGLONG)Etw.LostNotices);
    Etw.MostLost = max(Etw.MostLost, counted);
    return Etw.MostLost;
}

/* A session that somebody else has ended has lost everything since, which nobody has counted. */
ULONG LostInSession(ULONGLONG *lost)
{
    PROPERTIES *properties = Allocate(sizeof(*properties));
    ULONG error = ControlOwn(EVENT_TRACE_CONTROL_QUERY, properties);

    *lost = LostIn(properties);
    Free(properties);
    return error;
}

static DWORD WINAPI Consume(void *unused)
{
    UNREFERENCED_PARAMETER(unused);
    return ProcessTrace(&Etw.Consumer, 1, NULL, NULL);
}

static ULONG Stop(ULONGLONG *lost)
{
    PROPERTIES *properties = Allocate(sizeof(*properties));
    ULONG error = ControlOwn(EVENT_TRACE_CONTROL_STOP, properties);

    Etw.IsOn = FALSE;
    /* What is still in buffers comes before it ends. */
    if (Etw.Thread != NULL) {
        WaitForSingleObject(Etw.Thread, LAST_EVENTS_MILLISECONDS);
        CloseHandle(Etw.Thread);
    }
    *lost = LostIn(properties);
    Free(properties);
    if (Etw.Consumer != INVALID_PROCESSTRACE_HANDLE) CloseTrace(Etw.Consumer);
    if (Etw.Marker != 0) EventUnregister(Etw.Marker);
    if (Etw.IsFlushed != NULL) CloseHandle(Etw.IsFlushed);
    return error;
}

/* At the end of the process, whatever it is busy with: a session outlives the one who began it. */
void StopSession(void)
{
    PROPERTIES *properties;

    if (!Etw.IsOn) return;
    properties = HeapAlloc(GetProcessHeap(), 0, sizeof(*properties));
    if (properties != NULL) ControlOwn(EVENT_TRACE_CONTROL_STOP, properties);
}

static BOOL TakeName(REQUEST *request)
{
    const JSON_VALUE *name = Member(request->Params, "session");
    SIZE_T at;

    if (name != NULL && name->Type == JsonString && LengthOf(name->Text) > 0 && LengthOf(name->Text) <= LONGEST_NAME) {
        for (at = 0; name->Text[at] > 0x20 && name->Text[at] < 0x7F; at++) Etw.Name[at] = (WCHAR)name->Text[at];
        Etw.Name[at] = 0;
        if (name->Text[at] == 0) return TRUE;
    }
    Fail(request, "\"session\" is a name of 1 to 128 printable ASCII characters without spaces");
    return FALSE;
}

static BOOL Enable(REQUEST *request, const PROVIDER *provider, ULONG timeout)
{
    ULONG error = EnableTraceEx2(Etw.Session, &provider->Id, EVENT_CONTROL_CODE_ENABLE_PROVIDER, provider->Level, provider->Keywords, 0,
                                 timeout, NULL);

    if (error != ERROR_SUCCESS) FailWith(request, "a provider cannot be enabled", error);
    return error == ERROR_SUCCESS;
}

static BOOL EnableProviders(REQUEST *request)
{
    const JSON_VALUE *providers = Member(request->Params, "providers");
    const JSON_VALUE *provider;
    int count = 0;

    if (providers == NULL || providers->Type != JsonArray) {
        Fail(request, "\"providers\" is a list of {guid, level, keywords, captureState}");
        return FALSE;
    }
    for (provider = providers->First; provider != NULL; provider = provider->Next) {
        PROVIDER one;
        ULONGLONG level;
        BOOL isAsked;

        count++;
        if (count > MOST_PROVIDERS || !GuidOf(Member(provider, "guid"), &one.Id) ||
            !NumberOf(Member(provider, "level"), 255, &level) || !MaskOf(Member(provider, "keywords"), &one.Keywords) ||
            !FlagOf(Member(provider, "captureState"), &isAsked)) {
            Fail(request, "\"providers\" has up to 8 of {guid: \"{...}\", level: number, keywords: \"0x...\", captureState: true or false}");
            return FALSE;
        }
        one.Level = (UCHAR)level;
        if (!Enable(request, &one, 0)) return FALSE;
        if (isAsked) Etw.Asked[Etw.AskedCount++] = one;
    }
    return TRUE;
}

static BOOL BeginSession(REQUEST *request)
{
    PROPERTIES *properties = Allocate(sizeof(*properties));
    ULONG error;

    Etw.Id = NewId();
    Prepare(properties);
    properties->Properties.Wnode.Guid = Etw.Id;
    error = StartTraceW(&Etw.Session, Etw.Name, &properties->Properties);
    if (error == ERROR_ALREADY_EXISTS) {
        ControlSession(Etw.Name, EVENT_TRACE_CONTROL_STOP, properties);
        Prepare(properties);
        properties->Properties.Wnode.Guid = Etw.Id;
        error = StartTraceW(&Etw.Session, Etw.Name, &properties->Properties);
    }
    Free(properties);
    if (error != ERROR_SUCCESS) FailWith(request, "no session of ETW can be begun", error);
    return error == ERROR_SUCCESS;
}

static BOOL BeginConsumer(REQUEST *request)
{
    EVENT_TRACE_LOGFILEW log;

    ZeroMemory(&log, sizeof(log));
    log.LoggerName = Etw.Name;
    log.ProcessTraceMode = PROCESS_TRACE_MODE_REAL_TIME | PROCESS_TRACE_MODE_EVENT_RECORD | PROCESS_TRACE_MODE_RAW_TIMESTAMP;
    log.EventRecordCallback = TakeEvent;
    Etw.Consumer = OpenTraceW(&log);
    if (Etw.Consumer == INVALID_PROCESSTRACE_HANDLE) {
        FailWith(request, "the session of ETW cannot be listened to", GetLastError());
        return FALSE;
    }
    Etw.Thread = CreateThread(NULL, 0, Consume, NULL, 0, NULL);
    if (Etw.Thread == NULL) FailWith(request, "no thread can be begun", GetLastError());
    return Etw.Thread != NULL;
}

static BOOL BeginMarker(REQUEST *request)
{
    const PROVIDER marker = {MarkerProvider, TRACE_LEVEL_INFORMATION, 1};
    ULONG error = EventRegister(&MarkerProvider, NULL, NULL, &Etw.Marker);

    if (error != ERROR_SUCCESS) FailWith(request, "the provider of markers cannot be registered", error);
    return error == ERROR_SUCCESS && Enable(request, &marker, ENABLE_MILLISECONDS);
}

static void Start(REQUEST *request)
{
    ULONGLONG t = Now();
    ULONGLONG lost;

    if (Etw.IsOn) {
        Fail(request, "there is a session already: stop it first");
        return;
    }
    ZeroMemory(&Etw, sizeof(Etw));
    Etw.Consumer = INVALID_PROCESSTRACE_HANDLE;
    if (!TakeName(request) || !BeginSession(request)) return;
    Etw.IsOn = TRUE;
    Etw.IsFlushed = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!BeginConsumer(request) || !BeginMarker(request) || !EnableProviders(request)) {
        Stop(&lost);
        return;
    }
    Add(&request->Answer, "{\"t\":");
    AddQuoted(&request->Answer, t);
    Add(&request->Answer, "}");
}

static void StartSession(REQUEST *request)
{
    AcquireSRWLockExclusive(&SessionLock);
    Start(request);
    ReleaseSRWLockExclusive(&SessionLock);
}

/* Nothing is lost without a session. Of one that somebody else has ended, nobody knows how much was. */
static void StopOnRequest(REQUEST *request)
{
    ULONGLONG lost = 0;

    AcquireSRWLockExclusive(&SessionLock);
    if (Etw.IsOn && Stop(&lost) != ERROR_SUCCESS) lost++;
    ReleaseSRWLockExclusive(&SessionLock);
    Add(&request->Answer, "{\"lost\":");
    AddNumber(&request->Answer, lost);
    Add(&request->Answer, "}");
}

const OPERATION EtwOperations[] = {
    {"etw.start", StartSession, TRUE},
    {"etw.stop", StopOnRequest, TRUE},
    {"etw.flush", FlushOnRequest, TRUE},
    {NULL, NULL, FALSE},
};
