/*
 * lwfio: what the agent on a Windows test machine cannot do from JavaScript. It reads requests from its standard input and writes answers
 * and events to its standard output, a line of JSON each (adapters/harness/agent/ports/helper.ts says which), and gives back
 * everything at the end of the input. It uses kernel32, advapi32, powrprof and ntdll, and no C library.
 */
#pragma once
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winternl.h>
#include <string.h>

#define LONGEST_LINE (1024 * 1024)

/* text.c: lines that are written. */

/* Ends with a NUL, as soon as something is in it. */
typedef struct {
    char *Bytes;
    SIZE_T Length;
    SIZE_T Capacity;
} TEXT_BUFFER;

void *Allocate(SIZE_T size);
void Free(void *memory);
SIZE_T LengthOf(const char *words);
BOOL IsSame(const char *one, const char *other);
void Add(TEXT_BUFFER *text, const char *words);
void AddNumber(TEXT_BUFFER *text, ULONGLONG number);
void AddStatus(TEXT_BUFFER *text, ULONG status);
void AddQuoted(TEXT_BUFFER *text, ULONGLONG number);
void AddJsonString(TEXT_BUFFER *text, const char *words);
void AddHex(TEXT_BUFFER *text, const UCHAR *bytes, SIZE_T count);
void AddBase64(TEXT_BUFFER *text, const UCHAR *bytes, SIZE_T count);
void Clear(TEXT_BUFFER *text);
/* Ends the line and writes it in one piece. Whoever reads has gone: everything is given back, and the process ends. */
void WriteLine(TEXT_BUFFER *text);
/* For people, to the standard error. */
void Complain(const char *words);
/* Gives everything back. */
DECLSPEC_NORETURN void End(UINT code);

/* json.c: lines that are read. */

typedef enum { JsonNull, JsonBoolean, JsonNumber, JsonString, JsonArray, JsonObject } JSON_TYPE;

typedef struct JSON_VALUE {
    JSON_TYPE Type;
    /* In an object. */
    const char *Key;
    /* A string in UTF-8; a number as it stands there. */
    const char *Text;
    BOOL IsTrue;
    struct JSON_VALUE *First;
    struct JSON_VALUE *Next;
} JSON_VALUE;

/* Takes one line of `length` bytes, and owns the values until FreeJson. NULL: it is no JSON. */
JSON_VALUE *ParseJson(const char *line, SIZE_T length);
void FreeJson(JSON_VALUE *root);
/* Of a hexadecimal digit; -1 for anything else. */
int DigitOf(char letter);

/* values.c: what they mean. */

const JSON_VALUE *Member(const JSON_VALUE *object, const char *key);
/* A whole number of at most `most`. */
BOOL NumberOf(const JSON_VALUE *value, ULONGLONG most, ULONGLONG *number);
BOOL FlagOf(const JSON_VALUE *value, BOOL *flag);
/* A string of hexadecimal digits: Free(*bytes). An empty one has no bytes. */
BOOL BytesOf(const JSON_VALUE *value, UCHAR **bytes, SIZE_T *count);
/* `{CDEAD503-17F5-4A3E-B7AE-DF8CC2902EB9}` */
BOOL GuidOf(const JSON_VALUE *value, GUID *guid);
/* `0x411E` */
BOOL MaskOf(const JSON_VALUE *value, ULONGLONG *mask);

/* Requests. */

typedef struct {
    const JSON_VALUE *Params;
    /* The answer, from its opening brace to its closing one; nothing for `{}`. */
    TEXT_BUFFER Answer;
    /* Words, when it failed. */
    TEXT_BUFFER Error;
} REQUEST;

void Fail(REQUEST *request, const char *words);
/* `words`, and what the system said: of functions that return Windows' error codes, and of those that return NTSTATUS. */
void FailWith(REQUEST *request, const char *words, ULONG error);
void FailWithStatus(REQUEST *request, const char *words, LONG status);
/* A parameter that is a whole number; fails the request otherwise. */
BOOL TakeNumber(REQUEST *request, const char *key, ULONGLONG most, ULONGLONG *number);
BOOL TakeFlag(REQUEST *request, const char *key, BOOL *flag);
ULONGLONG Now(void);

typedef struct {
    const char *Name;
    void (*Run)(REQUEST *request);
    /* Lets other drivers run, or waits: on a thread of its own. */
    BOOL TakesTime;
} OPERATION;

/* Each ends with one that has no name. */
extern const OPERATION EtwOperations[];
extern const OPERATION FnmpOperations[];
extern const OPERATION FnlwfOperations[];
extern const OPERATION PowerOperations[];
extern const OPERATION DriverOperations[];

void StopSession(void);
/* As long as this thread is there, Windows does not go to sleep by itself, as it does soon after a timer has woken it up. */
void StayAwake(void);
BOOL IsWine(void);
BOOL HasDevice(const WCHAR *name);
