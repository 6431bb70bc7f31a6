/*
 * lwf_probe.h: lets a lightweight filter driver tell what crosses the border between NDIS and itself.
 *
 * SPDX-License-Identifier: MIT
 * Part of ndis-lwf-spec. How to use it, what it costs and what it cannot see: docs/probe.md.
 *
 * Include it after ndis.h in every file of the driver (by the compiler: /FI lwf_probe.h), and define LWF_PROBE_ENTRY in the one file
 * that has DriverEntry. Each call of an NdisF function and each entry of a Filter handler is then written as an event of ETW, twice: on
 * the way in and on the way out. The events are self-describing (TraceLogging), so that any tool can read them.
 *
 *     LWF_PROBE        0: nothing of this header is compiled. Default 1.
 *     LWF_PROBE_LOCKS  0: taking and releasing spin locks is not reported. Default 1.
 *
 * Calls are taken over by function-like macros, so the address of a function is still that of NDIS. Handlers are taken over at
 * registration; one that is NULL stays NULL. Nothing is allocated: tables of fixed size live in the image, and what does not fit in is
 * left alone and said in an event (LWFP_LIMIT).
 */
#ifndef LWF_PROBE
#define LWF_PROBE 1
#endif

#if LWF_PROBE && !defined(LWF_PROBE_H)
#define LWF_PROBE_H

#include <ndis.h>
#include <evntprov.h>

#ifndef LWF_PROBE_LOCKS
#define LWF_PROBE_LOCKS 1
#endif
/* How many timers and work items may be there at a time. Registrations, sets of data handlers, and control devices: 4, 8, 4. */
#ifndef LWF_PROBE_TIMERS
#define LWF_PROBE_TIMERS 128
#endif
#ifndef LWF_PROBE_WORK_ITEMS
#define LWF_PROBE_WORK_ITEMS 128
#endif
#define LWFP_REGISTRATIONS 4
#define LWFP_DATA_SETS 8
#define LWFP_DEVICES 4
#define LWFP_MAJORS (IRP_MJ_MAXIMUM_FUNCTION + 1)

/* The NDIS level, by which structures and functions differ. */
#if defined(NDIS_SUPPORT_NDIS61) && NDIS_SUPPORT_NDIS61
#define LWFP_NDIS61 1
#else
#define LWFP_NDIS61 0
#endif
#if defined(NDIS_SUPPORT_NDIS680) && NDIS_SUPPORT_NDIS680
#define LWFP_NDIS680 1
#else
#define LWFP_NDIS680 0
#endif

/* Functions of a level; the headers of ndis-lwf-spec declare them for every level. */
#ifdef NDIS_LWF_NDIS_H
#define LWFP_DIRECT_CALLS 1
#define LWFP_SYNCHRONOUS_CALLS 1
#else
#define LWFP_DIRECT_CALLS LWFP_NDIS61
#define LWFP_SYNCHRONOUS_CALLS LWFP_NDIS680
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#define LWFP_APART static __declspec(noinline)
#else
#define LWFP_APART static __attribute__((noinline, unused))
#endif
#ifdef __cplusplus
#define LWFP_ZERO {}
extern "C" {
#else
#define LWFP_ZERO {0}
#endif
#ifdef _MSC_VER
#pragma warning(push)
/* Functions that a file does not use; do while (0); sets of handlers made of variables; old pool functions, which are reported as well. */
#pragma warning(disable : 4505 4127 4204 4996 28159)
#endif

/* ---- Events ---------------------------------------------------------------------------------------------------------------- */

/* Which way: the first four are those of a trace. */
#define LWFP_ENTER 0
#define LWFP_LEAVE 1
#define LWFP_CALL 2
#define LWFP_RETURN 3
#define LWFP_LOCKED 4
#define LWFP_UNLOCKED 5
/* No crossings: what the probe says of itself. */
#define LWFP_LIMIT 6
#define LWFP_MARK 7
#define LWFP_END 8

/* Options of an event. */
#define LWFP_HAS_STATUS 0x01
#define LWFP_TELLS_LOCKS 0x02
#define LWFP_MORE 0x04
#define LWFP_CUT 0x08
/* Not written: of the chain only the first NBL crosses. */
#define LWFP_ONE_NBL 0x80

#define LWFP_KEYWORD_CROSSINGS 0x1
#define LWFP_KEYWORD_LOCKS 0x2
#define LWFP_VERBOSE 5
#define LWFP_CHANNEL_TRACELOGGING 11
#define LWFP_VALUES 8
#define LWFP_WORDS 112
/* A longer list runs in a circle, or is better not walked through. */
#define LWFP_LONGEST_LIST 4096
#define LWFP_TEXT 128

/* Types of fields in the metadata of TraceLogging; 0x40: an array whose length comes first, in 16 bits. */
#define LWFP_IN_UTF16 "\x01"
#define LWFP_IN_ANSI "\x02"
#define LWFP_IN_UINT8 "\x04"
#define LWFP_IN_UINT32 "\x08"
#define LWFP_IN_UINT64 "\x0a"
#define LWFP_IN_HEX32 "\x14"
#define LWFP_IN_HEX64 "\x15"
#define LWFP_IN_HEX64S "\x55"

#define LWFP_PROVIDER_NAME "NdisLwfSpec.Probe"
/* Name and fields of the one kind of event: each name, its NUL, its type. The NUL at the end of the literal does not belong to it. */
#define LWFP_FIELDS                                                                                                              \
    "Crossing\0"                                                                                                                 \
    "image\0" LWFP_IN_HEX64 "loaded\0" LWFP_IN_UINT64                                                                            \
    "seq\0" LWFP_IN_UINT64 "of\0" LWFP_IN_UINT64 "direction\0" LWFP_IN_UINT8 "options\0" LWFP_IN_UINT8 "irql\0" LWFP_IN_UINT8      \
    "ddi\0" LWFP_IN_ANSI "text\0" LWFP_IN_UTF16 "handle\0" LWFP_IN_HEX64 "context\0" LWFP_IN_HEX64 "thread\0" LWFP_IN_HEX64        \
    "cpu\0" LWFP_IN_UINT32 "line\0" LWFP_IN_UINT32 "status\0" LWFP_IN_HEX32 "values\0" LWFP_IN_HEX64S "chain\0" LWFP_IN_HEX64S

#pragma pack(push, 1)
typedef struct _LWFP_PROVIDER {
    USHORT Size;
    CHAR Name[sizeof(LWFP_PROVIDER_NAME)];
} LWFP_PROVIDER;

typedef struct _LWFP_METADATA {
    USHORT Size;
    UCHAR Tags;
    CHAR Fields[sizeof(LWFP_FIELDS)];
} LWFP_METADATA;

typedef struct _LWFP_HEAD {
    /* Where the image is, and when it began to report: there may be several, and one may be loaded again. */
    ULONG64 Image;
    ULONG64 Loaded;
    ULONG64 Seq;
    ULONG64 Of;
    UCHAR Direction;
    UCHAR Options;
    UCHAR Irql;
} LWFP_HEAD;

typedef struct _LWFP_BODY {
    ULONG64 Handle;
    ULONG64 Context;
    ULONG64 Thread;
    ULONG Cpu;
    ULONG Line;
    ULONG Status;
    USHORT Count;
    ULONG64 Values[LWFP_VALUES];
} LWFP_BODY;

typedef struct _LWFP_CHAIN {
    USHORT Count;
    ULONG64 Words[LWFP_WORDS];
} LWFP_CHAIN;
#pragma pack(pop)

static const LWFP_PROVIDER LwfpProvider = {sizeof(LWFP_PROVIDER), LWFP_PROVIDER_NAME};
static const LWFP_METADATA LwfpMetadata = {sizeof(LWFP_METADATA) - 1, 0, LWFP_FIELDS};
/* {c1f6a9b2-8e0d-4f57-9a3b-5d20e7c48a61} */
static const GUID LwfpProviderId = {0xc1f6a9b2, 0x8e0d, 0x4f57, {0x9a, 0x3b, 0x5d, 0x20, 0xe7, 0xc4, 0x8a, 0x61}};

/* ---- What the probe remembers ---------------------------------------------------------------------------------------------- */

typedef struct _LWFP_REGISTRATION {
    volatile LONG Used;
    NDIS_HANDLE Handle;
    NDIS_FILTER_DRIVER_CHARACTERISTICS Original;
} LWFP_REGISTRATION;

/* The five handlers that a module can change (NdisSetOptionalHandlers). */
typedef struct _LWFP_DATA_SET {
    FILTER_SEND_NET_BUFFER_LISTS_HANDLER Send;
    FILTER_SEND_NET_BUFFER_LISTS_COMPLETE_HANDLER SendComplete;
    FILTER_CANCEL_SEND_HANDLER CancelSend;
    FILTER_RECEIVE_NET_BUFFER_LISTS_HANDLER Receive;
    FILTER_RETURN_NET_BUFFER_LISTS_HANDLER Return;
    /* 1: being filled in; 2: may be used. */
    volatile LONG Used;
} LWFP_DATA_SET;

typedef struct _LWFP_DEVICE {
    volatile LONG Used;
    NDIS_HANDLE Handle;
    PDRIVER_DISPATCH Major[LWFP_MAJORS];
} LWFP_DEVICE;

typedef struct _LWFP_TIMER {
    volatile LONG Used;
    NDIS_HANDLE Timer;
    PNDIS_TIMER_FUNCTION Function;
    PVOID Context;
    /* What NdisSetTimerObject was given instead. */
    PVOID ContextOfSet;
} LWFP_TIMER;

typedef struct _LWFP_WORK_ITEM {
    volatile LONG Used;
    NDIS_HANDLE Item;
    NDIS_IO_WORKITEM_ROUTINE Routine;
    PVOID Context;
} LWFP_WORK_ITEM;

typedef struct _LWFP_STATE {
    volatile LONG IsOpen;
    REGHANDLE Provider;
    LARGE_INTEGER Loaded;
    volatile LONG64 Sequence;
    /* Something was not written because nobody listened: the next event leaves out a number, so that this is seen. */
    volatile LONG Unheard;
    volatile LONG Registered;
    /* Inside DriverEntry or DriverUnload. */
    LONG IsHeldOpen;
    /* DriverEntry has succeeded. */
    LONG HasEntered;
    LONG HasDevices;
    PDRIVER_OBJECT Driver;
    PDRIVER_UNLOAD Unload;
    PDRIVER_DISPATCH Major[LWFP_MAJORS];
    LWFP_REGISTRATION Registrations[LWFP_REGISTRATIONS];
    LWFP_DATA_SET DataSets[LWFP_DATA_SETS];
    LWFP_DEVICE Devices[LWFP_DEVICES];
    LWFP_TIMER Timers[LWF_PROBE_TIMERS];
    LWFP_WORK_ITEM WorkItems[LWF_PROBE_WORK_ITEMS];
} LWFP_STATE;

/* One in an image, in however many files this is included. */
extern LWFP_STATE LwfpState;
__declspec(selectany) LWFP_STATE LwfpState = LWFP_ZERO;

#define LWFP_ID(pointer) ((ULONG64)(ULONG_PTR)(pointer))

/* ---- Writing an event ------------------------------------------------------------------------------------------------------ */

/* What is written, while it grows: a long chain takes several events, of which the later name the first. */
typedef struct _LWFP_EVENT {
    LWFP_HEAD Head;
    LWFP_BODY Body;
    LWFP_CHAIN Chain;
    const CHAR *Ddi;
    PCUNICODE_STRING Text;
    ULONG64 First;
    ULONG64 Keyword;
} LWFP_EVENT;

static __inline VOID LwfpDescribe(PEVENT_DATA_DESCRIPTOR Descriptor, const VOID *Data, SIZE_T Size, ULONG Type)
{
    Descriptor->Ptr = (ULONGLONG)(ULONG_PTR)Data;
    Descriptor->Size = (ULONG)Size;
    Descriptor->Reserved = Type;
}

static __inline SIZE_T LwfpLength(const CHAR *Text)
{
    SIZE_T length = 0;

    while (Text[length] != 0) length += 1;
    return length;
}

LWFP_APART VOID LwfpFlush(LWFP_EVENT *Event, UCHAR More)
{
    static const WCHAR end[1] = {0};
    EVENT_DATA_DESCRIPTOR data[8];
    EVENT_DESCRIPTOR descriptor;
    SIZE_T text = Event->Text == NULL || Event->First != 0 ? 0 : Event->Text->Length;

    if (text > LWFP_TEXT * sizeof(WCHAR)) text = LWFP_TEXT * sizeof(WCHAR);
    if (LwfpState.Unheard && InterlockedExchange(&LwfpState.Unheard, 0)) InterlockedIncrement64(&LwfpState.Sequence);
    Event->Head.Seq = (ULONG64)InterlockedIncrement64(&LwfpState.Sequence);
    Event->Head.Of = Event->First;
    if (Event->First == 0) Event->First = Event->Head.Seq;
    Event->Head.Options = (UCHAR)((Event->Head.Options & ~LWFP_MORE) | More);

    descriptor.Id = 0;
    descriptor.Version = 0;
    descriptor.Channel = LWFP_CHANNEL_TRACELOGGING;
    descriptor.Level = LWFP_VERBOSE;
    descriptor.Opcode = 0;
    descriptor.Task = 0;
    descriptor.Keyword = Event->Keyword;

    LwfpDescribe(&data[0], &LwfpProvider, LwfpProvider.Size, 2);
    LwfpDescribe(&data[1], &LwfpMetadata, LwfpMetadata.Size, 1);
    LwfpDescribe(&data[2], &Event->Head, sizeof(Event->Head), 0);
    LwfpDescribe(&data[3], Event->Ddi, LwfpLength(Event->Ddi) + 1, 0);
    LwfpDescribe(&data[4], text == 0 ? end : Event->Text->Buffer, text, 0);
    LwfpDescribe(&data[5], end, sizeof(end), 0);
    LwfpDescribe(&data[6], &Event->Body, FIELD_OFFSET(LWFP_BODY, Values) + Event->Body.Count * sizeof(ULONG64), 0);
    LwfpDescribe(&data[7], &Event->Chain, FIELD_OFFSET(LWFP_CHAIN, Words) + Event->Chain.Count * sizeof(ULONG64), 0);
    EtwWriteTransfer(LwfpState.Provider, &descriptor, NULL, NULL, 8, data);
    Event->Chain.Count = 0;
}

LWFP_APART VOID LwfpWord(LWFP_EVENT *Event, ULONG64 Word)
{
    if (Event->Chain.Count == LWFP_WORDS) LwfpFlush(Event, LWFP_MORE);
    Event->Chain.Words[Event->Chain.Count] = Word;
    Event->Chain.Count += 1;
}

/* NET_BUFFER, offset and length of its data, how many MDLs, and these. */
static __inline VOID LwfpWordsOfBuffer(LWFP_EVENT *Event, PNET_BUFFER Buffer)
{
    ULONG count = 0;
    PMDL mdl;

    for (mdl = NET_BUFFER_FIRST_MDL(Buffer); mdl != NULL && count < LWFP_LONGEST_LIST; mdl = mdl->Next) count += 1;
    LwfpWord(Event, LWFP_ID(Buffer));
    LwfpWord(Event, (ULONG64)NET_BUFFER_DATA_OFFSET(Buffer) | ((ULONG64)NET_BUFFER_DATA_LENGTH(Buffer) << 32));
    LwfpWord(Event, count);
    for (mdl = NET_BUFFER_FIRST_MDL(Buffer); count > 0; mdl = mdl->Next, count -= 1) LwfpWord(Event, LWFP_ID(mdl));
}

/* NBL, SourceHandle, Status and bytes of context, cancel id, how many NET_BUFFERs, and these. */
static __inline VOID LwfpWordsOfList(LWFP_EVENT *Event, PNET_BUFFER_LIST List)
{
    ULONG count = 0;
    ULONG inUse = 0;
    PNET_BUFFER buffer;
    PNET_BUFFER_LIST_CONTEXT context;

    for (context = List->Context; context != NULL; context = context->Next) inUse += (ULONG)(context->Size - context->Offset);
    for (buffer = NET_BUFFER_LIST_FIRST_NB(List); buffer != NULL && count < LWFP_LONGEST_LIST; buffer = NET_BUFFER_NEXT_NB(buffer))
        count += 1;
    LwfpWord(Event, LWFP_ID(List));
    LwfpWord(Event, LWFP_ID(List->SourceHandle));
    LwfpWord(Event, (ULONG64)(ULONG)NET_BUFFER_LIST_STATUS(List) | ((ULONG64)inUse << 32));
    LwfpWord(Event, LWFP_ID(NET_BUFFER_LIST_INFO(List, NetBufferListCancelId)));
    LwfpWord(Event, count);
    for (buffer = NET_BUFFER_LIST_FIRST_NB(List); count > 0; buffer = NET_BUFFER_NEXT_NB(buffer), count -= 1)
        LwfpWordsOfBuffer(Event, buffer);
}

LWFP_APART VOID LwfpWrite(UCHAR Direction, const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, NDIS_HANDLE Context, UCHAR Options,
                          ULONG Status, const ULONG64 *Values, USHORT Count, PNET_BUFFER_LIST Chain, PCUNICODE_STRING Text)
{
    LWFP_EVENT event;
    ULONG length = 0;
    USHORT index;

    event.Head.Image = LWFP_ID(&LwfpState);
    event.Head.Loaded = (ULONG64)LwfpState.Loaded.QuadPart;
    event.Head.Direction = Direction;
    event.Head.Options = (UCHAR)(Options & ~LWFP_ONE_NBL);
    event.Head.Irql = (UCHAR)KeGetCurrentIrql();
#if LWF_PROBE_LOCKS
    if (EtwProviderEnabled(LwfpState.Provider, LWFP_VERBOSE, LWFP_KEYWORD_LOCKS)) event.Head.Options |= LWFP_TELLS_LOCKS;
#endif
    event.Body.Handle = LWFP_ID(Handle);
    event.Body.Context = LWFP_ID(Context);
    event.Body.Thread = LWFP_ID(KeGetCurrentThread());
    event.Body.Cpu = KeGetCurrentProcessorNumberEx(NULL);
    event.Body.Line = Line;
    event.Body.Status = Status;
    event.Body.Count = Count;
    for (index = 0; index < Count; index += 1) event.Body.Values[index] = Values[index];
    event.Chain.Count = 0;
    event.Ddi = Ddi;
    event.Text = Text;
    event.First = 0;
    event.Keyword = Direction == LWFP_LOCKED || Direction == LWFP_UNLOCKED ? LWFP_KEYWORD_LOCKS : LWFP_KEYWORD_CROSSINGS;
    for (; Chain != NULL; Chain = NET_BUFFER_LIST_NEXT_NBL(Chain)) {
        if (length == LWFP_LONGEST_LIST) {
            event.Head.Options |= LWFP_CUT;
            break;
        }
        LwfpWordsOfList(&event, Chain);
        length += 1;
        if (Options & LWFP_ONE_NBL) break;
    }
    LwfpFlush(&event, 0);
}

/* Nothing is gathered, and no number is taken, while nobody listens. */
static __inline BOOLEAN LwfpIsHeard(ULONG64 Keyword)
{
    return LwfpState.IsOpen && EtwProviderEnabled(LwfpState.Provider, LWFP_VERBOSE, Keyword);
}

static __inline VOID LwfpSay(UCHAR Direction, const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, NDIS_HANDLE Context, UCHAR Options,
                             ULONG Status, const ULONG64 *Values, USHORT Count, PNET_BUFFER_LIST Chain, PCUNICODE_STRING Text)
{
    if (!LwfpIsHeard(LWFP_KEYWORD_CROSSINGS)) {
        if (!LwfpState.Unheard) LwfpState.Unheard = 1;
        return;
    }
    LwfpWrite(Direction, Ddi, Line, Handle, Context, Options, Status, Values, Count, Chain, Text);
}

/* The shapes that most crossings have. A handle is that of NDIS; a context is what a handler is given of its module. */
static __inline VOID LwfpCalls(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, const ULONG64 *Values, USHORT Count)
{
    LwfpSay(LWFP_CALL, Ddi, Line, Handle, NULL, 0, 0, Values, Count, NULL, NULL);
}

static __inline VOID LwfpReturns(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, const ULONG64 *Values, USHORT Count)
{
    LwfpSay(LWFP_RETURN, Ddi, Line, Handle, NULL, 0, 0, Values, Count, NULL, NULL);
}

static __inline VOID LwfpReturnsStatus(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, NTSTATUS Status, const ULONG64 *Values,
                                       USHORT Count)
{
    LwfpSay(LWFP_RETURN, Ddi, Line, Handle, NULL, LWFP_HAS_STATUS, (ULONG)Status, Values, Count, NULL, NULL);
}

static __inline VOID LwfpCallsWith(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, const ULONG64 *Values, USHORT Count,
                                   PNET_BUFFER_LIST Chain)
{
    LwfpSay(LWFP_CALL, Ddi, Line, Handle, NULL, 0, 0, Values, Count, Chain, NULL);
}

static __inline VOID LwfpEnters(const CHAR *Ddi, NDIS_HANDLE Context, const ULONG64 *Values, USHORT Count, PNET_BUFFER_LIST Chain)
{
    LwfpSay(LWFP_ENTER, Ddi, 0, NULL, Context, 0, 0, Values, Count, Chain, NULL);
}

static __inline VOID LwfpLeaves(const CHAR *Ddi, NDIS_HANDLE Context)
{
    LwfpSay(LWFP_LEAVE, Ddi, 0, NULL, Context, 0, 0, NULL, 0, NULL, NULL);
}

static __inline VOID LwfpLeavesStatus(const CHAR *Ddi, NDIS_HANDLE Context, NTSTATUS Status, const ULONG64 *Values, USHORT Count)
{
    LwfpSay(LWFP_LEAVE, Ddi, 0, NULL, Context, LWFP_HAS_STATUS, (ULONG)Status, Values, Count, NULL, NULL);
}

/* Something of the driver's is not probed, because a table is full. */
static __inline VOID LwfpLimit(const CHAR *Ddi, ULONG Line)
{
    LwfpSay(LWFP_LIMIT, Ddi, Line, NULL, NULL, 0, 0, NULL, 0, NULL, NULL);
}

/* ---- Beginning and ending --------------------------------------------------------------------------------------------------- */

#define LWFP_CAPTURE_STATE 2

/*
 * Whoever asks for the state of the provider gets a number: with it, all that was written before is there, or is known to be missing.
 * An answer that nobody hears, or that would come before the provider is open, is no event that is missing.
 */
static VOID NTAPI LwfpAsked(LPCGUID SourceId, ULONG ControlCode, UCHAR Level, ULONGLONG MatchAny, ULONGLONG MatchAll,
                            PEVENT_FILTER_DESCRIPTOR Filter, PVOID Context)
{
    UNREFERENCED_PARAMETER(SourceId);
    UNREFERENCED_PARAMETER(Level);
    UNREFERENCED_PARAMETER(MatchAny);
    UNREFERENCED_PARAMETER(MatchAll);
    UNREFERENCED_PARAMETER(Filter);
    UNREFERENCED_PARAMETER(Context);
    if (ControlCode == LWFP_CAPTURE_STATE && LwfpIsHeard(LWFP_KEYWORD_CROSSINGS))
        LwfpWrite(LWFP_MARK, "EtwEnableCallback", 0, NULL, NULL, 0, 0, NULL, 0, NULL, NULL);
}

/* PASSIVE_LEVEL. A driver that registers anew goes on where it was: its numbers do, too. */
LWFP_APART VOID LwfpOpen(VOID)
{
    if (LwfpState.IsOpen) return;
    if (LwfpState.Loaded.QuadPart == 0) KeQuerySystemTime(&LwfpState.Loaded);
    if (EtwRegister(&LwfpProviderId, LwfpAsked, NULL, &LwfpState.Provider) == STATUS_SUCCESS) LwfpState.IsOpen = 1;
}

/* Nobody answers any more: the last event says that none comes after it. */
LWFP_APART VOID LwfpClose(VOID)
{
    LwfpSay(LWFP_END, "EtwUnregister", 0, NULL, NULL, 0, 0, NULL, 0, NULL, NULL);
    if (InterlockedExchange(&LwfpState.IsOpen, 0)) EtwUnregister(LwfpState.Provider);
}

/* ---- Handlers: life, control ------------------------------------------------------------------------------------------------ */

/* Oid, type, id, RequestHandle, and the three byte counts. */
static __inline VOID LwfpValuesOfRequest(ULONG64 *Values, PNDIS_OID_REQUEST Request)
{
    ULONG written = 0, read = 0, needed = 0;

    switch (Request->RequestType) {
    case NdisRequestMethod:
        written = Request->DATA.METHOD_INFORMATION.BytesWritten;
        read = Request->DATA.METHOD_INFORMATION.BytesRead;
        needed = Request->DATA.METHOD_INFORMATION.BytesNeeded;
        break;
    case NdisRequestSetInformation:
        read = Request->DATA.SET_INFORMATION.BytesRead;
        needed = Request->DATA.SET_INFORMATION.BytesNeeded;
        break;
    default:
        written = Request->DATA.QUERY_INFORMATION.BytesWritten;
        needed = Request->DATA.QUERY_INFORMATION.BytesNeeded;
        break;
    }
    Values[0] = LWFP_ID(Request);
    Values[1] = Request->DATA.QUERY_INFORMATION.Oid;
    Values[2] = (ULONG64)(ULONG)Request->RequestType;
    Values[3] = LWFP_ID(Request->RequestId);
    Values[4] = LWFP_ID(Request->RequestHandle);
    Values[5] = written;
    Values[6] = read;
    Values[7] = needed;
}

/* Mtu, lookahead, and a number that changes when anything in the attributes does; none of them where there are no attributes. */
static __inline USHORT LwfpValuesOfAttributes(ULONG64 *Values, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    PNDIS_RESTART_ATTRIBUTES attributes = Parameters == NULL ? NULL : Parameters->RestartAttributes;
    ULONG64 digest = 14695981039346656037ULL;
    ULONG index, count;

    if (attributes == NULL) return 0;
    Values[0] = 0;
    Values[1] = 0;
    for (count = 0; attributes != NULL && count < LWFP_LONGEST_LIST; attributes = attributes->Next, count += 1) {
        if (attributes->Oid == OID_GEN_MINIPORT_RESTART_ATTRIBUTES &&
            attributes->DataLength >= NDIS_SIZEOF_RESTART_GENERAL_ATTRIBUTES_REVISION_1) {
            Values[0] = ((NDIS_RESTART_GENERAL_ATTRIBUTES *)attributes->Data)->MtuSize;
            Values[1] = ((NDIS_RESTART_GENERAL_ATTRIBUTES *)attributes->Data)->LookaheadSize;
        }
        digest = (digest ^ attributes->Oid) * 1099511628211ULL;
        for (index = 0; index < attributes->DataLength; index += 1)
            digest = (digest ^ attributes->Data[index]) * 1099511628211ULL;
    }
    Values[2] = digest;
    return 3;
}

/* What a handler is told of a Plug and Play event of the network: which, and the power state, plus one; 0 where there is none. */
static __inline VOID LwfpValuesOfNetEvent(ULONG64 *Values, PNET_PNP_EVENT_NOTIFICATION Event)
{
    PNET_PNP_EVENT event = &Event->NetPnPEvent;
    BOOLEAN hasState = event->NetEvent == NetEventSetPower || event->NetEvent == NetEventQueryPower;

    Values[0] = (ULONG64)(ULONG)event->NetEvent;
    Values[1] = hasState && event->Buffer != NULL && event->BufferLength >= sizeof(ULONG) ? (ULONG64)(*(ULONG *)event->Buffer) + 1 : 0;
}

/* DriverUnload is the last that a driver does, so the probe closes behind it. */
static VOID NTAPI LwfpDriverUnload(PDRIVER_OBJECT DriverObject)
{
    LwfpState.IsHeldOpen = 1;
    LwfpEnters("FilterDriverUnload", NULL, NULL, 0, NULL);
    LwfpState.Unload(DriverObject);
    LwfpLeaves("FilterDriverUnload", NULL);
    LwfpClose();
}

/*
 * The probe closes at the end of DriverUnload, or of a DriverEntry that fails, and sees what a driver does after a deregistration outside of
 * them. Where the driver has put another DriverUnload in place of the probe's, or has none, the deregistration is the last that the probe can be
 * sure of: the provider must not be there any more when the image, with its callback, goes.
 */
static __inline BOOLEAN LwfpClosesLater(VOID)
{
    return LwfpState.IsHeldOpen || (LwfpState.HasEntered && LwfpState.Driver->DriverUnload == LwfpDriverUnload);
}

/* A driver may set it before or after it registers. */
static __inline VOID LwfpHookUnload(VOID)
{
    PDRIVER_OBJECT driver = LwfpState.Driver;

    if (driver == NULL || driver->DriverUnload == NULL || LwfpState.Unload != NULL) return;
    LwfpState.Unload = driver->DriverUnload;
    driver->DriverUnload = LwfpDriverUnload;
}

static __inline NDIS_STATUS LwfpSetOptions(LWFP_REGISTRATION *Slot, NDIS_HANDLE Driver, NDIS_HANDLE Context)
{
    NDIS_STATUS status;

    LwfpEnters("FilterSetOptions", NULL, NULL, 0, NULL);
    status = Slot->Original.SetOptionsHandler(Driver, Context);
    LwfpLeavesStatus("FilterSetOptions", NULL, status, NULL, 0);
    return status;
}

static __inline NDIS_STATUS LwfpSetModuleOptions(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module)
{
    NDIS_STATUS status;

    LwfpEnters("FilterSetModuleOptions", Module, NULL, 0, NULL);
    status = Slot->Original.SetFilterModuleOptionsHandler(Module);
    LwfpLeavesStatus("FilterSetModuleOptions", Module, status, NULL, 0);
    return status;
}

static __inline NDIS_STATUS LwfpAttach(LWFP_REGISTRATION *Slot, NDIS_HANDLE Filter, NDIS_HANDLE Context,
                                       PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    NDIS_STATUS status;

    LwfpHookUnload();
    LwfpSay(LWFP_ENTER, "FilterAttach", 0, Filter, NULL, 0, 0, NULL, 0, NULL,
            Parameters == NULL ? NULL : Parameters->BaseMiniportInstanceName);
    status = Slot->Original.AttachHandler(Filter, Context, Parameters);
    LwfpSay(LWFP_LEAVE, "FilterAttach", 0, Filter, NULL, LWFP_HAS_STATUS, (ULONG)status, NULL, 0, NULL, NULL);
    return status;
}

static __inline VOID LwfpDetach(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module)
{
    LwfpEnters("FilterDetach", Module, NULL, 0, NULL);
    Slot->Original.DetachHandler(Module);
    LwfpLeaves("FilterDetach", Module);
}

static __inline NDIS_STATUS LwfpRestart(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    NDIS_STATUS status;
    ULONG64 values[3];

    LwfpEnters("FilterRestart", Module, values, LwfpValuesOfAttributes(values, Parameters), NULL);
    status = Slot->Original.RestartHandler(Module, Parameters);
    LwfpLeavesStatus("FilterRestart", Module, status, values, LwfpValuesOfAttributes(values, Parameters));
    return status;
}

static __inline NDIS_STATUS LwfpPause(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNDIS_FILTER_PAUSE_PARAMETERS Parameters)
{
    NDIS_STATUS status;

    LwfpEnters("FilterPause", Module, NULL, 0, NULL);
    status = Slot->Original.PauseHandler(Module, Parameters);
    LwfpLeavesStatus("FilterPause", Module, status, NULL, 0);
    return status;
}

static __inline NDIS_STATUS LwfpOidRequest(const CHAR *Ddi, FILTER_OID_REQUEST_HANDLER Handler, NDIS_HANDLE Module,
                                           PNDIS_OID_REQUEST Request)
{
    NDIS_STATUS status;
    ULONG64 values[LWFP_VALUES];

    LwfpValuesOfRequest(values, Request);
    LwfpEnters(Ddi, Module, values, LWFP_VALUES, NULL);
    status = Handler(Module, Request);
    /* One that pends may be gone already. */
    if (status != NDIS_STATUS_PENDING) LwfpValuesOfRequest(values, Request);
    LwfpLeavesStatus(Ddi, Module, status, values, LWFP_VALUES);
    return status;
}

static __inline VOID LwfpOidComplete(const CHAR *Ddi, FILTER_OID_REQUEST_COMPLETE_HANDLER Handler, NDIS_HANDLE Module,
                                     PNDIS_OID_REQUEST Request, NDIS_STATUS Status)
{
    ULONG64 values[LWFP_VALUES];

    LwfpValuesOfRequest(values, Request);
    LwfpSay(LWFP_ENTER, Ddi, 0, NULL, Module, LWFP_HAS_STATUS, (ULONG)Status, values, LWFP_VALUES, NULL, NULL);
    Handler(Module, Request, Status);
    LwfpLeaves(Ddi, Module);
}

static __inline VOID LwfpCancelOid(const CHAR *Ddi, FILTER_CANCEL_OID_REQUEST_HANDLER Handler, NDIS_HANDLE Module, PVOID RequestId)
{
    ULONG64 value = LWFP_ID(RequestId);

    LwfpEnters(Ddi, Module, &value, 1, NULL);
    Handler(Module, RequestId);
    LwfpLeaves(Ddi, Module);
}

static __inline VOID LwfpDevicePnP(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNET_DEVICE_PNP_EVENT Event)
{
    ULONG64 value = (ULONG64)(ULONG)Event->DevicePnPEvent;

    LwfpEnters("FilterDevicePnPEventNotify", Module, &value, 1, NULL);
    Slot->Original.DevicePnPEventNotifyHandler(Module, Event);
    LwfpLeaves("FilterDevicePnPEventNotify", Module);
}

static __inline NDIS_STATUS LwfpNetPnP(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNET_PNP_EVENT_NOTIFICATION Event)
{
    NDIS_STATUS status;
    ULONG64 values[2];

    LwfpValuesOfNetEvent(values, Event);
    LwfpEnters("FilterNetPnPEvent", Module, values, 2, NULL);
    status = Slot->Original.NetPnPEventHandler(Module, Event);
    LwfpLeavesStatus("FilterNetPnPEvent", Module, status, NULL, 0);
    return status;
}

static __inline VOID LwfpStatus(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNDIS_STATUS_INDICATION Indication)
{
    ULONG64 values[2];

    values[0] = (ULONG)Indication->StatusCode;
    values[1] = LWFP_ID(Indication->SourceHandle);
    LwfpEnters("FilterStatus", Module, values, 2, NULL);
    Slot->Original.StatusHandler(Module, Indication);
    LwfpLeaves("FilterStatus", Module);
}

/* ---- Handlers: data ---------------------------------------------------------------------------------------------------------- */

static __inline VOID LwfpSend(LWFP_DATA_SET *Set, NDIS_HANDLE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    ULONG64 flags = Flags;

    LwfpEnters("FilterSendNetBufferLists", Module, &flags, 1, Chain);
    Set->Send(Module, Chain, Port, Flags);
    LwfpLeaves("FilterSendNetBufferLists", Module);
}

static __inline VOID LwfpSendComplete(LWFP_DATA_SET *Set, NDIS_HANDLE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    ULONG64 flags = Flags;

    LwfpEnters("FilterSendNetBufferListsComplete", Module, &flags, 1, Chain);
    Set->SendComplete(Module, Chain, Flags);
    LwfpLeaves("FilterSendNetBufferListsComplete", Module);
}

static __inline VOID LwfpCancelSend(LWFP_DATA_SET *Set, NDIS_HANDLE Module, PVOID CancelId)
{
    ULONG64 id = LWFP_ID(CancelId);

    LwfpEnters("FilterCancelSendNetBufferLists", Module, &id, 1, NULL);
    Set->CancelSend(Module, CancelId);
    LwfpLeaves("FilterCancelSendNetBufferLists", Module);
}

static __inline VOID LwfpReceive(LWFP_DATA_SET *Set, NDIS_HANDLE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count,
                                 ULONG Flags)
{
    ULONG64 values[2];

    values[0] = Count;
    values[1] = Flags;
    LwfpEnters("FilterReceiveNetBufferLists", Module, values, 2, Chain);
    Set->Receive(Module, Chain, Port, Count, Flags);
    /* What was only lent is NDIS's again, and has to look as it did. */
    LwfpSay(LWFP_LEAVE, "FilterReceiveNetBufferLists", 0, NULL, Module, 0, 0, NULL, 0,
            (Flags & NDIS_RECEIVE_FLAGS_RESOURCES) ? Chain : NULL, NULL);
}

static __inline VOID LwfpReturn(LWFP_DATA_SET *Set, NDIS_HANDLE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    ULONG64 flags = Flags;

    LwfpEnters("FilterReturnNetBufferLists", Module, &flags, 1, Chain);
    Set->Return(Module, Chain, Flags);
    LwfpLeaves("FilterReturnNetBufferLists", Module);
}

/* ---- One set of thunks for each slot: a handler is told of its module only, and not of the registration it belongs to --------- */

#if LWFP_NDIS61
#define LWFP_DIRECT_THUNKS(n)                                                                                                    \
    static NDIS_STATUS NTAPI LwfpDirectOid##n(NDIS_HANDLE m, PNDIS_OID_REQUEST r)                                                \
    {                                                                                                                            \
        return LwfpOidRequest("FilterDirectOidRequest", LwfpState.Registrations[n].Original.DirectOidRequestHandler, m, r);      \
    }                                                                                                                            \
    static VOID NTAPI LwfpDirectOidComplete##n(NDIS_HANDLE m, PNDIS_OID_REQUEST r, NDIS_STATUS s)                                \
    {                                                                                                                            \
        LwfpOidComplete("FilterDirectOidRequestComplete", LwfpState.Registrations[n].Original.DirectOidRequestCompleteHandler,   \
                        m, r, s);                                                                                                \
    }                                                                                                                            \
    static VOID NTAPI LwfpCancelDirectOid##n(NDIS_HANDLE m, PVOID i)                                                             \
    {                                                                                                                            \
        LwfpCancelOid("FilterCancelDirectOidRequest", LwfpState.Registrations[n].Original.CancelDirectOidRequestHandler, m, i);  \
    }
#define LWFP_INSTALL_DIRECT(n)                                                                                                   \
    LWFP_INSTALL(DirectOidRequestHandler, LwfpDirectOid##n)                                                                      \
    LWFP_INSTALL(DirectOidRequestCompleteHandler, LwfpDirectOidComplete##n)                                                      \
    LWFP_INSTALL(CancelDirectOidRequestHandler, LwfpCancelDirectOid##n)
#else
#define LWFP_DIRECT_THUNKS(n)
#define LWFP_INSTALL_DIRECT(n)
#endif

#if LWFP_NDIS680
static __inline NDIS_STATUS LwfpSynchronousOid(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNDIS_OID_REQUEST Request, PVOID *Context)
{
    NDIS_STATUS status;
    ULONG64 values[LWFP_VALUES];

    LwfpValuesOfRequest(values, Request);
    LwfpEnters("FilterSynchronousOidRequest", Module, values, LWFP_VALUES, NULL);
    status = Slot->Original.SynchronousOidRequestHandler(Module, Request, Context);
    LwfpValuesOfRequest(values, Request);
    LwfpLeavesStatus("FilterSynchronousOidRequest", Module, status, values, LWFP_VALUES);
    return status;
}

static __inline VOID LwfpSynchronousOidComplete(LWFP_REGISTRATION *Slot, NDIS_HANDLE Module, PNDIS_OID_REQUEST Request,
                                                NDIS_STATUS *Status, PVOID Context)
{
    ULONG64 values[LWFP_VALUES];

    LwfpValuesOfRequest(values, Request);
    LwfpSay(LWFP_ENTER, "FilterSynchronousOidRequestComplete", 0, NULL, Module, LWFP_HAS_STATUS, (ULONG)*Status, values, LWFP_VALUES,
            NULL, NULL);
    Slot->Original.SynchronousOidRequestCompleteHandler(Module, Request, Status, Context);
    LwfpLeavesStatus("FilterSynchronousOidRequestComplete", Module, *Status, values, LWFP_VALUES);
}
#define LWFP_SYNCHRONOUS_THUNKS(n)                                                                                               \
    static NDIS_STATUS NTAPI LwfpSynchronousOid##n(NDIS_HANDLE m, PNDIS_OID_REQUEST r, PVOID *c)                                 \
    {                                                                                                                            \
        return LwfpSynchronousOid(&LwfpState.Registrations[n], m, r, c);                                                         \
    }                                                                                                                            \
    static VOID NTAPI LwfpSynchronousOidComplete##n(NDIS_HANDLE m, PNDIS_OID_REQUEST r, NDIS_STATUS *s, PVOID c)                 \
    {                                                                                                                            \
        LwfpSynchronousOidComplete(&LwfpState.Registrations[n], m, r, s, c);                                                     \
    }
#define LWFP_INSTALL_SYNCHRONOUS(n)                                                                                              \
    LWFP_INSTALL(SynchronousOidRequestHandler, LwfpSynchronousOid##n)                                                            \
    LWFP_INSTALL(SynchronousOidRequestCompleteHandler, LwfpSynchronousOidComplete##n)
#else
#define LWFP_SYNCHRONOUS_THUNKS(n)
#define LWFP_INSTALL_SYNCHRONOUS(n)
#endif

/* What is beyond the size that the driver gives is not its own; what is NULL stays NULL. */
#define LWFP_INSTALL(member, thunk)                                                                                              \
    if (RTL_SIZEOF_THROUGH_FIELD(NDIS_FILTER_DRIVER_CHARACTERISTICS, member) <= Copy->Header.Size && Copy->member != NULL)       \
        Copy->member = thunk;

#define LWFP_REGISTRATION_THUNKS(n)                                                                                              \
    static NDIS_STATUS NTAPI LwfpSetOptions##n(NDIS_HANDLE d, NDIS_HANDLE c)                                                     \
    {                                                                                                                            \
        return LwfpSetOptions(&LwfpState.Registrations[n], d, c);                                                                \
    }                                                                                                                            \
    static NDIS_STATUS NTAPI LwfpSetModuleOptions##n(NDIS_HANDLE m)                                                              \
    {                                                                                                                            \
        return LwfpSetModuleOptions(&LwfpState.Registrations[n], m);                                                             \
    }                                                                                                                            \
    static NDIS_STATUS NTAPI LwfpAttach##n(NDIS_HANDLE f, NDIS_HANDLE c, PNDIS_FILTER_ATTACH_PARAMETERS p)                       \
    {                                                                                                                            \
        return LwfpAttach(&LwfpState.Registrations[n], f, c, p);                                                                 \
    }                                                                                                                            \
    static VOID NTAPI LwfpDetach##n(NDIS_HANDLE m)                                                                               \
    {                                                                                                                            \
        LwfpDetach(&LwfpState.Registrations[n], m);                                                                              \
    }                                                                                                                            \
    static NDIS_STATUS NTAPI LwfpRestart##n(NDIS_HANDLE m, PNDIS_FILTER_RESTART_PARAMETERS p)                                    \
    {                                                                                                                            \
        return LwfpRestart(&LwfpState.Registrations[n], m, p);                                                                   \
    }                                                                                                                            \
    static NDIS_STATUS NTAPI LwfpPause##n(NDIS_HANDLE m, PNDIS_FILTER_PAUSE_PARAMETERS p)                                        \
    {                                                                                                                            \
        return LwfpPause(&LwfpState.Registrations[n], m, p);                                                                     \
    }                                                                                                                            \
    static NDIS_STATUS NTAPI LwfpOid##n(NDIS_HANDLE m, PNDIS_OID_REQUEST r)                                                      \
    {                                                                                                                            \
        return LwfpOidRequest("FilterOidRequest", LwfpState.Registrations[n].Original.OidRequestHandler, m, r);                  \
    }                                                                                                                            \
    static VOID NTAPI LwfpOidComplete##n(NDIS_HANDLE m, PNDIS_OID_REQUEST r, NDIS_STATUS s)                                      \
    {                                                                                                                            \
        LwfpOidComplete("FilterOidRequestComplete", LwfpState.Registrations[n].Original.OidRequestCompleteHandler, m, r, s);     \
    }                                                                                                                            \
    static VOID NTAPI LwfpCancelOid##n(NDIS_HANDLE m, PVOID i)                                                                   \
    {                                                                                                                            \
        LwfpCancelOid("FilterCancelOidRequest", LwfpState.Registrations[n].Original.CancelOidRequestHandler, m, i);              \
    }                                                                                                                            \
    static VOID NTAPI LwfpDevicePnP##n(NDIS_HANDLE m, PNET_DEVICE_PNP_EVENT e)                                                   \
    {                                                                                                                            \
        LwfpDevicePnP(&LwfpState.Registrations[n], m, e);                                                                        \
    }                                                                                                                            \
    static NDIS_STATUS NTAPI LwfpNetPnP##n(NDIS_HANDLE m, PNET_PNP_EVENT_NOTIFICATION e)                                         \
    {                                                                                                                            \
        return LwfpNetPnP(&LwfpState.Registrations[n], m, e);                                                                    \
    }                                                                                                                            \
    static VOID NTAPI LwfpStatus##n(NDIS_HANDLE m, PNDIS_STATUS_INDICATION i)                                                    \
    {                                                                                                                            \
        LwfpStatus(&LwfpState.Registrations[n], m, i);                                                                           \
    }                                                                                                                            \
    LWFP_DIRECT_THUNKS(n)                                                                                                        \
    LWFP_SYNCHRONOUS_THUNKS(n)                                                                                                   \
    LWFP_APART VOID LwfpInstall##n(PNDIS_FILTER_DRIVER_CHARACTERISTICS Copy)                                                     \
    {                                                                                                                            \
        LWFP_INSTALL(SetOptionsHandler, LwfpSetOptions##n)                                                                       \
        LWFP_INSTALL(SetFilterModuleOptionsHandler, LwfpSetModuleOptions##n)                                                     \
        LWFP_INSTALL(AttachHandler, LwfpAttach##n)                                                                               \
        LWFP_INSTALL(DetachHandler, LwfpDetach##n)                                                                               \
        LWFP_INSTALL(RestartHandler, LwfpRestart##n)                                                                             \
        LWFP_INSTALL(PauseHandler, LwfpPause##n)                                                                                 \
        LWFP_INSTALL(OidRequestHandler, LwfpOid##n)                                                                              \
        LWFP_INSTALL(OidRequestCompleteHandler, LwfpOidComplete##n)                                                              \
        LWFP_INSTALL(CancelOidRequestHandler, LwfpCancelOid##n)                                                                  \
        LWFP_INSTALL(DevicePnPEventNotifyHandler, LwfpDevicePnP##n)                                                              \
        LWFP_INSTALL(NetPnPEventHandler, LwfpNetPnP##n)                                                                          \
        LWFP_INSTALL(StatusHandler, LwfpStatus##n)                                                                               \
        LWFP_INSTALL_DIRECT(n)                                                                                                   \
        LWFP_INSTALL_SYNCHRONOUS(n)                                                                                              \
    }
LWFP_REGISTRATION_THUNKS(0)
LWFP_REGISTRATION_THUNKS(1)
LWFP_REGISTRATION_THUNKS(2)
LWFP_REGISTRATION_THUNKS(3)

#define LWFP_DATA_THUNKS(n)                                                                                                      \
    static VOID NTAPI LwfpSend##n(NDIS_HANDLE m, PNET_BUFFER_LIST l, NDIS_PORT_NUMBER p, ULONG f)                                \
    {                                                                                                                            \
        LwfpSend(&LwfpState.DataSets[n], m, l, p, f);                                                                            \
    }                                                                                                                            \
    static VOID NTAPI LwfpSendComplete##n(NDIS_HANDLE m, PNET_BUFFER_LIST l, ULONG f)                                            \
    {                                                                                                                            \
        LwfpSendComplete(&LwfpState.DataSets[n], m, l, f);                                                                       \
    }                                                                                                                            \
    static VOID NTAPI LwfpCancelSend##n(NDIS_HANDLE m, PVOID i)                                                                  \
    {                                                                                                                            \
        LwfpCancelSend(&LwfpState.DataSets[n], m, i);                                                                            \
    }                                                                                                                            \
    static VOID NTAPI LwfpReceive##n(NDIS_HANDLE m, PNET_BUFFER_LIST l, NDIS_PORT_NUMBER p, ULONG c, ULONG f)                    \
    {                                                                                                                            \
        LwfpReceive(&LwfpState.DataSets[n], m, l, p, c, f);                                                                      \
    }                                                                                                                            \
    static VOID NTAPI LwfpReturn##n(NDIS_HANDLE m, PNET_BUFFER_LIST l, ULONG f)                                                  \
    {                                                                                                                            \
        LwfpReturn(&LwfpState.DataSets[n], m, l, f);                                                                             \
    }
LWFP_DATA_THUNKS(0)
LWFP_DATA_THUNKS(1)
LWFP_DATA_THUNKS(2)
LWFP_DATA_THUNKS(3)
LWFP_DATA_THUNKS(4)
LWFP_DATA_THUNKS(5)
LWFP_DATA_THUNKS(6)
LWFP_DATA_THUNKS(7)

#define LWFP_SET_OF_THUNKS(n) {LwfpSend##n, LwfpSendComplete##n, LwfpCancelSend##n, LwfpReceive##n, LwfpReturn##n, 2}

/* A set of handlers that was seen before has its slot already: modules of one kind share it. FALSE: no slot is left. */
LWFP_APART BOOLEAN LwfpThunksFor(LWFP_DATA_SET *Set, const CHAR *Ddi, ULONG Line)
{
    static const LWFP_DATA_SET thunks[LWFP_DATA_SETS] = {
        LWFP_SET_OF_THUNKS(0), LWFP_SET_OF_THUNKS(1), LWFP_SET_OF_THUNKS(2), LWFP_SET_OF_THUNKS(3),
        LWFP_SET_OF_THUNKS(4), LWFP_SET_OF_THUNKS(5), LWFP_SET_OF_THUNKS(6), LWFP_SET_OF_THUNKS(7),
    };
    LWFP_DATA_SET *known;
    ULONG n;

    for (n = 0; n < LWFP_DATA_SETS; n += 1) {
        known = &LwfpState.DataSets[n];
        if (InterlockedCompareExchange(&known->Used, 1, 0) == 0) {
            known->Send = Set->Send;
            known->SendComplete = Set->SendComplete;
            known->CancelSend = Set->CancelSend;
            known->Receive = Set->Receive;
            known->Return = Set->Return;
            InterlockedExchange(&known->Used, 2);
        }
        if (known->Used == 2 && known->Send == Set->Send && known->SendComplete == Set->SendComplete &&
            known->CancelSend == Set->CancelSend && known->Receive == Set->Receive && known->Return == Set->Return) {
            if (Set->Send != NULL) Set->Send = thunks[n].Send;
            if (Set->SendComplete != NULL) Set->SendComplete = thunks[n].SendComplete;
            if (Set->CancelSend != NULL) Set->CancelSend = thunks[n].CancelSend;
            if (Set->Receive != NULL) Set->Receive = thunks[n].Receive;
            if (Set->Return != NULL) Set->Return = thunks[n].Return;
            return TRUE;
        }
    }
    LwfpLimit(Ddi, Line);
    return FALSE;
}

/* The five members have the same names in both structures. */
#define LWFP_REPLACE_DATA_HANDLERS(copy, ddi, line)                                                                              \
    do {                                                                                                                         \
        LWFP_DATA_SET set = {(copy)->SendNetBufferListsHandler,      (copy)->SendNetBufferListsCompleteHandler,                  \
                             (copy)->CancelSendNetBufferListsHandler, (copy)->ReceiveNetBufferListsHandler,                      \
                             (copy)->ReturnNetBufferListsHandler,     0};                                                        \
        if (LwfpThunksFor(&set, ddi, line)) {                                                                                    \
            (copy)->SendNetBufferListsHandler = set.Send;                                                                        \
            (copy)->SendNetBufferListsCompleteHandler = set.SendComplete;                                                        \
            (copy)->CancelSendNetBufferListsHandler = set.CancelSend;                                                            \
            (copy)->ReceiveNetBufferListsHandler = set.Receive;                                                                  \
            (copy)->ReturnNetBufferListsHandler = set.Return;                                                                    \
        }                                                                                                                        \
    } while (0)

/* ---- Life of the driver ------------------------------------------------------------------------------------------------------ */

/* Which handlers are not NULL, a bit each, in the order of their members as the decoder knows it. */
#define LWFP_SUPPLIES(bit, member)                                                                                               \
    if (RTL_SIZEOF_THROUGH_FIELD(NDIS_FILTER_DRIVER_CHARACTERISTICS, member) <= Original->Header.Size && Original->member != NULL) \
        supplied |= 1ULL << (bit);

LWFP_APART ULONG64 LwfpSupplied(PNDIS_FILTER_DRIVER_CHARACTERISTICS Original)
{
    ULONG64 supplied = 0;

    LWFP_SUPPLIES(0, SetOptionsHandler)
    LWFP_SUPPLIES(1, SetFilterModuleOptionsHandler)
    LWFP_SUPPLIES(2, AttachHandler)
    LWFP_SUPPLIES(3, DetachHandler)
    LWFP_SUPPLIES(4, RestartHandler)
    LWFP_SUPPLIES(5, PauseHandler)
    LWFP_SUPPLIES(6, SendNetBufferListsHandler)
    LWFP_SUPPLIES(7, SendNetBufferListsCompleteHandler)
    LWFP_SUPPLIES(8, CancelSendNetBufferListsHandler)
    LWFP_SUPPLIES(9, ReceiveNetBufferListsHandler)
    LWFP_SUPPLIES(10, ReturnNetBufferListsHandler)
    LWFP_SUPPLIES(11, OidRequestHandler)
    LWFP_SUPPLIES(12, OidRequestCompleteHandler)
    LWFP_SUPPLIES(13, CancelOidRequestHandler)
#if LWFP_NDIS61
    LWFP_SUPPLIES(14, DirectOidRequestHandler)
    LWFP_SUPPLIES(15, DirectOidRequestCompleteHandler)
    LWFP_SUPPLIES(16, CancelDirectOidRequestHandler)
#endif
#if LWFP_NDIS680
    LWFP_SUPPLIES(17, SynchronousOidRequestHandler)
    LWFP_SUPPLIES(18, SynchronousOidRequestCompleteHandler)
#endif
    LWFP_SUPPLIES(19, DevicePnPEventNotifyHandler)
    LWFP_SUPPLIES(20, NetPnPEventHandler)
    LWFP_SUPPLIES(21, StatusHandler)
    return supplied;
}

LWFP_APART VOID LwfpInstall(ULONG Slot, PNDIS_FILTER_DRIVER_CHARACTERISTICS Copy)
{
    switch (Slot) {
    case 0: LwfpInstall0(Copy); break;
    case 1: LwfpInstall1(Copy); break;
    case 2: LwfpInstall2(Copy); break;
    default: LwfpInstall3(Copy); break;
    }
}

LWFP_APART NDIS_STATUS LwfpRegisterFilterDriver(PDRIVER_OBJECT DriverObject, NDIS_HANDLE Context,
                                                PNDIS_FILTER_DRIVER_CHARACTERISTICS Original, PNDIS_HANDLE Handle, ULONG Line)
{
    static const CHAR ddi[] = "NdisFRegisterFilterDriver";
    NDIS_FILTER_DRIVER_CHARACTERISTICS copy = *Original;
    LWFP_REGISTRATION *registration = NULL;
    NDIS_STATUS status;
    ULONG64 values[3];
    ULONG slot;

    LwfpOpen();
    LwfpState.Driver = DriverObject;
    values[0] = LwfpSupplied(Original);
    values[1] = Original->MajorNdisVersion;
    values[2] = Original->MinorNdisVersion;
    LwfpCalls(ddi, Line, NULL, values, 3);
    for (slot = 0; slot < LWFP_REGISTRATIONS; slot += 1)
        if (InterlockedCompareExchange(&LwfpState.Registrations[slot].Used, 1, 0) == 0) break;
    if (slot == LWFP_REGISTRATIONS) {
        LwfpLimit(ddi, Line);
    } else {
        registration = &LwfpState.Registrations[slot];
        registration->Original = *Original;
        LwfpInstall(slot, &copy);
        LWFP_REPLACE_DATA_HANDLERS(&copy, ddi, Line);
    }
    InterlockedIncrement(&LwfpState.Registered);
    status = NdisFRegisterFilterDriver(DriverObject, Context, &copy, Handle);
    values[0] = status == NDIS_STATUS_SUCCESS ? LWFP_ID(*Handle) : 0;
    LwfpReturnsStatus(ddi, Line, NULL, status, values, 1);
    if (status == NDIS_STATUS_SUCCESS) {
        if (registration != NULL) registration->Handle = *Handle;
        LwfpHookUnload();
        return status;
    }
    if (registration != NULL) InterlockedExchange(&registration->Used, 0);
    if (InterlockedDecrement(&LwfpState.Registered) == 0 && !LwfpClosesLater()) LwfpClose();
    return status;
}

LWFP_APART VOID LwfpDeregisterFilterDriver(NDIS_HANDLE Handle, ULONG Line)
{
    static const CHAR ddi[] = "NdisFDeregisterFilterDriver";
    ULONG slot;

    LwfpCalls(ddi, Line, Handle, NULL, 0);
    NdisFDeregisterFilterDriver(Handle);
    LwfpReturns(ddi, Line, Handle, NULL, 0);
    for (slot = 0; slot < LWFP_REGISTRATIONS; slot += 1) {
        LWFP_REGISTRATION *registration = &LwfpState.Registrations[slot];
        if (registration->Used && registration->Handle == Handle) {
            registration->Handle = NULL;
            InterlockedExchange(&registration->Used, 0);
        }
    }
    if (InterlockedDecrement(&LwfpState.Registered) == 0 && !LwfpClosesLater()) LwfpClose();
}

LWFP_APART NDIS_STATUS LwfpSetOptionalHandlers(NDIS_HANDLE Handle, PNDIS_DRIVER_OPTIONAL_HANDLERS Handlers, ULONG Line)
{
    static const CHAR ddi[] = "NdisSetOptionalHandlers";
    NDIS_FILTER_PARTIAL_CHARACTERISTICS copy;
    PNDIS_FILTER_PARTIAL_CHARACTERISTICS original;
    NDIS_STATUS status;
    ULONG64 supplied = 0;

    if (Handlers->Type != NDIS_OBJECT_TYPE_FILTER_PARTIAL_CHARACTERISTICS ||
        Handlers->Size < NDIS_SIZEOF_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1)
        return NdisSetOptionalHandlers(Handle, Handlers);
    original = (PNDIS_FILTER_PARTIAL_CHARACTERISTICS)Handlers;
    copy = *original;
    if (copy.SendNetBufferListsHandler != NULL) supplied |= 1ULL << 6;
    if (copy.SendNetBufferListsCompleteHandler != NULL) supplied |= 1ULL << 7;
    if (copy.CancelSendNetBufferListsHandler != NULL) supplied |= 1ULL << 8;
    if (copy.ReceiveNetBufferListsHandler != NULL) supplied |= 1ULL << 9;
    if (copy.ReturnNetBufferListsHandler != NULL) supplied |= 1ULL << 10;
    LwfpCalls(ddi, Line, Handle, &supplied, 1);
    LWFP_REPLACE_DATA_HANDLERS(&copy, ddi, Line);
    status = NdisSetOptionalHandlers(Handle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&copy);
    LwfpReturnsStatus(ddi, Line, Handle, status, NULL, 0);
    return status;
}

static __inline NDIS_STATUS LwfpSetAttributes(NDIS_HANDLE Handle, NDIS_HANDLE Context, PNDIS_FILTER_ATTRIBUTES Attributes, ULONG Line)
{
    NDIS_STATUS status;
    ULONG64 value = LWFP_ID(Context);

    LwfpCalls("NdisFSetAttributes", Line, Handle, &value, 1);
    status = NdisFSetAttributes(Handle, Context, Attributes);
    LwfpReturnsStatus("NdisFSetAttributes", Line, Handle, status, NULL, 0);
    return status;
}

static __inline VOID LwfpPauseComplete(NDIS_HANDLE Handle, ULONG Line)
{
    LwfpCalls("NdisFPauseComplete", Line, Handle, NULL, 0);
    NdisFPauseComplete(Handle);
    LwfpReturns("NdisFPauseComplete", Line, Handle, NULL, 0);
}

static __inline VOID LwfpRestartComplete(NDIS_HANDLE Handle, NDIS_STATUS Status, ULONG Line)
{
    LwfpSay(LWFP_CALL, "NdisFRestartComplete", Line, Handle, NULL, LWFP_HAS_STATUS, (ULONG)Status, NULL, 0, NULL, NULL);
    NdisFRestartComplete(Handle, Status);
    LwfpReturns("NdisFRestartComplete", Line, Handle, NULL, 0);
}

static __inline NDIS_STATUS LwfpRestartFilter(NDIS_HANDLE Handle, ULONG Line)
{
    NDIS_STATUS status;

    LwfpCalls("NdisFRestartFilter", Line, Handle, NULL, 0);
    status = NdisFRestartFilter(Handle);
    LwfpReturnsStatus("NdisFRestartFilter", Line, Handle, status, NULL, 0);
    return status;
}

/* ---- Data -------------------------------------------------------------------------------------------------------------------- */

static __inline VOID LwfpFSend(NDIS_HANDLE Handle, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags, ULONG Line)
{
    ULONG64 flags = Flags;

    LwfpCallsWith("NdisFSendNetBufferLists", Line, Handle, &flags, 1, Chain);
    NdisFSendNetBufferLists(Handle, Chain, Port, Flags);
    LwfpReturns("NdisFSendNetBufferLists", Line, Handle, NULL, 0);
}

static __inline VOID LwfpFSendComplete(NDIS_HANDLE Handle, PNET_BUFFER_LIST Chain, ULONG Flags, ULONG Line)
{
    ULONG64 flags = Flags;

    LwfpCallsWith("NdisFSendNetBufferListsComplete", Line, Handle, &flags, 1, Chain);
    NdisFSendNetBufferListsComplete(Handle, Chain, Flags);
    LwfpReturns("NdisFSendNetBufferListsComplete", Line, Handle, NULL, 0);
}

static __inline VOID LwfpFCancelSend(NDIS_HANDLE Handle, PVOID CancelId, ULONG Line)
{
    ULONG64 id = LWFP_ID(CancelId);

    LwfpCalls("NdisFCancelSendNetBufferLists", Line, Handle, &id, 1);
    NdisFCancelSendNetBufferLists(Handle, CancelId);
    LwfpReturns("NdisFCancelSendNetBufferLists", Line, Handle, NULL, 0);
}

static __inline VOID LwfpFIndicate(NDIS_HANDLE Handle, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags,
                                   ULONG Line)
{
    ULONG64 values[2];

    values[0] = Count;
    values[1] = Flags;
    LwfpCallsWith("NdisFIndicateReceiveNetBufferLists", Line, Handle, values, 2, Chain);
    NdisFIndicateReceiveNetBufferLists(Handle, Chain, Port, Count, Flags);
    LwfpReturns("NdisFIndicateReceiveNetBufferLists", Line, Handle, NULL, 0);
}

static __inline VOID LwfpFReturn(NDIS_HANDLE Handle, PNET_BUFFER_LIST Chain, ULONG Flags, ULONG Line)
{
    ULONG64 flags = Flags;

    LwfpCallsWith("NdisFReturnNetBufferLists", Line, Handle, &flags, 1, Chain);
    NdisFReturnNetBufferLists(Handle, Chain, Flags);
    LwfpReturns("NdisFReturnNetBufferLists", Line, Handle, NULL, 0);
}

/* ---- OID requests, status, Plug and Play --------------------------------------------------------------------------------------- */

#define LWFP_ISSUES(name, function)                                                                                              \
    static __inline NDIS_STATUS name(NDIS_HANDLE Handle, PNDIS_OID_REQUEST Request, ULONG Line)                                  \
    {                                                                                                                            \
        NDIS_STATUS status;                                                                                                      \
        ULONG64 values[LWFP_VALUES];                                                                                             \
                                                                                                                                 \
        LwfpValuesOfRequest(values, Request);                                                                                    \
        LwfpCalls(#function, Line, Handle, values, LWFP_VALUES);                                                                 \
        status = function(Handle, Request);                                                                                      \
        if (status != NDIS_STATUS_PENDING) LwfpValuesOfRequest(values, Request);                                                 \
        LwfpReturnsStatus(#function, Line, Handle, status, values, LWFP_VALUES);                                                 \
        return status;                                                                                                           \
    }

#define LWFP_COMPLETES(name, function)                                                                                           \
    static __inline VOID name(NDIS_HANDLE Handle, PNDIS_OID_REQUEST Request, NDIS_STATUS Status, ULONG Line)                     \
    {                                                                                                                            \
        ULONG64 values[LWFP_VALUES];                                                                                             \
                                                                                                                                 \
        LwfpValuesOfRequest(values, Request);                                                                                    \
        LwfpSay(LWFP_CALL, #function, Line, Handle, NULL, LWFP_HAS_STATUS, (ULONG)Status, values, LWFP_VALUES, NULL, NULL);       \
        function(Handle, Request, Status);                                                                                       \
        LwfpReturns(#function, Line, Handle, NULL, 0);                                                                           \
    }

#define LWFP_CANCELS(name, function)                                                                                             \
    static __inline VOID name(NDIS_HANDLE Handle, PVOID RequestId, ULONG Line)                                                   \
    {                                                                                                                            \
        ULONG64 id = LWFP_ID(RequestId);                                                                                         \
                                                                                                                                 \
        LwfpCalls(#function, Line, Handle, &id, 1);                                                                              \
        function(Handle, RequestId);                                                                                             \
        LwfpReturns(#function, Line, Handle, NULL, 0);                                                                           \
    }

LWFP_ISSUES(LwfpFOid, NdisFOidRequest)
LWFP_COMPLETES(LwfpFOidComplete, NdisFOidRequestComplete)
LWFP_CANCELS(LwfpFCancelOid, NdisFCancelOidRequest)
#if LWFP_DIRECT_CALLS
LWFP_ISSUES(LwfpFDirectOid, NdisFDirectOidRequest)
LWFP_COMPLETES(LwfpFDirectOidComplete, NdisFDirectOidRequestComplete)
LWFP_CANCELS(LwfpFCancelDirectOid, NdisFCancelDirectOidRequest)
#endif
#if LWFP_SYNCHRONOUS_CALLS
LWFP_ISSUES(LwfpFSynchronousOid, NdisFSynchronousOidRequest)
#endif

static __inline NDIS_STATUS LwfpAllocateCloneOid(NDIS_HANDLE Handle, PNDIS_OID_REQUEST Request, UINT Tag, PNDIS_OID_REQUEST *Clone,
                                                 ULONG Line)
{
    NDIS_STATUS status;
    ULONG64 values[2];

    values[0] = LWFP_ID(Request);
    values[1] = Tag;
    LwfpCalls("NdisAllocateCloneOidRequest", Line, Handle, values, 2);
    status = NdisAllocateCloneOidRequest(Handle, Request, Tag, Clone);
    values[0] = status == NDIS_STATUS_SUCCESS ? LWFP_ID(*Clone) : 0;
    LwfpReturnsStatus("NdisAllocateCloneOidRequest", Line, Handle, status, values, 1);
    return status;
}

static __inline VOID LwfpFreeCloneOid(NDIS_HANDLE Handle, PNDIS_OID_REQUEST Clone, ULONG Line)
{
    ULONG64 value = LWFP_ID(Clone);

    LwfpCalls("NdisFreeCloneOidRequest", Line, Handle, &value, 1);
    NdisFreeCloneOidRequest(Handle, Clone);
    LwfpReturns("NdisFreeCloneOidRequest", Line, Handle, NULL, 0);
}

static __inline VOID LwfpFIndicateStatus(NDIS_HANDLE Handle, PNDIS_STATUS_INDICATION Indication, ULONG Line)
{
    ULONG64 values[2];

    values[0] = (ULONG)Indication->StatusCode;
    values[1] = LWFP_ID(Indication->SourceHandle);
    LwfpCalls("NdisFIndicateStatus", Line, Handle, values, 2);
    NdisFIndicateStatus(Handle, Indication);
    LwfpReturns("NdisFIndicateStatus", Line, Handle, NULL, 0);
}

static __inline NDIS_STATUS LwfpFNetPnP(NDIS_HANDLE Handle, PNET_PNP_EVENT_NOTIFICATION Event, ULONG Line)
{
    NDIS_STATUS status;
    ULONG64 values[2];

    LwfpValuesOfNetEvent(values, Event);
    LwfpCalls("NdisFNetPnPEvent", Line, Handle, values, 2);
    status = NdisFNetPnPEvent(Handle, Event);
    LwfpReturnsStatus("NdisFNetPnPEvent", Line, Handle, status, NULL, 0);
    return status;
}

static __inline VOID LwfpFDevicePnP(NDIS_HANDLE Handle, PNET_DEVICE_PNP_EVENT Event, ULONG Line)
{
    ULONG64 value = (ULONG64)(ULONG)Event->DevicePnPEvent;

    LwfpCalls("NdisFDevicePnPEventNotify", Line, Handle, &value, 1);
    NdisFDevicePnPEventNotify(Handle, Event);
    LwfpReturns("NdisFDevicePnPEventNotify", Line, Handle, NULL, 0);
}

#if defined(NDIS_SUPPORT_NDIS630) && NDIS_SUPPORT_NDIS630
static __inline NDIS_STATUS LwfpFSwitchHandlers(NDIS_HANDLE Handle, PNDIS_SWITCH_CONTEXT Switch, PNDIS_SWITCH_OPTIONAL_HANDLERS Handlers,
                                                ULONG Line)
{
    NDIS_STATUS status;

    LwfpCalls("NdisFGetOptionalSwitchHandlers", Line, Handle, NULL, 0);
    status = NdisFGetOptionalSwitchHandlers(Handle, Switch, Handlers);
    LwfpReturnsStatus("NdisFGetOptionalSwitchHandlers", Line, Handle, status, NULL, 0);
    return status;
}
#endif

/* ---- NBLs, their buffers and context space --------------------------------------------------------------------------------------- */

/* Some kits take the parameters as const, others do not. */
static __inline NDIS_HANDLE LwfpAllocateNblPool(NDIS_HANDLE Handle, const NET_BUFFER_LIST_POOL_PARAMETERS *Parameters, ULONG Line)
{
    NDIS_HANDLE pool;
    ULONG64 values[4];

    values[0] = Parameters->PoolTag;
    values[1] = Parameters->ContextSize;
    values[2] = Parameters->DataSize;
    values[3] = Parameters->fAllocateNetBuffer;
    LwfpCalls("NdisAllocateNetBufferListPool", Line, Handle, values, 4);
    pool = NdisAllocateNetBufferListPool(Handle, (NET_BUFFER_LIST_POOL_PARAMETERS *)Parameters);
    values[0] = LWFP_ID(pool);
    LwfpReturns("NdisAllocateNetBufferListPool", Line, Handle, values, 1);
    return pool;
}

static __inline VOID LwfpFreeNblPool(NDIS_HANDLE Pool, ULONG Line)
{
    ULONG64 value = LWFP_ID(Pool);

    LwfpCalls("NdisFreeNetBufferListPool", Line, NULL, &value, 1);
    NdisFreeNetBufferListPool(Pool);
    LwfpReturns("NdisFreeNetBufferListPool", Line, NULL, &value, 1);
}

/* The return from whatever makes an NBL. @param Original of which it is a clone or the like */
static __inline PNET_BUFFER_LIST LwfpMadeNbl(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Pool, PNET_BUFFER_LIST Original,
                                             PNET_BUFFER_LIST Made)
{
    ULONG64 values[2];

    values[0] = LWFP_ID(Pool);
    values[1] = LWFP_ID(Original);
    LwfpSay(LWFP_RETURN, Ddi, Line, NULL, NULL, LWFP_ONE_NBL, 0, values, (USHORT)(Original == NULL ? 1 : 2), Made, NULL);
    return Made;
}

static __inline VOID LwfpMakesNbl(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Pool, PNET_BUFFER_LIST Original)
{
    ULONG64 values[2];

    values[0] = LWFP_ID(Pool);
    values[1] = LWFP_ID(Original);
    LwfpCalls(Ddi, Line, NULL, values, (USHORT)(Original == NULL ? 1 : 2));
}

/* To a trace an NBL with a NET_BUFFER and one without are made alike. */
static __inline PNET_BUFFER_LIST LwfpAllocateNblAndNb(NDIS_HANDLE Pool, USHORT ContextSize, USHORT BackFill, PMDL Mdl, ULONG Offset,
                                                      SIZE_T Length, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateNetBufferAndNetBufferList";

    LwfpMakesNbl(ddi, Line, Pool, NULL);
    return LwfpMadeNbl(ddi, Line, Pool, NULL, NdisAllocateNetBufferAndNetBufferList(Pool, ContextSize, BackFill, Mdl, Offset, Length));
}

static __inline PNET_BUFFER_LIST LwfpAllocateNbl(NDIS_HANDLE Pool, USHORT ContextSize, USHORT BackFill, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateNetBufferAndNetBufferList";

    LwfpMakesNbl(ddi, Line, Pool, NULL);
    return LwfpMadeNbl(ddi, Line, Pool, NULL, NdisAllocateNetBufferList(Pool, ContextSize, BackFill));
}

static __inline PNET_BUFFER_LIST LwfpCloneNbl(PNET_BUFFER_LIST Original, NDIS_HANDLE Pool, NDIS_HANDLE Buffers, ULONG Flags, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateCloneNetBufferList";

    LwfpMakesNbl(ddi, Line, Pool, Original);
    return LwfpMadeNbl(ddi, Line, Pool, Original, NdisAllocateCloneNetBufferList(Original, Pool, Buffers, Flags));
}

static __inline PNET_BUFFER_LIST LwfpFragmentNbl(PNET_BUFFER_LIST Original, NDIS_HANDLE Pool, NDIS_HANDLE Buffers, ULONG Start,
                                                 ULONG Maximum, ULONG Delta, ULONG BackFill, ULONG Flags, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateFragmentNetBufferList";

    LwfpMakesNbl(ddi, Line, Pool, Original);
    return LwfpMadeNbl(ddi, Line, Pool, Original,
                       NdisAllocateFragmentNetBufferList(Original, Pool, Buffers, Start, Maximum, Delta, BackFill, Flags));
}

static __inline PNET_BUFFER_LIST LwfpReassembleNbl(PNET_BUFFER_LIST Fragments, NDIS_HANDLE Pool, ULONG Start, ULONG Delta,
                                                   ULONG BackFill, ULONG Flags, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateReassembledNetBufferList";

    LwfpMakesNbl(ddi, Line, Pool, Fragments);
    return LwfpMadeNbl(ddi, Line, Pool, Fragments,
                       NdisAllocateReassembledNetBufferList(Fragments, Pool, Start, Delta, BackFill, Flags));
}

static __inline VOID LwfpFreesNbl(const CHAR *Ddi, ULONG Line, PNET_BUFFER_LIST List)
{
    ULONG64 value = LWFP_ID(List->NdisPoolHandle);

    LwfpSay(LWFP_CALL, Ddi, Line, NULL, NULL, LWFP_ONE_NBL, 0, &value, 1, List, NULL);
}

#define LWFP_FREES_NBL(name, function, parameters, arguments)                                                                    \
    static __inline VOID name parameters                                                                                         \
    {                                                                                                                            \
        LwfpFreesNbl(#function, Line, List);                                                                                     \
        function arguments;                                                                                                      \
        LwfpReturns(#function, Line, NULL, NULL, 0);                                                                             \
    }
LWFP_FREES_NBL(LwfpFreeNbl, NdisFreeNetBufferList, (PNET_BUFFER_LIST List, ULONG Line), (List))
LWFP_FREES_NBL(LwfpFreeCloneNbl, NdisFreeCloneNetBufferList, (PNET_BUFFER_LIST List, ULONG Flags, ULONG Line), (List, Flags))
LWFP_FREES_NBL(LwfpFreeFragmentNbl, NdisFreeFragmentNetBufferList, (PNET_BUFFER_LIST List, ULONG Delta, ULONG Flags, ULONG Line),
               (List, Delta, Flags))
LWFP_FREES_NBL(LwfpFreeReassembledNbl, NdisFreeReassembledNetBufferList,
               (PNET_BUFFER_LIST List, ULONG Delta, ULONG Flags, ULONG Line), (List, Delta, Flags))

static __inline NDIS_STATUS LwfpAllocateNblContext(PNET_BUFFER_LIST List, USHORT Size, USHORT BackFill, ULONG Tag, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateNetBufferListContext";
    NDIS_STATUS status;
    ULONG64 size = Size;

    LwfpSay(LWFP_CALL, ddi, Line, NULL, NULL, LWFP_ONE_NBL, 0, &size, 1, List, NULL);
    status = NdisAllocateNetBufferListContext(List, Size, BackFill, Tag);
    LwfpSay(LWFP_RETURN, ddi, Line, NULL, NULL, LWFP_ONE_NBL | LWFP_HAS_STATUS, (ULONG)status, &size, 1, List, NULL);
    return status;
}

static __inline VOID LwfpFreeNblContext(PNET_BUFFER_LIST List, USHORT Size, ULONG Line)
{
    static const CHAR ddi[] = "NdisFreeNetBufferListContext";
    ULONG64 size = Size;

    LwfpSay(LWFP_CALL, ddi, Line, NULL, NULL, LWFP_ONE_NBL, 0, &size, 1, List, NULL);
    NdisFreeNetBufferListContext(List, Size);
    LwfpReturns(ddi, Line, NULL, NULL, 0);
}

static __inline PMDL LwfpAllocateMdl(NDIS_HANDLE Handle, PVOID Address, UINT Length, ULONG Line)
{
    PMDL mdl;
    ULONG64 value = Length;

    LwfpCalls("NdisAllocateMdl", Line, Handle, &value, 1);
    mdl = NdisAllocateMdl(Handle, Address, Length);
    value = LWFP_ID(mdl);
    LwfpReturns("NdisAllocateMdl", Line, Handle, &value, 1);
    return mdl;
}

static __inline VOID LwfpFreeMdl(PMDL Mdl, ULONG Line)
{
    ULONG64 value = LWFP_ID(Mdl);

    LwfpCalls("NdisFreeMdl", Line, NULL, &value, 1);
    NdisFreeMdl(Mdl);
    LwfpReturns("NdisFreeMdl", Line, NULL, NULL, 0);
}

static __inline VOID LwfpMovesStart(const CHAR *Ddi, ULONG Line, PNET_BUFFER Buffer, ULONG Delta)
{
    ULONG64 values[2];

    values[0] = LWFP_ID(Buffer);
    values[1] = Delta;
    LwfpCalls(Ddi, Line, NULL, values, 2);
}

static __inline NDIS_STATUS LwfpRetreat(PNET_BUFFER Buffer, ULONG Delta, ULONG BackFill, NET_BUFFER_ALLOCATE_MDL_HANDLER *Allocate,
                                        ULONG Line)
{
    NDIS_STATUS status;

    LwfpMovesStart("NdisRetreatNetBufferDataStart", Line, Buffer, Delta);
    status = NdisRetreatNetBufferDataStart(Buffer, Delta, BackFill, Allocate);
    LwfpReturnsStatus("NdisRetreatNetBufferDataStart", Line, NULL, status, NULL, 0);
    return status;
}

static __inline VOID LwfpAdvance(PNET_BUFFER Buffer, ULONG Delta, BOOLEAN FreeMdl, NET_BUFFER_FREE_MDL_HANDLER *Free, ULONG Line)
{
    LwfpMovesStart("NdisAdvanceNetBufferDataStart", Line, Buffer, Delta);
    NdisAdvanceNetBufferDataStart(Buffer, Delta, FreeMdl, Free);
    LwfpReturns("NdisAdvanceNetBufferDataStart", Line, NULL, NULL, 0);
}

/* What is done to all NET_BUFFERs of an NBL is told as if it were done to each; when it failed, to the first. */
static __inline NDIS_STATUS LwfpRetreatAll(PNET_BUFFER_LIST List, ULONG Delta, ULONG BackFill,
                                           NET_BUFFER_ALLOCATE_MDL_HANDLER *Allocate, NET_BUFFER_FREE_MDL_HANDLER *Free, ULONG Line)
{
    NDIS_STATUS status = NdisRetreatNetBufferListDataStart(List, Delta, BackFill, Allocate, Free);
    PNET_BUFFER buffer;

    for (buffer = NET_BUFFER_LIST_FIRST_NB(List); buffer != NULL; buffer = NET_BUFFER_NEXT_NB(buffer)) {
        LwfpMovesStart("NdisRetreatNetBufferDataStart", Line, buffer, Delta);
        LwfpReturnsStatus("NdisRetreatNetBufferDataStart", Line, NULL, status, NULL, 0);
        if (status != NDIS_STATUS_SUCCESS) break;
    }
    return status;
}

static __inline VOID LwfpAdvanceAll(PNET_BUFFER_LIST List, ULONG Delta, BOOLEAN FreeMdl, NET_BUFFER_FREE_MDL_HANDLER *Free, ULONG Line)
{
    PNET_BUFFER buffer;

    NdisAdvanceNetBufferListDataStart(List, Delta, FreeMdl, Free);
    for (buffer = NET_BUFFER_LIST_FIRST_NB(List); buffer != NULL; buffer = NET_BUFFER_NEXT_NB(buffer)) {
        LwfpMovesStart("NdisAdvanceNetBufferDataStart", Line, buffer, Delta);
        LwfpReturns("NdisAdvanceNetBufferDataStart", Line, NULL, NULL, 0);
    }
}

/* ---- Memory and waiting: what comes from the kernel is told by the names that a trace has for it ------------------------------------ */

static __inline PVOID LwfpGotMemory(const CHAR *Ddi, ULONG Line, NDIS_HANDLE Handle, PVOID Memory, ULONG Tag)
{
    ULONG64 values[2];

    values[0] = LWFP_ID(Memory);
    values[1] = Tag;
    LwfpReturns(Ddi, Line, Handle, values, 2);
    return Memory;
}

static __inline PVOID LwfpAllocateMemory(NDIS_HANDLE Handle, UINT Length, ULONG Tag, EX_POOL_PRIORITY Priority, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateMemoryWithTagPriority";
    ULONG64 tag = Tag;

    LwfpCalls(ddi, Line, Handle, &tag, 1);
    return LwfpGotMemory(ddi, Line, Handle, NdisAllocateMemoryWithTagPriority(Handle, Length, Tag, Priority), Tag);
}

static __inline VOID LwfpFreesMemory(PVOID Memory, ULONG Line)
{
    ULONG64 value = LWFP_ID(Memory);

    LwfpCalls("NdisFreeMemory", Line, NULL, &value, 1);
}

static __inline VOID LwfpFreedMemory(PVOID Memory, ULONG Line)
{
    ULONG64 value = LWFP_ID(Memory);

    LwfpReturns("NdisFreeMemory", Line, NULL, &value, 1);
}

static __inline VOID LwfpFreeMemory(PVOID Memory, UINT Length, UINT Flags, ULONG Line)
{
    LwfpFreesMemory(Memory, Line);
    NdisFreeMemory(Memory, Length, Flags);
    LwfpFreedMemory(Memory, Line);
}

static __inline VOID LwfpFreeMemoryWithTag(NDIS_HANDLE Handle, PVOID Memory, ULONG Tag, ULONG Line)
{
    LwfpFreesMemory(Memory, Line);
    NdisFreeMemoryWithTagPriority(Handle, Memory, Tag);
    LwfpFreedMemory(Memory, Line);
}

static __inline PVOID LwfpAllocatePool(POOL_TYPE Type, SIZE_T Length, ULONG Tag, ULONG Line)
{
    ULONG64 tag = Tag;

    LwfpCalls("ExAllocatePoolWithTag", Line, NULL, &tag, 1);
    return LwfpGotMemory("ExAllocatePoolWithTag", Line, NULL, ExAllocatePoolWithTag(Type, Length, Tag), Tag);
}

/* Kits that have these have the flag. */
#ifdef POOL_FLAG_NON_PAGED
static __inline PVOID LwfpAllocatePool2(POOL_FLAGS Flags, SIZE_T Length, ULONG Tag, ULONG Line)
{
    ULONG64 tag = Tag;

    LwfpCalls("ExAllocatePoolWithTag", Line, NULL, &tag, 1);
    return LwfpGotMemory("ExAllocatePoolWithTag", Line, NULL, ExAllocatePool2(Flags, Length, Tag), Tag);
}

static __inline PVOID LwfpAllocatePoolZero(POOL_TYPE Type, SIZE_T Length, ULONG Tag, ULONG Line)
{
    ULONG64 tag = Tag;

    LwfpCalls("ExAllocatePoolWithTag", Line, NULL, &tag, 1);
    return LwfpGotMemory("ExAllocatePoolWithTag", Line, NULL, ExAllocatePoolZero(Type, Length, Tag), Tag);
}
#endif

static __inline VOID LwfpFreePool(PVOID Memory, ULONG Tag, ULONG Line)
{
    LwfpFreesMemory(Memory, Line);
    ExFreePoolWithTag(Memory, Tag);
    LwfpFreedMemory(Memory, Line);
}

static __inline VOID LwfpFreePoolWithoutTag(PVOID Memory, ULONG Line)
{
    LwfpFreesMemory(Memory, Line);
    ExFreePool(Memory);
    LwfpFreedMemory(Memory, Line);
}

/* In 100 ns, negative when it is relative; rounded up to ms. */
static __inline ULONG64 LwfpMilliseconds(LONGLONG Interval)
{
    LARGE_INTEGER now;

    if (Interval >= 0) {
        KeQuerySystemTime(&now);
        Interval = Interval > now.QuadPart ? now.QuadPart - Interval : 0;
    }
    return (ULONG64)(-Interval + 9999) / 10000;
}

static __inline BOOLEAN LwfpWaitEvent(PNDIS_EVENT Event, UINT Timeout, ULONG Line)
{
    BOOLEAN signaled;
    ULONG64 values[3];

    values[0] = LWFP_ID(Event);
    values[1] = Timeout;
    LwfpCalls("NdisWaitEvent", Line, NULL, values, 2);
    signaled = NdisWaitEvent(Event, Timeout);
    values[2] = signaled;
    LwfpReturns("NdisWaitEvent", Line, NULL, values, 3);
    return signaled;
}

/* A look at an object that does not wait is none. */
static __inline NTSTATUS LwfpWaitForObject(PVOID Object, KWAIT_REASON Reason, KPROCESSOR_MODE Mode, BOOLEAN Alertable,
                                           PLARGE_INTEGER Timeout, ULONG Line)
{
    NTSTATUS status;
    ULONG64 values[3];

    if (Timeout != NULL && Timeout->QuadPart == 0) return KeWaitForSingleObject(Object, Reason, Mode, Alertable, Timeout);
    values[0] = LWFP_ID(Object);
    values[1] = Timeout == NULL ? 0 : LwfpMilliseconds(Timeout->QuadPart);
    LwfpCalls("NdisWaitEvent", Line, NULL, values, 2);
    status = KeWaitForSingleObject(Object, Reason, Mode, Alertable, Timeout);
    values[2] = status == STATUS_SUCCESS;
    LwfpReturns("NdisWaitEvent", Line, NULL, values, 3);
    return status;
}

static __inline VOID LwfpSleep(ULONG Microseconds, ULONG Line)
{
    ULONG64 value = (Microseconds + 999) / 1000;

    LwfpCalls("NdisMSleep", Line, NULL, &value, 1);
    NdisMSleep(Microseconds);
    LwfpReturns("NdisMSleep", Line, NULL, &value, 1);
}

static __inline NTSTATUS LwfpDelay(KPROCESSOR_MODE Mode, BOOLEAN Alertable, PLARGE_INTEGER Interval, ULONG Line)
{
    NTSTATUS status;
    ULONG64 value = LwfpMilliseconds(Interval->QuadPart);

    if (value == 0) value = 1;
    LwfpCalls("NdisMSleep", Line, NULL, &value, 1);
    status = KeDelayExecutionThread(Mode, Alertable, Interval);
    LwfpReturns("NdisMSleep", Line, NULL, &value, 1);
    return status;
}

static __inline VOID LwfpWaitForRundown(PEX_RUNDOWN_REF Reference, ULONG Line)
{
    ULONG64 value = LWFP_ID(Reference);

    LwfpCalls("ExWaitForRundownProtectionRelease", Line, NULL, &value, 1);
    ExWaitForRundownProtectionRelease(Reference);
    LwfpReturns("ExWaitForRundownProtectionRelease", Line, NULL, &value, 1);
}

/* ---- Timers and work items -------------------------------------------------------------------------------------------------------- */

static VOID NTAPI LwfpTimerFunction(PVOID System1, PVOID Context, PVOID System2, PVOID System3)
{
    LWFP_TIMER *slot = (LWFP_TIMER *)Context;
    PVOID context = slot->ContextOfSet != NULL ? slot->ContextOfSet : slot->Context;
    ULONG64 timer = LWFP_ID(slot->Timer);

    LwfpEnters("NdisTimerFunction", NULL, &timer, 1, NULL);
    slot->Function(System1, context, System2, System3);
    LwfpSay(LWFP_LEAVE, "NdisTimerFunction", 0, NULL, NULL, 0, 0, &timer, 1, NULL, NULL);
}

static __inline LWFP_TIMER *LwfpSlotOfTimer(NDIS_HANDLE Timer)
{
    ULONG n;

    for (n = 0; n < LWF_PROBE_TIMERS; n += 1)
        if (LwfpState.Timers[n].Used && LwfpState.Timers[n].Timer == Timer) return &LwfpState.Timers[n];
    return NULL;
}

LWFP_APART NDIS_STATUS LwfpAllocateTimer(NDIS_HANDLE Handle, PNDIS_TIMER_CHARACTERISTICS Original, PNDIS_HANDLE Timer, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateTimerObject";
    NDIS_TIMER_CHARACTERISTICS copy = *Original;
    LWFP_TIMER *slot = NULL;
    NDIS_STATUS status;
    ULONG64 value;
    ULONG n;

    LwfpCalls(ddi, Line, Handle, NULL, 0);
    for (n = 0; n < LWF_PROBE_TIMERS && slot == NULL; n += 1)
        if (InterlockedCompareExchange(&LwfpState.Timers[n].Used, 1, 0) == 0) slot = &LwfpState.Timers[n];
    if (slot == NULL) {
        LwfpLimit(ddi, Line);
    } else {
        slot->Timer = NULL;
        slot->Function = Original->TimerFunction;
        slot->Context = Original->FunctionContext;
        slot->ContextOfSet = NULL;
        copy.TimerFunction = LwfpTimerFunction;
        copy.FunctionContext = slot;
    }
    status = NdisAllocateTimerObject(Handle, &copy, Timer);
    value = status == NDIS_STATUS_SUCCESS ? LWFP_ID(*Timer) : 0;
    if (slot != NULL && status == NDIS_STATUS_SUCCESS) slot->Timer = *Timer;
    else if (slot != NULL) InterlockedExchange(&slot->Used, 0);
    LwfpReturns(ddi, Line, Handle, &value, 1);
    return status;
}

LWFP_APART BOOLEAN LwfpSetTimer(NDIS_HANDLE Timer, LARGE_INTEGER Due, LONG Period, PVOID Context, ULONG Line)
{
    LWFP_TIMER *slot = LwfpSlotOfTimer(Timer);
    ULONG64 values[3];
    BOOLEAN wasSet;

    values[0] = LWFP_ID(Timer);
    values[1] = LwfpMilliseconds(Due.QuadPart);
    values[2] = (ULONG64)(ULONG)Period;
    LwfpCalls("NdisSetTimerObject", Line, NULL, values, 3);
    if (slot != NULL) slot->ContextOfSet = Context;
    wasSet = NdisSetTimerObject(Timer, Due, Period, slot == NULL ? Context : NULL);
    LwfpReturns("NdisSetTimerObject", Line, NULL, values, 1);
    return wasSet;
}

static __inline BOOLEAN LwfpCancelTimer(NDIS_HANDLE Timer, ULONG Line)
{
    ULONG64 values[2];
    BOOLEAN cancelled;

    values[0] = LWFP_ID(Timer);
    LwfpCalls("NdisCancelTimerObject", Line, NULL, values, 1);
    cancelled = NdisCancelTimerObject(Timer);
    values[1] = cancelled;
    LwfpReturns("NdisCancelTimerObject", Line, NULL, values, 2);
    return cancelled;
}

LWFP_APART VOID LwfpFreeTimer(NDIS_HANDLE Timer, ULONG Line)
{
    LWFP_TIMER *slot = LwfpSlotOfTimer(Timer);
    ULONG64 value = LWFP_ID(Timer);

    LwfpCalls("NdisFreeTimerObject", Line, NULL, &value, 1);
    if (slot != NULL) slot->Timer = NULL;
    NdisFreeTimerObject(Timer);
    if (slot != NULL) InterlockedExchange(&slot->Used, 0);
    LwfpReturns("NdisFreeTimerObject", Line, NULL, &value, 1);
}

/* The routine may free the work item, and its slot may be another's when it returns. */
static VOID NTAPI LwfpWorkItemFunction(PVOID Context, NDIS_HANDLE Item)
{
    LWFP_WORK_ITEM *slot = (LWFP_WORK_ITEM *)Context;
    NDIS_IO_WORKITEM_ROUTINE routine = slot->Routine;
    PVOID context = slot->Context;
    ULONG64 item = LWFP_ID(slot->Item);

    LwfpEnters("NdisIoWorkItemFunction", NULL, &item, 1, NULL);
    routine(context, Item);
    LwfpSay(LWFP_LEAVE, "NdisIoWorkItemFunction", 0, NULL, NULL, 0, 0, &item, 1, NULL, NULL);
}

static __inline LWFP_WORK_ITEM *LwfpSlotOfWorkItem(NDIS_HANDLE Item)
{
    ULONG n;

    for (n = 0; n < LWF_PROBE_WORK_ITEMS; n += 1)
        if (LwfpState.WorkItems[n].Used && LwfpState.WorkItems[n].Item == Item) return &LwfpState.WorkItems[n];
    return NULL;
}

LWFP_APART NDIS_HANDLE LwfpAllocateWorkItem(NDIS_HANDLE Handle, ULONG Line)
{
    static const CHAR ddi[] = "NdisAllocateIoWorkItem";
    LWFP_WORK_ITEM *slot = NULL;
    NDIS_HANDLE item;
    ULONG64 value;
    ULONG n;

    LwfpCalls(ddi, Line, Handle, NULL, 0);
    item = NdisAllocateIoWorkItem(Handle);
    for (n = 0; n < LWF_PROBE_WORK_ITEMS && slot == NULL && item != NULL; n += 1)
        if (InterlockedCompareExchange(&LwfpState.WorkItems[n].Used, 1, 0) == 0) slot = &LwfpState.WorkItems[n];
    if (slot != NULL) slot->Item = item;
    value = LWFP_ID(item);
    LwfpReturns(ddi, Line, Handle, &value, 1);
    return item;
}

LWFP_APART VOID LwfpQueueWorkItem(NDIS_HANDLE Item, NDIS_IO_WORKITEM_ROUTINE Routine, PVOID Context, ULONG Line)
{
    static const CHAR ddi[] = "NdisQueueIoWorkItem";
    LWFP_WORK_ITEM *slot = LwfpSlotOfWorkItem(Item);
    ULONG64 value = LWFP_ID(Item);

    LwfpCalls(ddi, Line, NULL, &value, 1);
    if (slot == NULL) {
        LwfpLimit(ddi, Line);
        NdisQueueIoWorkItem(Item, Routine, Context);
    } else {
        slot->Routine = Routine;
        slot->Context = Context;
        NdisQueueIoWorkItem(Item, LwfpWorkItemFunction, slot);
    }
    LwfpReturns(ddi, Line, NULL, &value, 1);
}

LWFP_APART VOID LwfpFreeWorkItem(NDIS_HANDLE Item, ULONG Line)
{
    LWFP_WORK_ITEM *slot = LwfpSlotOfWorkItem(Item);
    ULONG64 value = LWFP_ID(Item);

    LwfpCalls("NdisFreeIoWorkItem", Line, NULL, &value, 1);
    if (slot != NULL) slot->Item = NULL;
    NdisFreeIoWorkItem(Item);
    if (slot != NULL) InterlockedExchange(&slot->Used, 0);
    LwfpReturns("NdisFreeIoWorkItem", Line, NULL, &value, 1);
}

/* ---- Control devices and IRPs ----------------------------------------------------------------------------------------------------- */

LWFP_APART NTSTATUS LwfpDispatch(PDRIVER_DISPATCH *Major, PDEVICE_OBJECT Device, PIRP Irp)
{
    static const CHAR *const names[LWFP_MAJORS] = {
        "IRP_MJ_CREATE",
        "IRP_MJ_CREATE_NAMED_PIPE",
        "IRP_MJ_CLOSE",
        "IRP_MJ_READ",
        "IRP_MJ_WRITE",
        "IRP_MJ_QUERY_INFORMATION",
        "IRP_MJ_SET_INFORMATION",
        "IRP_MJ_QUERY_EA",
        "IRP_MJ_SET_EA",
        "IRP_MJ_FLUSH_BUFFERS",
        "IRP_MJ_QUERY_VOLUME_INFORMATION",
        "IRP_MJ_SET_VOLUME_INFORMATION",
        "IRP_MJ_DIRECTORY_CONTROL",
        "IRP_MJ_FILE_SYSTEM_CONTROL",
        "IRP_MJ_DEVICE_CONTROL",
        "IRP_MJ_INTERNAL_DEVICE_CONTROL",
        "IRP_MJ_SHUTDOWN",
        "IRP_MJ_LOCK_CONTROL",
        "IRP_MJ_CLEANUP",
        "IRP_MJ_CREATE_MAILSLOT",
        "IRP_MJ_QUERY_SECURITY",
        "IRP_MJ_SET_SECURITY",
        "IRP_MJ_POWER",
        "IRP_MJ_SYSTEM_CONTROL",
        "IRP_MJ_DEVICE_CHANGE",
        "IRP_MJ_QUERY_QUOTA",
        "IRP_MJ_SET_QUOTA",
        "IRP_MJ_PNP",
    };
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    UCHAR major = location->MajorFunction;
    BOOLEAN isControl = major == IRP_MJ_DEVICE_CONTROL || major == IRP_MJ_INTERNAL_DEVICE_CONTROL;
    ULONG64 values[3];
    NTSTATUS status;

    values[0] = LWFP_ID(Irp);
    values[1] = LWFP_ID(location->FileObject);
    values[2] = isControl ? location->Parameters.DeviceIoControl.IoControlCode : 0;
    LwfpSay(LWFP_ENTER, names[major], 0, NULL, NULL, 0, 0, values, (USHORT)(isControl ? 3 : 2), NULL,
            major == IRP_MJ_CREATE && location->FileObject != NULL ? &location->FileObject->FileName : NULL);
    status = Major[major](Device, Irp);
    /* The IRP may be gone. */
    LwfpLeavesStatus(names[major], NULL, status, values, 2);
    return status;
}

#define LWFP_DEVICE_THUNK(n)                                                                                                     \
    static NTSTATUS NTAPI LwfpDispatch##n(PDEVICE_OBJECT Device, PIRP Irp)                                                       \
    {                                                                                                                            \
        return LwfpDispatch(LwfpState.Devices[n].Major, Device, Irp);                                                            \
    }
LWFP_DEVICE_THUNK(0)
LWFP_DEVICE_THUNK(1)
LWFP_DEVICE_THUNK(2)
LWFP_DEVICE_THUNK(3)

static NTSTATUS NTAPI LwfpDriverDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    return LwfpDispatch(LwfpState.Major, Device, Irp);
}

LWFP_APART NDIS_STATUS LwfpRegisterDevice(NDIS_HANDLE Handle, PNDIS_DEVICE_OBJECT_ATTRIBUTES Original, PDEVICE_OBJECT *Device,
                                          PNDIS_HANDLE DeviceHandle, ULONG Line)
{
    static const CHAR ddi[] = "NdisRegisterDeviceEx";
    static const PDRIVER_DISPATCH thunks[LWFP_DEVICES] = {LwfpDispatch0, LwfpDispatch1, LwfpDispatch2, LwfpDispatch3};
    NDIS_DEVICE_OBJECT_ATTRIBUTES copy = *Original;
    PDRIVER_DISPATCH majors[LWFP_MAJORS];
    LWFP_DEVICE *slot = NULL;
    NDIS_STATUS status;
    ULONG64 value;
    ULONG n, major;

    LwfpSay(LWFP_CALL, ddi, Line, Handle, NULL, 0, 0, NULL, 0, NULL, Original->DeviceName);
    LwfpState.HasDevices = 1;
    for (n = 0; n < LWFP_DEVICES; n += 1)
        if (InterlockedCompareExchange(&LwfpState.Devices[n].Used, 1, 0) == 0) break;
    if (n == LWFP_DEVICES || Original->MajorFunctions == NULL) {
        LwfpLimit(ddi, Line);
    } else {
        slot = &LwfpState.Devices[n];
        for (major = 0; major < LWFP_MAJORS; major += 1) {
            slot->Major[major] = Original->MajorFunctions[major];
            majors[major] = slot->Major[major] == NULL ? NULL : thunks[n];
        }
        copy.MajorFunctions = majors;
    }
    status = NdisRegisterDeviceEx(Handle, &copy, Device, DeviceHandle);
    value = status == NDIS_STATUS_SUCCESS ? LWFP_ID(*DeviceHandle) : 0;
    if (slot != NULL && status == NDIS_STATUS_SUCCESS) slot->Handle = *DeviceHandle;
    else if (slot != NULL) InterlockedExchange(&slot->Used, 0);
    LwfpReturnsStatus(ddi, Line, Handle, status, &value, 1);
    return status;
}

/* Its slot stays taken: IRPs of handles that are still open come through the thunks for as long as the image is there. */
static __inline VOID LwfpDeregisterDevice(NDIS_HANDLE Device, ULONG Line)
{
    ULONG64 value = LWFP_ID(Device);

    LwfpCalls("NdisDeregisterDeviceEx", Line, NULL, &value, 1);
    NdisDeregisterDeviceEx(Device);
    LwfpReturns("NdisDeregisterDeviceEx", Line, NULL, NULL, 0);
}

static __inline VOID LwfpMarkPending(PIRP Irp, ULONG Line)
{
    ULONG64 value = LWFP_ID(Irp);

    LwfpCalls("IoMarkIrpPending", Line, NULL, &value, 1);
    IoMarkIrpPending(Irp);
    LwfpReturns("IoMarkIrpPending", Line, NULL, NULL, 0);
}

static __inline VOID LwfpCompleteIrp(PIRP Irp, CCHAR Boost, ULONG Line)
{
    ULONG64 value = LWFP_ID(Irp);

    LwfpSay(LWFP_CALL, "IoCompleteRequest", Line, NULL, NULL, LWFP_HAS_STATUS, (ULONG)Irp->IoStatus.Status, &value, 1, NULL, NULL);
    IofCompleteRequest(Irp, Boost);
    LwfpReturns("IoCompleteRequest", Line, NULL, NULL, 0);
}

static __inline NDIS_STATUS LwfpOpenConfiguration(PNDIS_CONFIGURATION_OBJECT Object, PNDIS_HANDLE Configuration, ULONG Line)
{
    NDIS_HANDLE handle = Object->NdisHandle;
    NDIS_STATUS status;
    ULONG64 value;

    LwfpCalls("NdisOpenConfigurationEx", Line, handle, NULL, 0);
    status = NdisOpenConfigurationEx(Object, Configuration);
    value = status == NDIS_STATUS_SUCCESS ? LWFP_ID(*Configuration) : 0;
    LwfpReturnsStatus("NdisOpenConfigurationEx", Line, handle, status, &value, 1);
    return status;
}

static __inline VOID LwfpCloseConfiguration(NDIS_HANDLE Configuration, ULONG Line)
{
    ULONG64 value = LWFP_ID(Configuration);

    LwfpCalls("NdisCloseConfiguration", Line, NULL, &value, 1);
    NdisCloseConfiguration(Configuration);
    LwfpReturns("NdisCloseConfiguration", Line, NULL, NULL, 0);
}

/* ---- Spin locks: which of them are held at a crossing ------------------------------------------------------------------------------ */

#if LWF_PROBE_LOCKS
static __inline VOID LwfpLock(UCHAR Direction, PVOID Lock, ULONG Line)
{
    if (!LwfpIsHeard(LWFP_KEYWORD_LOCKS)) return;
    LwfpWrite(Direction, "SpinLock", Line, Lock, NULL, 0, 0, NULL, 0, NULL, NULL);
}

/* A release is told while the lock is still held: told after it, another's acquisition could come first. */
#define LWFP_TAKES(name, type, function)                                                                                         \
    static __inline VOID name(type Lock, ULONG Line)                                                                             \
    {                                                                                                                            \
        function(Lock);                                                                                                          \
        LwfpLock(LWFP_LOCKED, LWFP_LOCK_OF(Lock), Line);                                                                         \
    }
#define LWFP_RELEASES(name, type, function)                                                                                      \
    static __inline VOID name(type Lock, ULONG Line)                                                                             \
    {                                                                                                                            \
        LwfpLock(LWFP_UNLOCKED, LWFP_LOCK_OF(Lock), Line);                                                                       \
        function(Lock);                                                                                                          \
    }
#define LWFP_LOCK_OF(lock) (&(lock)->SpinLock)
LWFP_TAKES(LwfpNdisAcquire, PNDIS_SPIN_LOCK, NdisAcquireSpinLock)
LWFP_RELEASES(LwfpNdisRelease, PNDIS_SPIN_LOCK, NdisReleaseSpinLock)
LWFP_TAKES(LwfpNdisDprAcquire, PNDIS_SPIN_LOCK, NdisDprAcquireSpinLock)
LWFP_RELEASES(LwfpNdisDprRelease, PNDIS_SPIN_LOCK, NdisDprReleaseSpinLock)
#undef LWFP_LOCK_OF
#define LWFP_LOCK_OF(lock) (lock)
LWFP_TAKES(LwfpKeAcquireAtDpc, PKSPIN_LOCK, KeAcquireSpinLockAtDpcLevel)
LWFP_RELEASES(LwfpKeReleaseFromDpc, PKSPIN_LOCK, KeReleaseSpinLockFromDpcLevel)
#undef LWFP_LOCK_OF

static __inline KIRQL LwfpKeAcquireRaise(PKSPIN_LOCK Lock, ULONG Line)
{
    KIRQL old = KeAcquireSpinLockRaiseToDpc(Lock);

    LwfpLock(LWFP_LOCKED, Lock, Line);
    return old;
}

static __inline VOID LwfpKeRelease(PKSPIN_LOCK Lock, KIRQL Old, ULONG Line)
{
    LwfpLock(LWFP_UNLOCKED, Lock, Line);
    KeReleaseSpinLock(Lock, Old);
}

static __inline BOOLEAN LwfpKeTry(PKSPIN_LOCK Lock, ULONG Line)
{
    BOOLEAN taken = KeTryToAcquireSpinLockAtDpcLevel(Lock);

    if (taken) LwfpLock(LWFP_LOCKED, Lock, Line);
    return taken;
}

/* Known by the handle on the stack, which the release is given too. */
static __inline VOID LwfpKeAcquireQueued(PKSPIN_LOCK Lock, PKLOCK_QUEUE_HANDLE Handle, ULONG Line)
{
    KeAcquireInStackQueuedSpinLock(Lock, Handle);
    LwfpLock(LWFP_LOCKED, Handle, Line);
}

static __inline VOID LwfpKeReleaseQueued(PKLOCK_QUEUE_HANDLE Handle, ULONG Line)
{
    LwfpLock(LWFP_UNLOCKED, Handle, Line);
    KeReleaseInStackQueuedSpinLock(Handle);
}

static __inline VOID LwfpKeAcquireQueuedAtDpc(PKSPIN_LOCK Lock, PKLOCK_QUEUE_HANDLE Handle, ULONG Line)
{
    KeAcquireInStackQueuedSpinLockAtDpcLevel(Lock, Handle);
    LwfpLock(LWFP_LOCKED, Handle, Line);
}

static __inline VOID LwfpKeReleaseQueuedFromDpc(PKLOCK_QUEUE_HANDLE Handle, ULONG Line)
{
    LwfpLock(LWFP_UNLOCKED, Handle, Line);
    KeReleaseInStackQueuedSpinLockFromDpcLevel(Handle);
}

#if defined(NDIS_SUPPORT_NDIS620) && NDIS_SUPPORT_NDIS620
static __inline VOID LwfpRwRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX State, UCHAR Flags, ULONG Line)
{
    NdisAcquireRWLockRead(Lock, State, Flags);
    LwfpLock(LWFP_LOCKED, Lock, Line);
}

static __inline VOID LwfpRwWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX State, UCHAR Flags, ULONG Line)
{
    NdisAcquireRWLockWrite(Lock, State, Flags);
    LwfpLock(LWFP_LOCKED, Lock, Line);
}

static __inline VOID LwfpRwRelease(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX State, ULONG Line)
{
    LwfpLock(LWFP_UNLOCKED, Lock, Line);
    NdisReleaseRWLock(Lock, State);
}
#endif
#endif

/* ---- DriverEntry -------------------------------------------------------------------------------------------------------------------- */

LWFP_APART NTSTATUS LwfpDriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath, PDRIVER_INITIALIZE Entry)
{
    PDRIVER_DISPATCH before[LWFP_MAJORS];
    NTSTATUS status;
    ULONG major;

    LwfpOpen();
    LwfpState.Driver = DriverObject;
    LwfpState.IsHeldOpen = 1;
    for (major = 0; major < LWFP_MAJORS; major += 1) before[major] = DriverObject->MajorFunction[major];
    LwfpEnters("DriverEntry", NULL, NULL, 0, NULL);
    status = Entry(DriverObject, RegistryPath);
    if (NT_SUCCESS(status)) {
        LwfpHookUnload();
        /* With a device of NdisRegisterDeviceEx the entries are those of NDIS, which calls ours through the device's own. */
        for (major = 0; major < LWFP_MAJORS && !LwfpState.HasDevices; major += 1) {
            if (DriverObject->MajorFunction[major] == before[major]) continue;
            LwfpState.Major[major] = DriverObject->MajorFunction[major];
            DriverObject->MajorFunction[major] = LwfpDriverDispatch;
        }
    }
    LwfpLeavesStatus("DriverEntry", NULL, status, NULL, 0);
    LwfpState.IsHeldOpen = 0;
    LwfpState.HasEntered = NT_SUCCESS(status);
    if (!NT_SUCCESS(status)) LwfpClose();
    return status;
}

#ifdef _MSC_VER
#pragma warning(pop)
#endif
#ifdef __cplusplus
}
#endif

/* ---- From here on the names mean the functions above -------------------------------------------------------------------------------- */

#undef NdisFRegisterFilterDriver
#define NdisFRegisterFilterDriver(driver, context, characteristics, handle)                                                      \
    LwfpRegisterFilterDriver((driver), (context), (characteristics), (handle), __LINE__)
#undef NdisFDeregisterFilterDriver
#define NdisFDeregisterFilterDriver(handle) LwfpDeregisterFilterDriver((handle), __LINE__)
#undef NdisSetOptionalHandlers
#define NdisSetOptionalHandlers(handle, handlers) LwfpSetOptionalHandlers((handle), (handlers), __LINE__)
#undef NdisFSetAttributes
#define NdisFSetAttributes(handle, context, attributes) LwfpSetAttributes((handle), (context), (attributes), __LINE__)
#undef NdisFPauseComplete
#define NdisFPauseComplete(handle) LwfpPauseComplete((handle), __LINE__)
#undef NdisFRestartComplete
#define NdisFRestartComplete(handle, status) LwfpRestartComplete((handle), (status), __LINE__)
#undef NdisFRestartFilter
#define NdisFRestartFilter(handle) LwfpRestartFilter((handle), __LINE__)

#undef NdisFSendNetBufferLists
#define NdisFSendNetBufferLists(handle, chain, port, flags) LwfpFSend((handle), (chain), (port), (flags), __LINE__)
#undef NdisFSendNetBufferListsComplete
#define NdisFSendNetBufferListsComplete(handle, chain, flags) LwfpFSendComplete((handle), (chain), (flags), __LINE__)
#undef NdisFCancelSendNetBufferLists
#define NdisFCancelSendNetBufferLists(handle, id) LwfpFCancelSend((handle), (id), __LINE__)
#undef NdisFIndicateReceiveNetBufferLists
#define NdisFIndicateReceiveNetBufferLists(handle, chain, port, count, flags)                                                    \
    LwfpFIndicate((handle), (chain), (port), (count), (flags), __LINE__)
#undef NdisFReturnNetBufferLists
#define NdisFReturnNetBufferLists(handle, chain, flags) LwfpFReturn((handle), (chain), (flags), __LINE__)

#undef NdisFOidRequest
#define NdisFOidRequest(handle, request) LwfpFOid((handle), (request), __LINE__)
#undef NdisFOidRequestComplete
#define NdisFOidRequestComplete(handle, request, status) LwfpFOidComplete((handle), (request), (status), __LINE__)
#undef NdisFCancelOidRequest
#define NdisFCancelOidRequest(handle, id) LwfpFCancelOid((handle), (id), __LINE__)
#if LWFP_DIRECT_CALLS
#undef NdisFDirectOidRequest
#define NdisFDirectOidRequest(handle, request) LwfpFDirectOid((handle), (request), __LINE__)
#undef NdisFDirectOidRequestComplete
#define NdisFDirectOidRequestComplete(handle, request, status) LwfpFDirectOidComplete((handle), (request), (status), __LINE__)
#undef NdisFCancelDirectOidRequest
#define NdisFCancelDirectOidRequest(handle, id) LwfpFCancelDirectOid((handle), (id), __LINE__)
#endif
#if LWFP_SYNCHRONOUS_CALLS
#undef NdisFSynchronousOidRequest
#define NdisFSynchronousOidRequest(handle, request) LwfpFSynchronousOid((handle), (request), __LINE__)
#endif
#undef NdisAllocateCloneOidRequest
#define NdisAllocateCloneOidRequest(handle, request, tag, clone) LwfpAllocateCloneOid((handle), (request), (tag), (clone), __LINE__)
#undef NdisFreeCloneOidRequest
#define NdisFreeCloneOidRequest(handle, clone) LwfpFreeCloneOid((handle), (clone), __LINE__)
#undef NdisFIndicateStatus
#define NdisFIndicateStatus(handle, indication) LwfpFIndicateStatus((handle), (indication), __LINE__)
#undef NdisFNetPnPEvent
#define NdisFNetPnPEvent(handle, event) LwfpFNetPnP((handle), (event), __LINE__)
#undef NdisFDevicePnPEventNotify
#define NdisFDevicePnPEventNotify(handle, event) LwfpFDevicePnP((handle), (event), __LINE__)

#if defined(NDIS_SUPPORT_NDIS630) && NDIS_SUPPORT_NDIS630
#undef NdisFGetOptionalSwitchHandlers
#define NdisFGetOptionalSwitchHandlers(handle, context, handlers) LwfpFSwitchHandlers((handle), (context), (handlers), __LINE__)
#endif

#undef NdisAllocateNetBufferListPool
#define NdisAllocateNetBufferListPool(handle, parameters) LwfpAllocateNblPool((handle), (parameters), __LINE__)
#undef NdisFreeNetBufferListPool
#define NdisFreeNetBufferListPool(pool) LwfpFreeNblPool((pool), __LINE__)
#undef NdisAllocateNetBufferAndNetBufferList
#define NdisAllocateNetBufferAndNetBufferList(pool, context, backfill, mdl, offset, length)                                      \
    LwfpAllocateNblAndNb((pool), (context), (backfill), (mdl), (offset), (length), __LINE__)
#undef NdisAllocateNetBufferList
#define NdisAllocateNetBufferList(pool, context, backfill) LwfpAllocateNbl((pool), (context), (backfill), __LINE__)
#undef NdisFreeNetBufferList
#define NdisFreeNetBufferList(nbl) LwfpFreeNbl((nbl), __LINE__)
#undef NdisAllocateCloneNetBufferList
#define NdisAllocateCloneNetBufferList(nbl, pool, buffers, flags) LwfpCloneNbl((nbl), (pool), (buffers), (flags), __LINE__)
#undef NdisFreeCloneNetBufferList
#define NdisFreeCloneNetBufferList(nbl, flags) LwfpFreeCloneNbl((nbl), (flags), __LINE__)
#undef NdisAllocateFragmentNetBufferList
#define NdisAllocateFragmentNetBufferList(nbl, pool, buffers, start, maximum, delta, backfill, flags)                            \
    LwfpFragmentNbl((nbl), (pool), (buffers), (start), (maximum), (delta), (backfill), (flags), __LINE__)
#undef NdisFreeFragmentNetBufferList
#define NdisFreeFragmentNetBufferList(nbl, delta, flags) LwfpFreeFragmentNbl((nbl), (delta), (flags), __LINE__)
#undef NdisAllocateReassembledNetBufferList
#define NdisAllocateReassembledNetBufferList(nbl, pool, start, delta, backfill, flags)                                           \
    LwfpReassembleNbl((nbl), (pool), (start), (delta), (backfill), (flags), __LINE__)
#undef NdisFreeReassembledNetBufferList
#define NdisFreeReassembledNetBufferList(nbl, delta, flags) LwfpFreeReassembledNbl((nbl), (delta), (flags), __LINE__)
#undef NdisAllocateNetBufferListContext
#define NdisAllocateNetBufferListContext(nbl, size, backfill, tag)                                                               \
    LwfpAllocateNblContext((nbl), (size), (backfill), (tag), __LINE__)
#undef NdisFreeNetBufferListContext
#define NdisFreeNetBufferListContext(nbl, size) LwfpFreeNblContext((nbl), (size), __LINE__)
#undef NdisAllocateMdl
#define NdisAllocateMdl(handle, address, length) LwfpAllocateMdl((handle), (address), (length), __LINE__)
#undef NdisFreeMdl
#define NdisFreeMdl(mdl) LwfpFreeMdl((mdl), __LINE__)
#undef NdisRetreatNetBufferDataStart
#define NdisRetreatNetBufferDataStart(nb, delta, backfill, allocate) LwfpRetreat((nb), (delta), (backfill), (allocate), __LINE__)
#undef NdisAdvanceNetBufferDataStart
#define NdisAdvanceNetBufferDataStart(nb, delta, free, handler) LwfpAdvance((nb), (delta), (free), (handler), __LINE__)
#undef NdisRetreatNetBufferListDataStart
#define NdisRetreatNetBufferListDataStart(nbl, delta, backfill, allocate, free)                                                  \
    LwfpRetreatAll((nbl), (delta), (backfill), (allocate), (free), __LINE__)
#undef NdisAdvanceNetBufferListDataStart
#define NdisAdvanceNetBufferListDataStart(nbl, delta, free, handler) LwfpAdvanceAll((nbl), (delta), (free), (handler), __LINE__)

#undef NdisAllocateMemoryWithTagPriority
#define NdisAllocateMemoryWithTagPriority(handle, length, tag, priority)                                                         \
    LwfpAllocateMemory((handle), (length), (tag), (priority), __LINE__)
#undef NdisFreeMemory
#define NdisFreeMemory(memory, length, flags) LwfpFreeMemory((memory), (length), (flags), __LINE__)
#undef NdisFreeMemoryWithTagPriority
#define NdisFreeMemoryWithTagPriority(handle, memory, tag) LwfpFreeMemoryWithTag((handle), (memory), (tag), __LINE__)
#undef ExAllocatePoolWithTag
#define ExAllocatePoolWithTag(type, length, tag) LwfpAllocatePool((type), (length), (tag), __LINE__)
#ifdef POOL_FLAG_NON_PAGED
#undef ExAllocatePool2
#define ExAllocatePool2(flags, length, tag) LwfpAllocatePool2((flags), (length), (tag), __LINE__)
#undef ExAllocatePoolZero
#define ExAllocatePoolZero(type, length, tag) LwfpAllocatePoolZero((type), (length), (tag), __LINE__)
#endif
#undef ExFreePoolWithTag
#define ExFreePoolWithTag(memory, tag) LwfpFreePool((memory), (tag), __LINE__)
#undef ExFreePool
#define ExFreePool(memory) LwfpFreePoolWithoutTag((memory), __LINE__)

#undef NdisWaitEvent
#define NdisWaitEvent(event, timeout) LwfpWaitEvent((event), (timeout), __LINE__)
#undef KeWaitForSingleObject
#define KeWaitForSingleObject(object, reason, mode, alertable, timeout)                                                          \
    LwfpWaitForObject((object), (reason), (mode), (alertable), (timeout), __LINE__)
#undef NdisMSleep
#define NdisMSleep(microseconds) LwfpSleep((microseconds), __LINE__)
#undef KeDelayExecutionThread
#define KeDelayExecutionThread(mode, alertable, interval) LwfpDelay((mode), (alertable), (interval), __LINE__)
#undef ExWaitForRundownProtectionRelease
#define ExWaitForRundownProtectionRelease(reference) LwfpWaitForRundown((reference), __LINE__)

#undef NdisAllocateTimerObject
#define NdisAllocateTimerObject(handle, characteristics, timer) LwfpAllocateTimer((handle), (characteristics), (timer), __LINE__)
#undef NdisSetTimerObject
#define NdisSetTimerObject(timer, due, period, context) LwfpSetTimer((timer), (due), (period), (context), __LINE__)
#undef NdisCancelTimerObject
#define NdisCancelTimerObject(timer) LwfpCancelTimer((timer), __LINE__)
#undef NdisFreeTimerObject
#define NdisFreeTimerObject(timer) LwfpFreeTimer((timer), __LINE__)
#undef NdisAllocateIoWorkItem
#define NdisAllocateIoWorkItem(handle) LwfpAllocateWorkItem((handle), __LINE__)
#undef NdisQueueIoWorkItem
#define NdisQueueIoWorkItem(item, routine, context) LwfpQueueWorkItem((item), (routine), (context), __LINE__)
#undef NdisFreeIoWorkItem
#define NdisFreeIoWorkItem(item) LwfpFreeWorkItem((item), __LINE__)

#undef NdisRegisterDeviceEx
#define NdisRegisterDeviceEx(handle, attributes, device, deviceHandle)                                                           \
    LwfpRegisterDevice((handle), (attributes), (device), (deviceHandle), __LINE__)
#undef NdisDeregisterDeviceEx
#define NdisDeregisterDeviceEx(device) LwfpDeregisterDevice((device), __LINE__)
#undef IoMarkIrpPending
#define IoMarkIrpPending(irp) LwfpMarkPending((irp), __LINE__)
#undef IoCompleteRequest
#define IoCompleteRequest(irp, boost) LwfpCompleteIrp((irp), (boost), __LINE__)
#undef IofCompleteRequest
#define IofCompleteRequest(irp, boost) LwfpCompleteIrp((irp), (boost), __LINE__)
#undef NdisOpenConfigurationEx
#define NdisOpenConfigurationEx(object, configuration) LwfpOpenConfiguration((object), (configuration), __LINE__)
#undef NdisCloseConfiguration
#define NdisCloseConfiguration(configuration) LwfpCloseConfiguration((configuration), __LINE__)

#if LWF_PROBE_LOCKS
#undef NdisAcquireSpinLock
#define NdisAcquireSpinLock(lock) LwfpNdisAcquire((lock), __LINE__)
#undef NdisReleaseSpinLock
#define NdisReleaseSpinLock(lock) LwfpNdisRelease((lock), __LINE__)
#undef NdisDprAcquireSpinLock
#define NdisDprAcquireSpinLock(lock) LwfpNdisDprAcquire((lock), __LINE__)
#undef NdisDprReleaseSpinLock
#define NdisDprReleaseSpinLock(lock) LwfpNdisDprRelease((lock), __LINE__)
#undef KeAcquireSpinLock
#define KeAcquireSpinLock(lock, old) (*(old) = LwfpKeAcquireRaise((lock), __LINE__))
#undef KeAcquireSpinLockRaiseToDpc
#define KeAcquireSpinLockRaiseToDpc(lock) LwfpKeAcquireRaise((lock), __LINE__)
#undef KeReleaseSpinLock
#define KeReleaseSpinLock(lock, old) LwfpKeRelease((lock), (old), __LINE__)
#undef KeAcquireSpinLockAtDpcLevel
#define KeAcquireSpinLockAtDpcLevel(lock) LwfpKeAcquireAtDpc((lock), __LINE__)
#undef KeReleaseSpinLockFromDpcLevel
#define KeReleaseSpinLockFromDpcLevel(lock) LwfpKeReleaseFromDpc((lock), __LINE__)
#undef KeTryToAcquireSpinLockAtDpcLevel
#define KeTryToAcquireSpinLockAtDpcLevel(lock) LwfpKeTry((lock), __LINE__)
#undef KeAcquireInStackQueuedSpinLock
#define KeAcquireInStackQueuedSpinLock(lock, handle) LwfpKeAcquireQueued((lock), (handle), __LINE__)
#undef KeReleaseInStackQueuedSpinLock
#define KeReleaseInStackQueuedSpinLock(handle) LwfpKeReleaseQueued((handle), __LINE__)
#undef KeAcquireInStackQueuedSpinLockAtDpcLevel
#define KeAcquireInStackQueuedSpinLockAtDpcLevel(lock, handle) LwfpKeAcquireQueuedAtDpc((lock), (handle), __LINE__)
#undef KeReleaseInStackQueuedSpinLockFromDpcLevel
#define KeReleaseInStackQueuedSpinLockFromDpcLevel(handle) LwfpKeReleaseQueuedFromDpc((handle), __LINE__)
#if defined(NDIS_SUPPORT_NDIS620) && NDIS_SUPPORT_NDIS620
#undef NdisAcquireRWLockRead
#define NdisAcquireRWLockRead(lock, state, flags) LwfpRwRead((lock), (state), (flags), __LINE__)
#undef NdisAcquireRWLockWrite
#define NdisAcquireRWLockWrite(lock, state, flags) LwfpRwWrite((lock), (state), (flags), __LINE__)
#undef NdisReleaseRWLock
#define NdisReleaseRWLock(lock, state) LwfpRwRelease((lock), (state), __LINE__)
#endif
#endif

#endif

/*
 * In the file that has DriverEntry (LWF_PROBE_ENTRY): what the system calls is the probe's, and what the driver calls DriverEntry is
 * called by it. Apart from the rest, so that the file can include the header a second time, after a precompiled one.
 */
#if LWF_PROBE && defined(LWF_PROBE_ENTRY) && !defined(LWF_PROBE_ENTRY_DONE)
#define LWF_PROBE_ENTRY_DONE
#ifdef __cplusplus
extern "C" {
#endif
DRIVER_INITIALIZE DriverEntry;
DRIVER_INITIALIZE LwfProbedDriverEntry;
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    return LwfpDriverEntry(DriverObject, RegistryPath, LwfProbedDriverEntry);
}
#ifdef __cplusplus
}
#endif
#define DriverEntry LwfProbedDriverEntry
#endif
