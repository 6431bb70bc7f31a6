/* Handles: numbers that are never used twice, so that one that is closed names nothing. */
#include "device.h"

#define MOST_DEVICES 32
#define WATCH_MILLISECONDS 100

const DEVICE_KIND Fnmp = {
    "fnmp",
    FNMP_DEVICE,
    FNMP_PACKET,
    {FNMP_TX_FILTER, FNMP_TX_GET_FRAME, FNMP_TX_DEQUEUE_FRAME, FNMP_TX_FLUSH, FNMP_RX_ENQUEUE, FNMP_RX_FLUSH},
};

const DEVICE_KIND Fnlwf = {
    "fnlwf",
    FNLWF_DEVICE,
    FNLWF_PACKET,
    {FNLWF_RX_FILTER, FNLWF_RX_GET_FRAME, FNLWF_RX_DEQUEUE_FRAME, FNLWF_RX_FLUSH, FNLWF_TX_ENQUEUE, FNLWF_TX_FLUSH},
};

static SRWLOCK tableLock = SRWLOCK_INIT;
static DEVICE *table[MOST_DEVICES];
static ULONGLONG lastNumber;
static BOOL isWatched;

static LONG Create(const WCHAR *name, void *ea, ULONG eaLength, HANDLE *file)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    USHORT length = 0;

    while (name[length] != 0) length++;
    path.Buffer = (WCHAR *)name;
    path.Length = (USHORT)(length * sizeof(WCHAR));
    path.MaximumLength = (USHORT)(path.Length + sizeof(WCHAR));
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtCreateFile(file, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &io, NULL, 0,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_CREATE, 0, ea, eaLength);
}

LONG OpenDevice(const DEVICE_KIND *kind, ULONG type, ULONG ifIndex, HANDLE *file)
{
    UCHAR ea[64] = {0};
    FN_EA_HEADER *header = (FN_EA_HEADER *)ea;
    FN_OPEN_PACKET packet = {FN_API_VERSION, type};
    UINT32 index = ifIndex;
    ULONG nameSize = (ULONG)LengthOf(kind->Packet) + 1;
    ULONG length = sizeof(FN_EA_HEADER) + nameSize + sizeof(packet) + sizeof(index);
    UCHAR *value = (UCHAR *)header->EaName + nameSize;

    header->EaNameLength = (UCHAR)(nameSize - 1);
    header->EaValueLength = (USHORT)(length - sizeof(FN_EA_HEADER) - nameSize);
    memcpy(header->EaName, kind->Packet, nameSize);
    /* Behind the name, and so not aligned. */
    memcpy(value, &packet, sizeof(packet));
    memcpy(value + sizeof(packet), &index, sizeof(index));
    return Create(kind->Name, ea, length, file);
}

/* Whatever it says to someone who opens it with nothing. */
BOOL HasDevice(const WCHAR *name)
{
    HANDLE file = NULL;
    LONG status = Create(name, NULL, 0, &file);

    if (NT_SUCCESS(status)) NtClose(file);
    return status != (LONG)0xC0000034 && status != (LONG)0xC000003A && status != (LONG)0xC0000033;
}

LONG Ask(HANDLE file, ULONG code, const void *in, ULONG inSize, void *out, ULONG *size)
{
    IO_STATUS_BLOCK io;
    HANDLE done = CreateEventW(NULL, FALSE, FALSE, NULL);
    LONG status;

    if (done == NULL) return (LONG)0xC000009A;
    ZeroMemory(&io, sizeof(io));
    status = NtDeviceIoControlFile(file, done, NULL, NULL, &io, code, (void *)in, inSize, out, size == NULL ? 0 : *size);
    if (status == STATUS_PENDING) {
        WaitForSingleObject(done, INFINITE);
        status = io.Status;
    }
    if (size != NULL) *size = (ULONG)io.Information;
    CloseHandle(done);
    return status;
}

static DWORD WINAPI Watch(void *unused)
{
    UNREFERENCED_PARAMETER(unused);
    for (;;) {
        int at;

        Sleep(WATCH_MILLISECONDS);
        for (at = 0; at < MOST_DEVICES; at++) {
            DEVICE *device;

            AcquireSRWLockShared(&tableLock);
            device = table[at];
            if (device != NULL) InterlockedIncrement(&device->Users);
            ReleaseSRWLockShared(&tableLock);
            if (device == NULL) continue;
            WatchFrames(device);
            Release(device);
        }
    }
}

static BOOL Remember(DEVICE *device)
{
    int at;

    AcquireSRWLockExclusive(&tableLock);
    for (at = 0; at < MOST_DEVICES && table[at] != NULL; at++);
    if (at < MOST_DEVICES) {
        device->Number = ++lastNumber;
        table[at] = device;
        if (!isWatched) {
            HANDLE thread = CreateThread(NULL, 0, Watch, NULL, 0, NULL);

            isWatched = thread != NULL;
            if (thread != NULL) CloseHandle(thread);
        }
    }
    ReleaseSRWLockExclusive(&tableLock);
    return at < MOST_DEVICES;
}

void OpenOnRequest(REQUEST *request, const DEVICE_KIND *kind)
{
    ULONGLONG ifIndex;
    DEVICE *device;
    LONG status;

    if (!TakeNumber(request, "ifIndex", MAXDWORD, &ifIndex)) return;
    device = Allocate(sizeof(*device));
    device->Kind = kind;
    device->IfIndex = ifIndex;
    device->Users = 1;
    status = OpenDevice(kind, 0, (ULONG)ifIndex, &device->File);
    if (!NT_SUCCESS(status)) {
        FailWithStatus(request, "the driver cannot be opened for that interface", status);
        Free(device);
        return;
    }
    if (!Remember(device)) {
        Fail(request, "32 handles are open already");
        Release(device);
        return;
    }
    Add(&request->Answer, "{\"handle\":");
    AddNumber(&request->Answer, device->Number);
    Add(&request->Answer, "}");
}

static DEVICE *Find(REQUEST *request, const DEVICE_KIND *kind, BOOL isClosed)
{
    DEVICE *device = NULL;
    ULONGLONG number;
    int at;

    if (!TakeNumber(request, "handle", MAXDWORD, &number)) return NULL;
    AcquireSRWLockExclusive(&tableLock);
    for (at = 0; at < MOST_DEVICES && device == NULL; at++) {
        if (table[at] == NULL || table[at]->Number != number || table[at]->Kind != kind) continue;
        device = table[at];
        if (isClosed) table[at] = NULL;
        else InterlockedIncrement(&device->Users);
    }
    ReleaseSRWLockExclusive(&tableLock);
    if (device == NULL) Fail(request, "there is no such handle");
    return device;
}

DEVICE *Use(REQUEST *request, const DEVICE_KIND *kind)
{
    return Find(request, kind, FALSE);
}

void CloseOnRequest(REQUEST *request, const DEVICE_KIND *kind)
{
    DEVICE *device = Find(request, kind, TRUE);

    if (device != NULL) Release(device);
}

void Release(DEVICE *device)
{
    if (InterlockedDecrement(&device->Users) > 0) return;
    if (device->Exclusive != NULL) NtClose(device->Exclusive);
    NtClose(device->File);
    Free(device);
}
