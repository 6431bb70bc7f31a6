/* What requests ask of values: members, whole numbers, bytes, GUIDs. Everything else is refused. */
#include "lwfio.h"

const JSON_VALUE *Member(const JSON_VALUE *object, const char *key)
{
    const JSON_VALUE *member;

    if (object == NULL || object->Type != JsonObject) return NULL;
    for (member = object->First; member != NULL; member = member->Next)
        if (IsSame(member->Key, key)) return member;
    return NULL;
}

BOOL NumberOf(const JSON_VALUE *value, ULONGLONG most, ULONGLONG *number)
{
    const char *digit;

    if (value == NULL || value->Type != JsonNumber) return FALSE;
    *number = 0;
    for (digit = value->Text; *digit != 0; digit++) {
        if (*digit < '0' || *digit > '9' || *number > most / 10) return FALSE;
        *number = *number * 10 + (ULONGLONG)(*digit - '0');
        if (*number > most) return FALSE;
    }
    return TRUE;
}

BOOL FlagOf(const JSON_VALUE *value, BOOL *flag)
{
    if (value == NULL || value->Type != JsonBoolean) return FALSE;
    *flag = value->IsTrue;
    return TRUE;
}

BOOL BytesOf(const JSON_VALUE *value, UCHAR **bytes, SIZE_T *count)
{
    SIZE_T at;

    if (value == NULL || value->Type != JsonString) return FALSE;
    *count = LengthOf(value->Text);
    for (at = 0; at < *count; at++)
        if (DigitOf(value->Text[at]) < 0) return FALSE;
    if (*count % 2 != 0) return FALSE;
    *count /= 2;
    *bytes = Allocate(*count + 1);
    for (at = 0; at < *count; at++)
        (*bytes)[at] = (UCHAR)(DigitOf(value->Text[at * 2]) << 4 | DigitOf(value->Text[at * 2 + 1]));
    return TRUE;
}

BOOL MaskOf(const JSON_VALUE *value, ULONGLONG *mask)
{
    const char *digit;
    SIZE_T length;

    if (value == NULL || value->Type != JsonString) return FALSE;
    length = LengthOf(value->Text);
    if (length < 3 || length > 18 || value->Text[0] != '0' || value->Text[1] != 'x') return FALSE;
    *mask = 0;
    for (digit = value->Text + 2; *digit != 0; digit++) {
        if (DigitOf(*digit) < 0) return FALSE;
        *mask = *mask << 4 | (ULONGLONG)DigitOf(*digit);
    }
    return TRUE;
}

BOOL GuidOf(const JSON_VALUE *value, GUID *guid)
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    UCHAR bytes[16] = {0};
    int digits = 0;
    int at;

    if (value == NULL || value->Type != JsonString || LengthOf(value->Text) != sizeof(form) - 1) return FALSE;
    for (at = 0; form[at] != 0; at++) {
        int digit = DigitOf(value->Text[at]);

        if (form[at] != 'x') {
            if (value->Text[at] != form[at]) return FALSE;
            continue;
        }
        if (digit < 0) return FALSE;
        bytes[digits / 2] = (UCHAR)(digits % 2 == 0 ? digit << 4 : bytes[digits / 2] | digit);
        digits++;
    }
    guid->Data1 = (ULONG)bytes[0] << 24 | (ULONG)bytes[1] << 16 | (ULONG)bytes[2] << 8 | bytes[3];
    guid->Data2 = (USHORT)(bytes[4] << 8 | bytes[5]);
    guid->Data3 = (USHORT)(bytes[6] << 8 | bytes[7]);
    memcpy(guid->Data4, bytes + 8, sizeof(guid->Data4));
    return TRUE;
}
