/* Requests come in and answers go out, a line each; at the end of the input everything goes back. */
#include "lwfio.h"
#include "winnettest.h"

#define MOST_UNDER_WAY 64
#define READ_BYTES 65536
/* How long what is under way may go on at the end of the input. */
#define LAST_ROUNDS 20
#define ROUND_MILLISECONDS 50

typedef struct {
    JSON_VALUE *Line;
    ULONGLONG Id;
    const OPERATION *Operation;
} TASK;

static volatile LONG underWay;

ULONGLONG Now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return (ULONGLONG)now.QuadPart;
}

BOOL IsWine(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    return ntdll != NULL && GetProcAddress(ntdll, "wine_get_version") != NULL;
}

/* Handles, and what they hold, go back with the process; a session of ETW does not. */
void End(UINT code)
{
    StopSession();
    ExitProcess(code);
}

void Fail(REQUEST *request, const char *words)
{
    if (request->Error.Length == 0) Add(&request->Error, words);
}

void FailWith(REQUEST *request, const char *words, ULONG error)
{
    if (request->Error.Length > 0) return;
    Add(&request->Error, words);
    Add(&request->Error, ": ");
    if (error == ERROR_ACCESS_DENIED) Add(&request->Error, "access is denied, run it as administrator");
    else Add(&request->Error, "Windows error "), AddNumber(&request->Error, error);
}

void FailWithStatus(REQUEST *request, const char *words, LONG status)
{
    if (request->Error.Length > 0) return;
    Add(&request->Error, words);
    Add(&request->Error, ": ");
    switch ((ULONG)status) {
    case 0xC0000022: Add(&request->Error, "access is denied, run it as administrator"); break;
    case 0xC0000034: Add(&request->Error, "there is no such device, the driver is not installed or not started"); break;
    case 0xC0000225: Add(&request->Error, "it is not there, or not any more"); break;
    default: Add(&request->Error, "NTSTATUS "), AddStatus(&request->Error, (ULONG)status);
    }
}

static void FailParameter(REQUEST *request, const char *key, const char *words)
{
    if (request->Error.Length > 0) return;
    Add(&request->Error, "\"");
    Add(&request->Error, key);
    Add(&request->Error, words);
}

BOOL TakeNumber(REQUEST *request, const char *key, ULONGLONG most, ULONGLONG *number)
{
    if (NumberOf(Member(request->Params, key), most, number)) return TRUE;
    FailParameter(request, key, "\" is a whole number");
    return FALSE;
}

BOOL TakeFlag(REQUEST *request, const char *key, BOOL *flag)
{
    if (FlagOf(Member(request->Params, key), flag)) return TRUE;
    FailParameter(request, key, "\" is true or false");
    return FALSE;
}

static void Info(REQUEST *request)
{
    TEXT_BUFFER *answer = &request->Answer;
    LARGE_INTEGER frequency;

    QueryPerformanceFrequency(&frequency);
    Add(answer, "{\"version\":\"1\",\"frequency\":");
    AddQuoted(answer, (ULONGLONG)frequency.QuadPart);
    Add(answer, IsWine() ? ",\"wine\":true" : ",\"wine\":false");
    Add(answer, HasDevice(FNMP_DEVICE) ? ",\"fnmp\":true" : ",\"fnmp\":false");
    Add(answer, HasDevice(FNLWF_DEVICE) ? ",\"fnlwf\":true}" : ",\"fnlwf\":false}");
}

static const OPERATION OwnOperations[] = {
    {"info", Info, FALSE},
    {NULL, NULL, FALSE},
};

static const OPERATION *FindOperation(const char *name)
{
    static const OPERATION *const tables[] = {OwnOperations, EtwOperations, FnmpOperations, FnlwfOperations, DriverOperations,
                                             PowerOperations};
    SIZE_T table;

    for (table = 0; table < sizeof(tables) / sizeof(tables[0]); table++) {
        const OPERATION *operation;

        for (operation = tables[table]; operation->Name != NULL; operation++)
            if (IsSame(operation->Name, name)) return operation;
    }
    return NULL;
}

static void Answer(ULONGLONG id, REQUEST *request)
{
    TEXT_BUFFER line = {0};

    Add(&line, "{\"id\":");
    AddNumber(&line, id);
    if (request->Error.Length > 0) {
        Add(&line, ",\"error\":");
        AddJsonString(&line, request->Error.Bytes);
    } else {
        Add(&line, ",\"answer\":");
        Add(&line, request->Answer.Length > 0 ? request->Answer.Bytes : "{}");
    }
    Add(&line, "}");
    WriteLine(&line);
    Clear(&request->Answer);
    Clear(&request->Error);
}

static DWORD WINAPI Run(void *parameter)
{
    TASK *task = parameter;
    REQUEST request;

    ZeroMemory(&request, sizeof(request));
    request.Params = Member(task->Line, "params");
    /* Wine has these functions, and they do nothing: what is seen there says nothing about Windows. */
    if (task->Operation->Run != Info && IsWine()) Fail(&request, "this is Wine and not Windows: nothing is judged here");
    else task->Operation->Run(&request);
    Answer(task->Id, &request);
    FreeJson(task->Line);
    Free(task);
    InterlockedDecrement(&underWay);
    return 0;
}

static void Refuse(JSON_VALUE *line, ULONGLONG id, const char *words)
{
    REQUEST request;

    ZeroMemory(&request, sizeof(request));
    Fail(&request, words);
    Answer(id, &request);
    FreeJson(line);
}

static void Begin(TASK *task)
{
    HANDLE thread;

    InterlockedIncrement(&underWay);
    if (!task->Operation->TakesTime) {
        Run(task);
        return;
    }
    thread = underWay > MOST_UNDER_WAY ? NULL : CreateThread(NULL, 0, Run, task, 0, NULL);
    if (thread != NULL) {
        CloseHandle(thread);
        return;
    }
    InterlockedDecrement(&underWay);
    Refuse(task->Line, task->Id, "too much is under way already");
    Free(task);
}

static void TakeLine(const char *bytes, SIZE_T length)
{
    JSON_VALUE *line = ParseJson(bytes, length);
    const JSON_VALUE *op = Member(line, "op");
    const OPERATION *operation;
    ULONGLONG id;
    TASK *task;

    if (!NumberOf(Member(line, "id"), MAXLONGLONG, &id)) {
        /* There is nobody to answer. */
        Complain("lwfio: a line is left out, as it is no request: {\"id\": number, \"op\": name, \"params\": {...}}");
        FreeJson(line);
        return;
    }
    operation = op != NULL && op->Type == JsonString ? FindOperation(op->Text) : NULL;
    if (operation == NULL) {
        Refuse(line, id, "there is no such operation");
        return;
    }
    task = Allocate(sizeof(*task));
    task->Line = line;
    task->Id = id;
    task->Operation = operation;
    Begin(task);
}

static void ReadLines(HANDLE input)
{
    char *line = Allocate(LONGEST_LINE + READ_BYTES);
    SIZE_T length = 0;
    DWORD count;

    while (ReadFile(input, line + length, READ_BYTES, &count, NULL) && count > 0) {
        SIZE_T begin = 0;
        SIZE_T at;

        for (at = length; at < length + count; at++) {
            if (line[at] != '\n') continue;
            if (at > begin) TakeLine(line + begin, at - begin);
            begin = at + 1;
        }
        length += count - begin;
        memmove(line, line + begin, length);
        if (length > LONGEST_LINE) {
            Complain("lwfio: a line is longer than 1 MiB.");
            End(2);
        }
    }
}

void Main(void)
{
    TEXT_BUFFER ready = {0};
    int round;

    StayAwake();
    Add(&ready, "{\"ready\":\"lwfio/1\"}");
    WriteLine(&ready);
    ReadLines(GetStdHandle(STD_INPUT_HANDLE));
    for (round = 0; round < LAST_ROUNDS && underWay > 0; round++) Sleep(ROUND_MILLISECONDS);
    End(0);
}
