/* Events go out as they come in, undecoded; markers and what ETW tells of itself stay here. */
#include "etw.h"

/* EVENT_HEADER_EXT_TYPE_EVENT_SCHEMA_TL */
#define SELF_DESCRIPTION 11

/* RT_LostEvent: https://learn.microsoft.com/windows/win32/etw/rt-lostevent */
static const GUID LostEvents = {0x6a399ae0, 0x4bc6, 0x4de9, {0x87, 0x0b, 0x36, 0x57, 0xf8, 0x94, 0x7e, 0x7e}};
/* EventTraceGuid: the session itself. */
static const GUID SessionEvents = {0x68fdd900, 0x4a3e, 0x11d1, {0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3}};

static void AddGuid(TEXT_BUFFER *text, const GUID *guid)
{
    UCHAR head[8];

    head[0] = (UCHAR)(guid->Data1 >> 24), head[1] = (UCHAR)(guid->Data1 >> 16);
    head[2] = (UCHAR)(guid->Data1 >> 8), head[3] = (UCHAR)guid->Data1;
    head[4] = (UCHAR)(guid->Data2 >> 8), head[5] = (UCHAR)guid->Data2;
    head[6] = (UCHAR)(guid->Data3 >> 8), head[7] = (UCHAR)guid->Data3;
    Add(text, "{"), AddHex(text, head, 4);
    Add(text, "-"), AddHex(text, head + 4, 2);
    Add(text, "-"), AddHex(text, head + 6, 2);
    Add(text, "-"), AddHex(text, guid->Data4, 2);
    Add(text, "-"), AddHex(text, guid->Data4 + 2, 6);
    Add(text, "}");
}

/* What describes an event that describes itself. */
static void AddMetadata(TEXT_BUFFER *text, const EVENT_RECORD *record)
{
    USHORT at;

    for (at = 0; at < record->ExtendedDataCount; at++) {
        const EVENT_HEADER_EXTENDED_DATA_ITEM *item = &record->ExtendedData[at];

        if (item->ExtType != SELF_DESCRIPTION) continue;
        Add(text, ",\"metadata\":\"");
        AddBase64(text, (const UCHAR *)(ULONG_PTR)item->DataPtr, item->DataSize);
        Add(text, "\"");
        return;
    }
}

static void TellEvent(const EVENT_RECORD *record)
{
    const EVENT_HEADER *header = &record->EventHeader;
    TEXT_BUFFER line = {0};

    Add(&line, "{\"event\":\"etw\",\"params\":{\"provider\":\"");
    AddGuid(&line, &header->ProviderId);
    Add(&line, "\",\"id\":");
    AddNumber(&line, header->EventDescriptor.Id);
    Add(&line, ",\"version\":");
    AddNumber(&line, header->EventDescriptor.Version);
    Add(&line, ",\"t\":");
    AddQuoted(&line, (ULONGLONG)header->TimeStamp.QuadPart);
    Add(&line, ",\"cpu\":");
    AddNumber(&line, GetEventProcessorIndex(record));
    AddMetadata(&line, record);
    Add(&line, ",\"payload\":\"");
    AddBase64(&line, record->UserData, record->UserDataLength);
    Add(&line, "\"}}");
    WriteLine(&line);
}

static void TellLost(void)
{
    TEXT_BUFFER line = {0};
    ULONGLONG lost;

    LostInSession(&lost);
    Add(&line, "{\"event\":\"lost\",\"params\":{\"lost\":");
    AddNumber(&line, lost);
    Add(&line, "}}");
    WriteLine(&line);
}

/* One comes back from each processor; those of an earlier flushing that nobody waits for any more do not count. */
static void TakeMarker(const EVENT_RECORD *record)
{
    ULONGLONG flush;

    if (record->UserDataLength < sizeof(flush)) return;
    memcpy(&flush, record->UserData, sizeof(flush));
    if (flush == Etw.Flush && InterlockedDecrement(&Etw.Missing) == 0) SetEvent(Etw.IsFlushed);
}

void WINAPI TakeEvent(PEVENT_RECORD record)
{
    const GUID *provider = &record->EventHeader.ProviderId;

    if (memcmp(provider, &MarkerProvider, sizeof(GUID)) == 0) {
        TakeMarker(record);
    } else if (memcmp(provider, &LostEvents, sizeof(GUID)) == 0) {
        InterlockedIncrement(&Etw.LostNotices);
        TellLost();
    } else if (memcmp(provider, &SessionEvents, sizeof(GUID)) != 0) {
        TellEvent(record);
    }
}
