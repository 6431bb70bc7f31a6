/* Lines that are read: JSON, taken apart into values that live as long as their request. Nesting has a limit, and so has the line. */
#include "lwfio.h"

#define DEEPEST 8
#define LARGEST_BLOCK 65536

/* Values and strings of one line: nothing is given back but all of it. */
typedef struct BLOCK {
    struct BLOCK *Before;
    SIZE_T Used;
    SIZE_T Size;
} BLOCK;

typedef struct {
    const char *At;
    const char *End;
    BLOCK *Memory;
    int Depth;
} READER;

/* The first value of a line knows the memory of all. */
typedef struct {
    JSON_VALUE Value;
    BLOCK *Memory;
} ROOT;

static void *Take(READER *reader, SIZE_T size)
{
    BLOCK *block = reader->Memory;
    SIZE_T aligned = (size + 15) & ~(SIZE_T)15;

    if (block == NULL || block->Used + aligned > block->Size) {
        SIZE_T room = aligned > LARGEST_BLOCK ? aligned : LARGEST_BLOCK;

        block = Allocate(sizeof(BLOCK) + 16 + room);
        block->Before = reader->Memory;
        block->Size = room;
        reader->Memory = block;
    }
    block->Used += aligned;
    return (char *)(((ULONG_PTR)(block + 1) + 15) & ~(ULONG_PTR)15) + block->Used - aligned;
}

static void FreeBlocks(BLOCK *block)
{
    while (block != NULL) {
        BLOCK *before = block->Before;

        Free(block);
        block = before;
    }
}

static void SkipSpace(READER *reader)
{
    while (reader->At < reader->End && (*reader->At == ' ' || *reader->At == '\t' || *reader->At == '\r' || *reader->At == '\n'))
        reader->At++;
}

static BOOL Eat(READER *reader, const char *word)
{
    SIZE_T length = LengthOf(word);

    if ((SIZE_T)(reader->End - reader->At) < length || memcmp(reader->At, word, length) != 0) return FALSE;
    reader->At += length;
    return TRUE;
}

int DigitOf(char letter)
{
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    return -1;
}

static BOOL ReadEscaped(READER *reader, ULONG *unit)
{
    int count;

    *unit = 0;
    if (reader->End - reader->At < 4) return FALSE;
    for (count = 0; count < 4; count++) {
        int digit = DigitOf(*reader->At++);

        if (digit < 0) return FALSE;
        *unit = *unit << 4 | (ULONG)digit;
    }
    return TRUE;
}

static char *AddUtf8(char *to, ULONG letter)
{
    if (letter < 0x80) {
        *to++ = (char)letter;
    } else if (letter < 0x800) {
        *to++ = (char)(0xC0 | letter >> 6);
        *to++ = (char)(0x80 | (letter & 63));
    } else if (letter < 0x10000) {
        *to++ = (char)(0xE0 | letter >> 12);
        *to++ = (char)(0x80 | (letter >> 6 & 63));
        *to++ = (char)(0x80 | (letter & 63));
    } else {
        *to++ = (char)(0xF0 | letter >> 18);
        *to++ = (char)(0x80 | (letter >> 12 & 63));
        *to++ = (char)(0x80 | (letter >> 6 & 63));
        *to++ = (char)(0x80 | (letter & 63));
    }
    return to;
}

/* A NUL would end a string before its end; a half of a pair is no character. */
static BOOL ReadUnicode(READER *reader, char **to)
{
    ULONG high;
    ULONG low;

    if (!ReadEscaped(reader, &high) || high == 0 || (high >= 0xDC00 && high < 0xE000)) return FALSE;
    if (high >= 0xD800 && high < 0xDC00) {
        if (!Eat(reader, "\\u") || !ReadEscaped(reader, &low) || low < 0xDC00 || low >= 0xE000) return FALSE;
        high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    *to = AddUtf8(*to, high);
    return TRUE;
}

/* Behind the opening quote. What is written is never longer than what stands there. */
static const char *ReadString(READER *reader)
{
    static const char escapes[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    const char *close = reader->At;
    char *text;
    char *to;

    while (close < reader->End && *close != '"') close += *close == '\\' ? 2 : 1;
    if (close >= reader->End) return NULL;
    text = to = Take(reader, (SIZE_T)(close - reader->At) + 1);
    while (reader->At < close) {
        char letter = *reader->At++;
        int at;

        if ((UCHAR)letter < 0x20) return NULL;
        if (letter != '\\') {
            *to++ = letter;
            continue;
        }
        letter = *reader->At++;
        if (letter == 'u') {
            if (!ReadUnicode(reader, &to)) return NULL;
            continue;
        }
        for (at = 0; escapes[at] != 0 && escapes[at] != letter; at++);
        if (escapes[at] == 0) return NULL;
        *to++ = meant[at];
    }
    reader->At++;
    *to = 0;
    return text;
}

static const char *ReadNumber(READER *reader)
{
    const char *begin = reader->At;
    SIZE_T length;
    char *text;

    while (reader->At < reader->End && (DigitOf(*reader->At) >= 0 || *reader->At == '-' || *reader->At == '+' || *reader->At == '.'))
        reader->At++;
    length = (SIZE_T)(reader->At - begin);
    text = Take(reader, length + 1);
    memcpy(text, begin, length);
    return text;
}

static BOOL ReadValue(READER *reader, JSON_VALUE *value);

static BOOL ReadMembers(READER *reader, JSON_VALUE *value, const char *close)
{
    JSON_VALUE **last = &value->First;

    SkipSpace(reader);
    if (Eat(reader, close)) return TRUE;
    do {
        JSON_VALUE *member = Take(reader, sizeof(JSON_VALUE));

        SkipSpace(reader);
        if (value->Type == JsonObject) {
            if (!Eat(reader, "\"")) return FALSE;
            member->Key = ReadString(reader);
            if (member->Key == NULL) return FALSE;
            SkipSpace(reader);
            if (!Eat(reader, ":")) return FALSE;
        }
        if (!ReadValue(reader, member)) return FALSE;
        *last = member;
        last = &member->Next;
        SkipSpace(reader);
    } while (Eat(reader, ","));
    return Eat(reader, close);
}

static BOOL ReadMembersOf(READER *reader, JSON_VALUE *value, JSON_TYPE type, const char *close)
{
    BOOL isRead;

    value->Type = type;
    if (reader->Depth == DEEPEST) return FALSE;
    reader->Depth++;
    isRead = ReadMembers(reader, value, close);
    reader->Depth--;
    return isRead;
}

static BOOL ReadValue(READER *reader, JSON_VALUE *value)
{
    SkipSpace(reader);
    if (Eat(reader, "{")) return ReadMembersOf(reader, value, JsonObject, "}");
    if (Eat(reader, "[")) return ReadMembersOf(reader, value, JsonArray, "]");
    if (Eat(reader, "\"")) {
        value->Type = JsonString;
        value->Text = ReadString(reader);
        return value->Text != NULL;
    }
    if (Eat(reader, "null")) {
        value->Type = JsonNull;
        return TRUE;
    }
    value->Type = JsonBoolean;
    value->IsTrue = Eat(reader, "true");
    if (value->IsTrue || Eat(reader, "false")) return TRUE;
    value->Type = JsonNumber;
    value->Text = ReadNumber(reader);
    return value->Text[0] != 0;
}

JSON_VALUE *ParseJson(const char *line, SIZE_T length)
{
    READER reader = {line, line + length, NULL, 0};
    ROOT *root = Take(&reader, sizeof(ROOT));
    BOOL isRead = ReadValue(&reader, &root->Value);

    SkipSpace(&reader);
    if (!isRead || reader.At != reader.End) {
        FreeBlocks(reader.Memory);
        return NULL;
    }
    root->Memory = reader.Memory;
    return &root->Value;
}

void FreeJson(JSON_VALUE *root)
{
    if (root != NULL) FreeBlocks(CONTAINING_RECORD(root, ROOT, Value)->Memory);
}
