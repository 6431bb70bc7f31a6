/* Lines that are written, and what a program without a C library needs for them. */
#include "lwfio.h"

static SRWLOCK writing = SRWLOCK_INIT;

void *Allocate(SIZE_T size)
{
    void *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);

    if (memory == NULL) {
        Complain("lwfio: there is no memory.");
        End(3);
    }
    return memory;
}

void Free(void *memory)
{
    if (memory != NULL) HeapFree(GetProcessHeap(), 0, memory);
}

SIZE_T LengthOf(const char *words)
{
    SIZE_T length = 0;

    while (words[length] != 0) length++;
    return length;
}

BOOL IsSame(const char *one, const char *other)
{
    while (*one != 0 && *one == *other) one++, other++;
    return *one == *other;
}

static void AddBytes(TEXT_BUFFER *text, const char *bytes, SIZE_T count)
{
    if (text->Length + count >= text->Capacity) {
        SIZE_T capacity = (text->Length + count) * 2 + 256;
        char *moved = Allocate(capacity);

        if (text->Length > 0) memcpy(moved, text->Bytes, text->Length);
        Free(text->Bytes);
        text->Bytes = moved;
        text->Capacity = capacity;
    }
    if (count > 0) memcpy(text->Bytes + text->Length, bytes, count);
    text->Length += count;
    text->Bytes[text->Length] = 0;
}

void Add(TEXT_BUFFER *text, const char *words)
{
    AddBytes(text, words, LengthOf(words));
}

void AddNumber(TEXT_BUFFER *text, ULONGLONG number)
{
    char digits[20];
    SIZE_T at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    AddBytes(text, digits + at, sizeof(digits) - at);
}

void AddQuoted(TEXT_BUFFER *text, ULONGLONG number)
{
    Add(text, "\"");
    AddNumber(text, number);
    Add(text, "\"");
}

static const char Digits[] = "0123456789ABCDEF";

/* In eight digits, as errors are looked up. */
void AddStatus(TEXT_BUFFER *text, ULONG status)
{
    char digits[8];
    int at;

    for (at = 7; at >= 0; at--, status >>= 4) digits[at] = Digits[status & 15];
    Add(text, "0x");
    AddBytes(text, digits, sizeof(digits));
}

void AddHex(TEXT_BUFFER *text, const UCHAR *bytes, SIZE_T count)
{
    SIZE_T at;

    for (at = 0; at < count; at++) {
        char pair[2];

        pair[0] = Digits[bytes[at] >> 4];
        pair[1] = Digits[bytes[at] & 15];
        AddBytes(text, pair, sizeof(pair));
    }
}

void AddBase64(TEXT_BUFFER *text, const UCHAR *bytes, SIZE_T count)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    SIZE_T at;

    for (at = 0; at < count; at += 3) {
        SIZE_T left = count - at;
        ULONG three = (ULONG)bytes[at] << 16 | (left > 1 ? (ULONG)bytes[at + 1] << 8 : 0) | (left > 2 ? bytes[at + 2] : 0);
        char four[4];

        four[0] = letters[three >> 18];
        four[1] = letters[three >> 12 & 63];
        four[2] = left > 1 ? letters[three >> 6 & 63] : '=';
        four[3] = left > 2 ? letters[three & 63] : '=';
        AddBytes(text, four, sizeof(four));
    }
}

/* Our own words, and names of operations as they came, which may hold anything. */
void AddJsonString(TEXT_BUFFER *text, const char *words)
{
    Add(text, "\"");
    for (; *words != 0; words++) {
        UCHAR byte = (UCHAR)*words;

        if (byte == '"' || byte == '\\') {
            Add(text, "\\");
            AddBytes(text, words, 1);
        } else if (byte < 0x20) {
            Add(text, "\\u00");
            AddHex(text, &byte, 1);
        } else {
            AddBytes(text, words, 1);
        }
    }
    Add(text, "\"");
}

void Clear(TEXT_BUFFER *text)
{
    Free(text->Bytes);
    ZeroMemory(text, sizeof(*text));
}

static BOOL WriteAll(HANDLE file, const char *bytes, SIZE_T count)
{
    while (count > 0) {
        DWORD written = 0;

        if (!WriteFile(file, bytes, (DWORD)count, &written, NULL) || written == 0) return FALSE;
        bytes += written;
        count -= written;
    }
    return TRUE;
}

void WriteLine(TEXT_BUFFER *text)
{
    BOOL isWritten;

    Add(text, "\n");
    AcquireSRWLockExclusive(&writing);
    isWritten = WriteAll(GetStdHandle(STD_OUTPUT_HANDLE), text->Bytes, text->Length);
    ReleaseSRWLockExclusive(&writing);
    Clear(text);
    if (!isWritten) End(4);
}

void Complain(const char *words)
{
    WriteAll(GetStdHandle(STD_ERROR_HANDLE), words, LengthOf(words));
    WriteAll(GetStdHandle(STD_ERROR_HANDLE), "\n", 1);
}
