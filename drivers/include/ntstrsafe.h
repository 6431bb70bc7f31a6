/*
 * ntstrsafe.h of mingw-w64 with two things mended: its functions are extern and inline, so with -fms-extensions every object file would
 * carry them and no driver of two files could be linked; and it lacks the functions of counted strings, RtlUnicodeStringXxx.
 */
#ifndef NDIS_LWF_NTSTRSAFE_H
#define NDIS_LWF_NTSTRSAFE_H

#include <_mingw_unicode.h>
#include <stdio.h>
#include <string.h>
#include <stdarg.h>
#include <specstrings.h>

#ifndef __cplusplus
#define extern static
#endif
#include_next <ntstrsafe.h>
#undef extern

#ifndef NTSTRSAFE_UNICODE_STRING_MAX_CCH
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))
#endif

static __inline NTSTATUS RtlUnicodeStringValidate(const UNICODE_STRING *SourceString)
{
    if (SourceString == NULL) return STATUS_SUCCESS;
    if (SourceString->Length % sizeof(WCHAR) != 0 || SourceString->MaximumLength % sizeof(WCHAR) != 0) return STATUS_INVALID_PARAMETER;
    if (SourceString->Length > SourceString->MaximumLength) return STATUS_INVALID_PARAMETER;
    if (SourceString->Buffer == NULL && SourceString->MaximumLength != 0) return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static __inline NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString, const WCHAR *SourceString)
{
    size_t length = 0;

    memset(DestinationString, 0, sizeof(*DestinationString));
    if (SourceString == NULL) return STATUS_SUCCESS;
    while (SourceString[length] != 0) {
        if (++length >= NTSTRSAFE_UNICODE_STRING_MAX_CCH) return STATUS_INVALID_PARAMETER;
    }
    DestinationString->Length = (USHORT)(length * sizeof(WCHAR));
    DestinationString->MaximumLength = (USHORT)(DestinationString->Length + sizeof(WCHAR));
    DestinationString->Buffer = (WCHAR *)SourceString;
    return STATUS_SUCCESS;
}

/* What does not fit is left off, and STATUS_BUFFER_OVERFLOW says so. A counted string need not end with a zero. */
static __inline NTSTATUS RtlUnicodeStringCatCchWorker(PUNICODE_STRING DestinationString, const WCHAR *Source, size_t Cch)
{
    size_t room = ((size_t)DestinationString->MaximumLength - DestinationString->Length) / sizeof(WCHAR);
    size_t taken = Cch < room ? Cch : room;

    memmove((char *)DestinationString->Buffer + DestinationString->Length, Source, taken * sizeof(WCHAR));
    DestinationString->Length = (USHORT)(DestinationString->Length + taken * sizeof(WCHAR));
    return taken == Cch ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}

static __inline size_t RtlUnicodeStringCchWorker(const WCHAR *Source, size_t Maximum)
{
    size_t length = 0;

    while (length < Maximum && Source[length] != 0) length += 1;
    return length;
}

static __inline NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString, const WCHAR *Source)
{
    NTSTATUS status = RtlUnicodeStringValidate(DestinationString);

    if (!NT_SUCCESS(status)) return status;
    return RtlUnicodeStringCatCchWorker(DestinationString, Source, RtlUnicodeStringCchWorker(Source, NTSTRSAFE_MAX_CCH));
}

static __inline NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString, const UNICODE_STRING *SourceString)
{
    NTSTATUS status = RtlUnicodeStringValidate(DestinationString);

    if (NT_SUCCESS(status)) status = RtlUnicodeStringValidate(SourceString);
    if (!NT_SUCCESS(status)) return status;
    return RtlUnicodeStringCatCchWorker(DestinationString, SourceString->Buffer, SourceString->Length / sizeof(WCHAR));
}

static __inline NTSTATUS RtlUnicodeStringCchCatStringN(PUNICODE_STRING DestinationString, const WCHAR *Source, size_t Cch)
{
    NTSTATUS status = RtlUnicodeStringValidate(DestinationString);

    if (!NT_SUCCESS(status)) return status;
    return RtlUnicodeStringCatCchWorker(DestinationString, Source, RtlUnicodeStringCchWorker(Source, Cch));
}

static __inline NTSTATUS RtlUnicodeStringCbCatStringN(PUNICODE_STRING DestinationString, const WCHAR *Source, size_t Cb)
{
    return RtlUnicodeStringCchCatStringN(DestinationString, Source, Cb / sizeof(WCHAR));
}

static __inline NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString, const WCHAR *Source)
{
    DestinationString->Length = 0;
    return RtlUnicodeStringCatString(DestinationString, Source);
}

static __inline NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString, const UNICODE_STRING *SourceString)
{
    DestinationString->Length = 0;
    return RtlUnicodeStringCat(DestinationString, SourceString);
}

static __inline NTSTATUS RtlUnicodeStringCchCopyStringN(PUNICODE_STRING DestinationString, const WCHAR *Source, size_t Cch)
{
    DestinationString->Length = 0;
    return RtlUnicodeStringCchCatStringN(DestinationString, Source, Cch);
}

static __inline NTSTATUS RtlUnicodeStringCbCopyStringN(PUNICODE_STRING DestinationString, const WCHAR *Source, size_t Cb)
{
    return RtlUnicodeStringCchCopyStringN(DestinationString, Source, Cb / sizeof(WCHAR));
}

static __inline NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString, const WCHAR *Format, va_list Arguments)
{
    size_t room = DestinationString->MaximumLength / sizeof(WCHAR);
    NTSTATUS status;
    int written;

    DestinationString->Length = 0;
    status = RtlUnicodeStringValidate(DestinationString);
    if (!NT_SUCCESS(status)) return status;
    written = room == 0 ? -1 : _vsnwprintf(DestinationString->Buffer, room, Format, Arguments);
    DestinationString->Length = (USHORT)((written < 0 ? room : (size_t)written) * sizeof(WCHAR));
    return written < 0 ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static __inline NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, const WCHAR *Format, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, Format);
    status = RtlUnicodeStringVPrintf(DestinationString, Format, arguments);
    va_end(arguments);
    return status;
}

#endif
