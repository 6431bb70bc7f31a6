#include "reference-original.h"

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS characteristics;
    NDIS_HANDLE driverHandle = NULL;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = FilterDriverUnload;
    DescribeFilter(&characteristics);
    if (NdisFRegisterFilterDriver(DriverObject, NULL, &characteristics, &driverHandle) != NDIS_STATUS_SUCCESS) {
        return STATUS_UNSUCCESSFUL;
    }
    if (!AllocateGlobals()) return STATUS_INSUFFICIENT_RESOURCES;
    Globals->DriverHandle = driverHandle;
    return CreateControlDevice() ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
