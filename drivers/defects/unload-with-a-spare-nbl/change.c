#include "reference-original.h"

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = OriginalDriverEntry(DriverObject, RegistryPath);
    NDIS_HANDLE pool = NT_SUCCESS(status) ? CreatePool(Globals->DriverHandle) : NULL;

    if (pool != NULL) NdisAllocateNetBufferAndNetBufferList(pool, 0, 0, NULL, 0, 0);
    return status;
}
