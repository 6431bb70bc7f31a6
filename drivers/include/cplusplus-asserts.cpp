/*
 * Holds the headers to C++, which drivers are written in, too: compiled by every build, linked into nothing. A function that is not
 * declared as one of C would be looked for under another name.
 */
#include <ndis.h>
#include <ndis/ndl/nblchain.h>
#include <ndis/ndl/nblqueue.h>
#include <fwpmk.h>
#include <fwpsk.h>
#include <ip2string.h>
#include <netioapi.h>
#include <ntintsafe.h>
#include <ntstrsafe.h>
#include <wdmsec.h>
#include <windot11.h>
#include <wsk.h>

extern "C" {
DRIVER_INITIALIZE DriverEntry;
NDISAPI NDIS_STATUS NTAPI NdisFRegisterFilterDriver(PDRIVER_OBJECT, NDIS_HANDLE, PNDIS_FILTER_DRIVER_CHARACTERISTICS, PNDIS_HANDLE);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS characteristics = {};
    NBL_QUEUE queue;
    NDIS_HANDLE handle;
    NdisInitializeNblQueue(&queue);
    RtlUnicodeStringInit(&characteristics.FriendlyName, L"cplusplus-asserts");
    characteristics.ServiceName = *RegistryPath;
    return NdisFRegisterFilterDriver(DriverObject, nullptr, &characteristics, &handle);
}
