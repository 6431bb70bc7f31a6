/* Frames that a driver holds, and frames that it is given. */
#include "device.h"

#define SHORTEST_FRAME 14
#define LONGEST_FRAME 65536
#define LONGEST_PATTERN 256
#define SHOWN_BYTES 256
#define MOST_HELD 1024
#define MOST_FRAMES 64

/*
 * Of frames that were counted, while their lock is owned. After 5 s the watchdog of the driver gives all back and forgets the pattern, and
 * no answer of the driver says so; but then not even the first frame is there.
 */
static void Know(DEVICE *device, ULONG count)
{
    BOOL isGivenBack = count == 0 && device->Known > 0 && device->Changes == 0;

    device->Known = count;
    if (isGivenBack) {
        TEXT_BUFFER line = {0};

        Add(&line, "{\"event\":\"fnmp.watchdog\",\"params\":{\"t\":");
        AddQuoted(&line, Now());
        Add(&line, ",\"driver\":\"");
        Add(&line, device->Kind->Label);
        Add(&line, "\"}}");
        WriteLine(&line);
    }
}

/* With no room for an answer, the driver says how much it needs. */
static LONG Measure(DEVICE *device, ULONG index, ULONG *size)
{
    FN_GET_FRAME which = {index, 0};
    LONG status;

    *size = 0;
    status = Ask(device->File, device->Kind->Codes.GetFrame, &which, sizeof(which), NULL, size);
    return status == FN_OVERFLOW ? 0 : status;
}

void WatchFrames(DEVICE *device)
{
    ULONG count = 0;
    ULONG size;

    AcquireSRWLockExclusive(&device->Frames);
    while (count < MOST_HELD && NT_SUCCESS(Measure(device, count, &size))) count++;
    Know(device, count);
    ReleaseSRWLockExclusive(&device->Frames);
}

/* Everything in an answer is checked against its size before it is looked at. @returns FALSE for an answer that makes no sense */
static BOOL AddFrame(TEXT_BUFFER *text, const UCHAR *answer, ULONG size, ULONG index)
{
    const FN_FRAME *frame = (const FN_FRAME *)answer;
    ULONG_PTR buffers = (ULONG_PTR)frame->Buffers;
    ULONGLONG length = 0;
    ULONG shown = 0;
    ULONG at;

    if (size < FIELD_OFFSET(FN_FRAME, Output.RssHash) || buffers > size) return FALSE;
    if (frame->BufferCount > (size - buffers) / sizeof(FN_BUFFER)) return FALSE;
    Add(text, "{\"index\":");
    AddNumber(text, index);
    Add(text, ",\"bytes\":\"");
    for (at = 0; at < frame->BufferCount; at++) {
        FN_BUFFER buffer;
        ULONG_PTR data;
        ULONG here;

        memcpy(&buffer, answer + buffers + at * sizeof(buffer), sizeof(buffer));
        data = (ULONG_PTR)buffer.VirtualAddress;
        if (data > size || buffer.DataOffset > size - data || buffer.DataLength > size - data - buffer.DataOffset) return FALSE;
        here = min(buffer.DataLength, SHOWN_BYTES - shown);
        AddHex(text, answer + data + buffer.DataOffset, here);
        shown += here;
        length += buffer.DataLength;
    }
    Add(text, "\",\"length\":");
    AddNumber(text, length);
    Add(text, ",\"cpu\":");
    AddNumber(text, frame->Output.ProcessorNumber.Group * 64u + frame->Output.ProcessorNumber.Number);
    Add(text, "}");
    return TRUE;
}

static LONG AddHeldFrame(DEVICE *device, TEXT_BUFFER *text, ULONG index)
{
    FN_GET_FRAME which = {index, 0};
    ULONG size;
    UCHAR *answer;
    LONG status = Measure(device, index, &size);

    if (!NT_SUCCESS(status)) return status;
    answer = Allocate(size + sizeof(FN_FRAME));
    status = Ask(device->File, device->Kind->Codes.GetFrame, &which, sizeof(which), answer, &size);
    if (index > 0 && NT_SUCCESS(status)) Add(text, ",");
    if (NT_SUCCESS(status) && !AddFrame(text, answer, size, index)) status = (LONG)0xC00000E9;
    Free(answer);
    return status;
}

/* `from`: everything told was held then, or came later; `t`: everything told had come by then. */
void HeldOnRequest(REQUEST *request, const DEVICE_KIND *kind)
{
    DEVICE *device = Use(request, kind);
    TEXT_BUFFER *answer = &request->Answer;
    LONG status = 0;
    ULONG count = 0;
    ULONGLONG from;

    if (device == NULL) return;
    AcquireSRWLockExclusive(&device->Frames);
    from = Now();
    Add(answer, "{\"frames\":[");
    for (; count < MOST_HELD; count++) {
        status = AddHeldFrame(device, answer, count);
        if (!NT_SUCCESS(status)) break;
    }
    Add(answer, "],\"from\":");
    AddQuoted(answer, from);
    Add(answer, ",\"t\":");
    AddQuoted(answer, Now());
    Add(answer, "}");
    if (status == FN_NOT_FOUND) Know(device, count);
    else if (count == MOST_HELD) Fail(request, "1024 frames are held, and perhaps more");
    else FailWithStatus(request, "a held frame cannot be read", status);
    ReleaseSRWLockExclusive(&device->Frames);
    Release(device);
}

/* Lets other drivers run, as it gives back what is held: so not under the lock. */
static LONG SetFilter(DEVICE *device, const FN_FILTER *filter)
{
    LONG status;

    InterlockedIncrement(&device->Changes);
    status = Ask(device->File, device->Kind->Codes.Filter, filter, sizeof(*filter), NULL, NULL);
    AcquireSRWLockExclusive(&device->Frames);
    device->Known = 0;
    InterlockedDecrement(&device->Changes);
    ReleaseSRWLockExclusive(&device->Frames);
    return status;
}

void HoldOnRequest(REQUEST *request, const DEVICE_KIND *kind)
{
    FN_FILTER filter = {0};
    UCHAR *pattern = NULL;
    UCHAR *mask = NULL;
    SIZE_T length = 0;
    SIZE_T maskLength = 0;
    DEVICE *device = NULL;
    LONG status;

    if (!BytesOf(Member(request->Params, "pattern"), &pattern, &length) ||
        !BytesOf(Member(request->Params, "mask"), &mask, &maskLength) || length != maskLength || length > LONGEST_PATTERN) {
        Fail(request, "\"pattern\" and \"mask\" are hexadecimal, equally long, and have at most 256 bytes");
    } else if ((device = Use(request, kind)) != NULL) {
        filter.Pattern = pattern;
        filter.Mask = mask;
        filter.Length = (UINT32)length;
        status = SetFilter(device, &filter);
        if (!NT_SUCCESS(status)) FailWithStatus(request, "the driver does not take the pattern", status);
        Release(device);
    }
    Free(pattern);
    Free(mask);
}

/* From the last to the first: a frame that is taken out moves those behind it. @returns how many were taken out */
static ULONG Dequeue(REQUEST *request, DEVICE *device, const BOOL *isWanted)
{
    ULONG count = 0;
    ULONG index;

    for (index = MOST_HELD; index-- > 0;) {
        FN_DEQUEUE_FRAME which = {index};
        LONG status;

        if (!isWanted[index]) continue;
        status = Ask(device->File, device->Kind->Codes.DequeueFrame, &which, sizeof(which), NULL, NULL);
        if (NT_SUCCESS(status)) count++;
        else FailWithStatus(request, "a frame cannot be released", status);
    }
    return count;
}

void ReleaseOnRequest(REQUEST *request, const DEVICE_KIND *kind)
{
    const JSON_VALUE *indexes = Member(request->Params, "indexes");
    const JSON_VALUE *each;
    BOOL *isWanted;
    DEVICE *device;

    if (indexes == NULL || indexes->Type != JsonArray) {
        Fail(request, "\"indexes\" is a list of numbers");
        return;
    }
    isWanted = Allocate(MOST_HELD * sizeof(BOOL));
    for (each = indexes->First; each != NULL; each = each->Next) {
        ULONGLONG index;

        if (!NumberOf(each, MOST_HELD - 1, &index)) {
            Fail(request, "\"indexes\" is a list of numbers below 1024");
            Free(isWanted);
            return;
        }
        isWanted[index] = TRUE;
    }
    device = Use(request, kind);
    if (device != NULL) {
        ULONG count;
        LONG status = 0;

        AcquireSRWLockExclusive(&device->Frames);
        count = Dequeue(request, device, isWanted);
        if (device->Known <= count) device->Known = 0;
        else device->Known -= count;
        ReleaseSRWLockExclusive(&device->Frames);
        if (count > 0) status = Ask(device->File, kind->Codes.FlushHeld, NULL, 0, NULL, NULL);
        if (!NT_SUCCESS(status)) FailWithStatus(request, "frames cannot be given back", status);
        Release(device);
    }
    Free(isWanted);
}

static LONG Enqueue(DEVICE *device, const UCHAR *bytes, SIZE_T count)
{
    FN_BUFFER buffer = {bytes, 0, (UINT32)count, (UINT32)count};
    FN_FRAME frame;

    ZeroMemory(&frame, sizeof(frame));
    frame.Buffers = &buffer;
    frame.BufferCount = 1;
    return Ask(device->File, device->Kind->Codes.Enqueue, &frame, sizeof(frame), NULL, NULL);
}

/* Before the first is queued: the driver has no way to take one back. */
static BOOL AreFrames(const JSON_VALUE *frames)
{
    const JSON_VALUE *each;
    int count = 0;

    if (frames == NULL || frames->Type != JsonArray) return FALSE;
    for (each = frames->First; each != NULL; each = each->Next) {
        UCHAR *bytes = NULL;
        SIZE_T length = 0;
        BOOL isFrame = BytesOf(each, &bytes, &length) && length >= SHORTEST_FRAME && length <= LONGEST_FRAME;

        Free(bytes);
        count++;
        if (!isFrame || count > MOST_FRAMES) return FALSE;
    }
    return count > 0;
}

void SendOnRequest(REQUEST *request, const DEVICE_KIND *kind, ULONG flags)
{
    const JSON_VALUE *frames = Member(request->Params, "frames");
    FN_FLUSH flush = {flags, 0};
    const JSON_VALUE *each;
    DEVICE *device;
    LONG status = 0;

    if (!AreFrames(frames)) {
        Fail(request, "\"frames\" has 1 to 64 frames of 14 to 65536 bytes, hexadecimal");
        return;
    }
    device = Use(request, kind);
    if (device == NULL) return;
    for (each = frames->First; each != NULL && NT_SUCCESS(status); each = each->Next) {
        UCHAR *bytes = NULL;
        SIZE_T length = 0;

        if (BytesOf(each, &bytes, &length)) status = Enqueue(device, bytes, length);
        Free(bytes);
    }
    /* One that was queued before another was refused goes as well: it would go with the next chain otherwise. */
    if (!NT_SUCCESS(status)) FailWithStatus(request, "the driver does not take a frame", status);
    status = Ask(device->File, kind->Codes.FlushQueue, &flush, sizeof(flush), NULL, NULL);
    if (!NT_SUCCESS(status)) FailWithStatus(request, "the driver does not let the frames go", status);
    Release(device);
}
