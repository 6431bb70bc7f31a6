/* Basic types of NDIS, and ntddndis.h (OIDs, media, object header, capabilities) which needs them. */
#ifndef NDIS_LWF_TYPES_H
#define NDIS_LWF_TYPES_H

typedef int NDIS_STATUS, *PNDIS_STATUS;
typedef PVOID NDIS_HANDLE, *PNDIS_HANDLE;
typedef UNICODE_STRING NDIS_STRING, *PNDIS_STRING;
typedef const NDIS_STRING *PCNDIS_STRING;
#ifndef _WINDEF_
typedef unsigned int UINT, *PUINT;
typedef int INT, *PINT;
#endif

#include "sockets.h"

#include <ntddndis.h>

#ifndef NET_IF_LINK_SPEED_UNKNOWN
#define NET_IF_LINK_SPEED_UNKNOWN ((ULONG64)(-1))
#endif

#define NDISAPI __declspec(dllimport)

#define NDIS_STRING_CONST(literal) {sizeof(L##literal) - sizeof(WCHAR), sizeof(L##literal), (PWSTR)L##literal}

NDISAPI ULONG NTAPI NdisGetVersion(VOID);
NDISAPI PVOID NTAPI NdisGetRoutineAddress(PNDIS_STRING NdisRoutineName);

#define NdisInitUnicodeString(string, literal) RtlInitUnicodeString((string), (literal))

#endif
