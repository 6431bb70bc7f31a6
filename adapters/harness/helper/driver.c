/* Handles on the driver under test. Each request has a thread, which waits until it has come back, and tells of it. */
#include "driver.h"
#include "winnettest.h"

#define MOST_HANDLES 32
#define MOST_REQUESTS 64
/* STATUS_NOT_FOUND */
#define NOTHING_TO_CANCEL ((LONG)0xC0000225)

/* Not in the headers of user mode. */
NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context, PIO_STATUS_BLOCK io, PVOID buffer,
                          ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context, PIO_STATUS_BLOCK io, PVOID buffer,
                           ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtCancelIoFileEx(HANDLE file, PIO_STATUS_BLOCK which, PIO_STATUS_BLOCK io);

static SRWLOCK tableLock = SRWLOCK_INIT;
static OPENED *table[MOST_HANDLES];
static LONG underWay;

static void Release(OPENED *opened)
{
    if (InterlockedDecrement(&opened->Users) == 0) Free(opened);
}

/* One that has a file. */
static OPENED *Find(REQUEST *request)
{
    OPENED *opened = NULL;
    ULONGLONG number;
    int at;

    if (!TakeNumber(request, "handle", MAXDWORD, &number)) return NULL;
    AcquireSRWLockExclusive(&tableLock);
    for (at = 0; at < MOST_HANDLES && opened == NULL; at++) {
        if (table[at] == NULL || table[at]->Number != number || table[at]->File == NULL) continue;
        opened = table[at];
        InterlockedIncrement(&opened->Users);
    }
    ReleaseSRWLockExclusive(&tableLock);
    if (opened == NULL) Fail(request, "there is no such handle");
    return opened;
}

/* A place for a handle that is about to be opened. */
static OPENED *Reserve(REQUEST *request)
{
    OPENED *opened;
    ULONGLONG number;
    int place = MOST_HANDLES;
    BOOL isTaken = FALSE;
    int at;

    if (!TakeNumber(request, "handle", MAXDWORD, &number)) return NULL;
    opened = Allocate(sizeof(*opened));
    opened->Number = number;
    opened->Users = 2;
    AcquireSRWLockExclusive(&tableLock);
    for (at = 0; at < MOST_HANDLES; at++) {
        if (table[at] == NULL) place = at;
        else if (table[at]->Number == number) isTaken = TRUE;
    }
    if (!isTaken && place < MOST_HANDLES) table[place] = opened;
    ReleaseSRWLockExclusive(&tableLock);
    if (!isTaken && place < MOST_HANDLES) return opened;
    Fail(request, isTaken ? "there is a handle of that number" : "32 handles are open already");
    Free(opened);
    return NULL;
}

/* @returns FALSE when somebody else has taken it out of the table */
static BOOL Forget(OPENED *opened)
{
    int at;

    AcquireSRWLockExclusive(&tableLock);
    for (at = 0; at < MOST_HANDLES && table[at] != opened; at++);
    if (at < MOST_HANDLES) table[at] = NULL;
    ReleaseSRWLockExclusive(&tableLock);
    if (at < MOST_HANDLES) Release(opened);
    return at < MOST_HANDLES;
}

static LONG Open(PUT *put, IO_STATUS_BLOCK *io)
{
    HANDLE file = NULL;
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES attributes;
    USHORT length = 0;
    LONG status;

    while (put->Path[length] != 0) length++;
    path.Buffer = put->Path;
    path.Length = (USHORT)(length * sizeof(WCHAR));
    path.MaximumLength = path.Length;
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtCreateFile(&file, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, io, NULL, FILE_ATTRIBUTE_NORMAL,
                          FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN,
                          FILE_NON_DIRECTORY_FILE | (put->IsSynchronous ? FILE_SYNCHRONOUS_IO_NONALERT : 0), put->Attribute,
                          put->AttributeSize);
    if (status == 0) {
        AcquireSRWLockExclusive(&tableLock);
        put->On->File = file;
        ReleaseSRWLockExclusive(&tableLock);
        return status;
    }
    /* With anything but success nobody has a handle. */
    if (NT_SUCCESS(status)) NtClose(file);
    Forget(put->On);
    return status;
}

static LONG Close(PUT *put)
{
    if (!Forget(put->On)) return (LONG)0xC0000008;
    /*
     * What was accepted before has its thread by now, which is at its call: only there could another file that gets the same number from
     * Windows be taken for this one. It cannot be waited for, since a driver may keep whoever calls it.
     */
    while (put->On->Entering > 0) Sleep(1);
    return NtClose(put->On->File);
}

static LONG Transfer(PUT *put, IO_STATUS_BLOCK *io)
{
    HANDLE file = put->On->File;
    HANDLE done = CreateEventW(NULL, TRUE, FALSE, NULL);
    /* Handles for overlapped requests have no place of their own. */
    LARGE_INTEGER offset;
    LONG status;

    offset.QuadPart = 0;
    InterlockedDecrement(&put->On->Entering);
    if (done == NULL) return (LONG)0xC000009A;
    switch (put->Kind) {
    case PutWrite: status = NtWriteFile(file, done, NULL, NULL, io, put->Buffers[0], put->Sizes[0], &offset, NULL); break;
    case PutRead: status = NtReadFile(file, done, NULL, NULL, io, put->Output, put->OutputSize, &offset, NULL); break;
    default:
        status = NtDeviceIoControlFile(file, done, NULL, NULL, io, put->Code, put->Sizes[0] > 0 ? put->Buffers[0] : NULL,
                                       put->Sizes[0], put->Output, put->OutputSize);
    }
    if (status == STATUS_PENDING) {
        WaitForSingleObject(done, INFINITE);
        status = io->Status;
    }
    CloseHandle(done);
    return status;
}

static void Tell(ULONGLONG number, LONG status, ULONGLONG information)
{
    TEXT_BUFFER line = {0};

    Add(&line, "{\"event\":\"device.done\",\"params\":{\"request\":");
    AddNumber(&line, number);
    Add(&line, ",\"status\":");
    AddNumber(&line, (ULONG)status);
    Add(&line, ",\"information\":");
    AddNumber(&line, information);
    Add(&line, "}}");
    WriteLine(&line);
}

static DWORD WINAPI RunPut(void *parameter)
{
    PUT *put = parameter;
    IO_STATUS_BLOCK io;
    LONG status;

    ZeroMemory(&io, sizeof(io));
    status = put->Kind == PutOpen ? Open(put, &io) : put->Kind == PutClose ? Close(put) : Transfer(put, &io);
    InterlockedDecrement(&underWay);
    Tell(put->Number, status, (ULONGLONG)io.Information);
    Release(put->On);
    FreePut(put);
    return 0;
}

/* On a thread of its own: a driver may keep whoever calls it. */
static BOOL Start(REQUEST *request, PUT *put)
{
    HANDLE thread = NULL;

    if (InterlockedIncrement(&underWay) <= MOST_REQUESTS) thread = CreateThread(NULL, 0, RunPut, put, 0, NULL);
    if (thread != NULL) {
        CloseHandle(thread);
        return TRUE;
    }
    InterlockedDecrement(&underWay);
    Fail(request, "too many requests are under way already");
    return FALSE;
}

static void DeviceOpen(REQUEST *request)
{
    PUT *put = ReadOpen(request);

    if (put == NULL) return;
    put->On = Reserve(request);
    if (put->On != NULL && Start(request, put)) return;
    if (put->On != NULL) {
        OPENED *opened = put->On;

        Forget(opened);
        Release(opened);
    }
    FreePut(put);
}

static void DevicePut(REQUEST *request)
{
    PUT *put = ReadPut(request);

    if (put == NULL) return;
    put->On = Find(request);
    if (put->On != NULL) {
        InterlockedIncrement(&put->On->Entering);
        if (Start(request, put)) return;
        InterlockedDecrement(&put->On->Entering);
        Release(put->On);
    }
    FreePut(put);
}

static void DeviceClose(REQUEST *request)
{
    PUT *put = ReadClose(request);

    if (put == NULL) return;
    put->On = Find(request);
    if (put->On != NULL) {
        if (Start(request, put)) return;
        Release(put->On);
    }
    FreePut(put);
}

/* What the driver does not let be cancelled goes on. */
static void DeviceCancel(REQUEST *request)
{
    OPENED *opened = Find(request);
    IO_STATUS_BLOCK io;
    LONG status;

    if (opened == NULL) return;
    ZeroMemory(&io, sizeof(io));
    status = NtCancelIoFileEx(opened->File, NULL, &io);
    Release(opened);
    if (!NT_SUCCESS(status) && status != NOTHING_TO_CANCEL) FailWithStatus(request, "requests were not cancelled", status);
}

const OPERATION DriverOperations[] = {
    {"device.open", DeviceOpen, FALSE},
    {"device.put", DevicePut, FALSE},
    {"device.cancel", DeviceCancel, TRUE},
    {"device.close", DeviceClose, FALSE},
    {NULL, NULL, FALSE},
};
