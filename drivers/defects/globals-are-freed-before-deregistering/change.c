#include "reference-original.h"

VOID NTAPI FilterDriverUnload(PDRIVER_OBJECT DriverObject)
{
    NDIS_HANDLE driverHandle = Globals->DriverHandle;

    UNREFERENCED_PARAMETER(DriverObject);
    DeleteControlDevice();
    FreeGlobals();
    if (driverHandle != NULL) NdisFDeregisterFilterDriver(driverHandle);
}
