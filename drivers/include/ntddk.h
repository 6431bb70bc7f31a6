/*
 * ntddk.h of mingw-w64 with one thing mended: its RtlEqualString does not take what the one of the Windows Driver Kit takes, so a source
 * that declares the function itself could not be compiled.
 */
#ifndef NDIS_LWF_NTDDK_H
#define NDIS_LWF_NTDDK_H

#define RtlEqualString NdisLwfUnusedRtlEqualString
#include_next <ntddk.h>
#undef RtlEqualString

EXTERN_C NTSYSAPI BOOLEAN NTAPI RtlEqualString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive);

#endif
