/* From what stands in a line to a request for the driver under test: paths, attributes, buffers with the addresses of others in them. */
#include "driver.h"
#include "winnettest.h"

#define LONGEST_PATH 1024
#define LONGEST_ATTRIBUTE 4096
#define LONGEST_OUTPUT (1024 * 1024)

static PUT *NewPut(REQUEST *request, PUT_KIND kind)
{
    ULONGLONG number;
    PUT *put;

    if (!TakeNumber(request, "request", MAXDWORD, &number)) return NULL;
    put = Allocate(sizeof(*put));
    put->Kind = kind;
    put->Number = number;
    return put;
}

void FreePut(PUT *put)
{
    ULONG at;

    for (at = 0; at < put->Count; at++) Free(put->Buffers[at]);
    Free(put->Output);
    Free(put->Attribute);
    Free(put->Path);
    Free(put);
}

static PUT *Refuse(REQUEST *request, PUT *put, const char *words)
{
    Fail(request, words);
    FreePut(put);
    return NULL;
}

static BOOL StartsWith(const WCHAR *text, const WCHAR *head)
{
    while (*head != 0 && *text == *head) text++, head++;
    return *head == 0 && *text != 0 && *text != L'\\';
}

/* Only names in the folder of devices, and of their symbolic links. */
static WCHAR *PathOf(const JSON_VALUE *value)
{
    WCHAR *path;
    int length;

    if (value == NULL || value->Type != JsonString) return NULL;
    path = Allocate((LONGEST_PATH + 1) * sizeof(WCHAR));
    length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, value->Text, -1, path, LONGEST_PATH + 1);
    if (length > 0 && (StartsWith(path, L"\\Device\\") || StartsWith(path, L"\\??\\"))) return path;
    Free(path);
    return NULL;
}

/* FILE_FULL_EA_INFORMATION: a name with its NUL, and what follows it. */
static BOOL TakeAttribute(const JSON_VALUE *attribute, PUT *put)
{
    const JSON_VALUE *name = Member(attribute, "name");
    FN_EA_HEADER *header;
    UCHAR *value = NULL;
    SIZE_T nameSize;
    SIZE_T size = 0;

    if (name == NULL || name->Type != JsonString || !BytesOf(Member(attribute, "value"), &value, &size)) return FALSE;
    nameSize = LengthOf(name->Text) + 1;
    if (nameSize <= 256 && size <= LONGEST_ATTRIBUTE && nameSize > 1) {
        put->AttributeSize = (ULONG)(FIELD_OFFSET(FN_EA_HEADER, EaName) + nameSize + size);
        put->Attribute = Allocate(put->AttributeSize + sizeof(*header));
        header = (FN_EA_HEADER *)put->Attribute;
        header->EaNameLength = (UCHAR)(nameSize - 1);
        header->EaValueLength = (USHORT)size;
        memcpy(header->EaName, name->Text, nameSize);
        memcpy(header->EaName + nameSize, value, size);
    }
    Free(value);
    return put->Attribute != NULL || nameSize == 1;
}

PUT *ReadOpen(REQUEST *request)
{
    PUT *put = NewPut(request, PutOpen);

    if (put == NULL) return NULL;
    put->Path = PathOf(Member(request->Params, "path"));
    if (put->Path == NULL) return Refuse(request, put, "\"path\" is one of a device, of at most 1024 characters");
    if (!TakeAttribute(Member(request->Params, "attribute"), put))
        return Refuse(request, put, "\"attribute\" is {name: up to 255 characters, value: up to 4096 bytes in hexadecimal}");
    if (!TakeFlag(request, "synchronous", &put->IsSynchronous)) return Refuse(request, put, "");
    return put;
}

static BOOL TakeBuffers(const JSON_VALUE *buffers, PUT *put)
{
    const JSON_VALUE *each;

    if (buffers == NULL || buffers->Type != JsonArray || buffers->First == NULL) return FALSE;
    for (each = buffers->First; each != NULL; each = each->Next) {
        SIZE_T size;

        if (put->Count == MOST_BUFFERS || !BytesOf(Member(each, "bytes"), &put->Buffers[put->Count], &size)) return FALSE;
        put->Sizes[put->Count++] = (ULONG)size;
    }
    return TRUE;
}

/* When all buffers have their places. */
static BOOL TakePointers(const JSON_VALUE *buffers, PUT *put)
{
    const JSON_VALUE *each;
    ULONG at = 0;

    for (each = buffers->First; each != NULL; each = each->Next, at++) {
        const JSON_VALUE *pointers = Member(each, "pointers");
        const JSON_VALUE *pointer;

        if (pointers == NULL || pointers->Type != JsonArray) return FALSE;
        for (pointer = pointers->First; pointer != NULL; pointer = pointer->Next) {
            ULONGLONG offset;
            ULONGLONG other;

            if (!NumberOf(Member(pointer, "offset"), MAXDWORD, &offset)) return FALSE;
            if (!NumberOf(Member(pointer, "buffer"), put->Count - 1, &other)) return FALSE;
            if (put->Sizes[at] < sizeof(void *) || offset > put->Sizes[at] - sizeof(void *)) return FALSE;
            memcpy(put->Buffers[at] + offset, &put->Buffers[other], sizeof(void *));
        }
    }
    return TRUE;
}

static BOOL TakeKind(const JSON_VALUE *what, PUT *put)
{
    if (what == NULL || what->Type != JsonString) return FALSE;
    put->Kind = IsSame(what->Text, "write") ? PutWrite : IsSame(what->Text, "read") ? PutRead : PutControl;
    return put->Kind != PutControl || IsSame(what->Text, "control");
}

PUT *ReadPut(REQUEST *request)
{
    const JSON_VALUE *buffers = Member(request->Params, "buffers");
    PUT *put = NewPut(request, PutControl);
    ULONGLONG output;
    ULONGLONG code;

    if (put == NULL) return NULL;
    if (!TakeKind(Member(request->Params, "what"), put))
        return Refuse(request, put, "\"what\" is write, read or control");
    if (!TakeNumber(request, "code", MAXDWORD, &code)) return Refuse(request, put, "");
    if (!TakeNumber(request, "output", LONGEST_OUTPUT, &output)) return Refuse(request, put, "");
    if (!TakeBuffers(buffers, put) || !TakePointers(buffers, put))
        return Refuse(request, put, "\"buffers\" has 1 to 64 of {bytes: hexadecimal, pointers: [{offset, buffer}]}");
    put->Code = (ULONG)code;
    put->OutputSize = (ULONG)output;
    if (output > 0) put->Output = Allocate((SIZE_T)output);
    return put;
}

PUT *ReadClose(REQUEST *request)
{
    return NewPut(request, PutClose);
}
