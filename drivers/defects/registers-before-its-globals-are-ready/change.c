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
    if (!AllocateGlobals()) {
        NdisFDeregisterFilterDriver(driverHandle);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Globals->DriverHandle = driverHandle;
    if (CreateControlDevice()) return STATUS_SUCCESS;
    DeregisterFilter();
    FreeGlobals();
    return STATUS_UNSUCCESSFUL;
}
