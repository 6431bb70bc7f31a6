/* DriverEntry and DriverUnload. */
#include "filter.h"

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, FilterDriverUnload)

PFILTER_GLOBALS Globals;

/* Everything the handlers need is ready before NDIS knows them (REG-13); what was done is undone, in reverse, when a step fails. */
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);

    if (!AllocateGlobals()) return STATUS_INSUFFICIENT_RESOURCES;
    DriverObject->DriverUnload = FilterDriverUnload;
    if (!RegisterFilter(DriverObject)) {
        FreeGlobals();
        return STATUS_UNSUCCESSFUL;
    }
    if (!CreateControlDevice()) {
        DeregisterFilter();
        FreeGlobals();
        return STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

/* First no application can ask for anything any more, then NDIS lets go of the modules, and only then the globals go: UNL-02. */
VOID NTAPI FilterDriverUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);

    DeleteControlDevice();
    DeregisterFilter();
    FreeGlobals();
}

BOOLEAN AllocateGlobals(VOID)
{
    Globals = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Globals), TAG_GLOBALS);
    if (Globals == NULL) return FALSE;
    NdisZeroMemory(Globals, sizeof(*Globals));
    NdisAllocateSpinLock(&Globals->Lock);
    InitializeListHead(&Globals->Modules);
    return TRUE;
}

VOID FreeGlobals(VOID)
{
    NdisFreeSpinLock(&Globals->Lock);
    ExFreePoolWithTag(Globals, TAG_GLOBALS);
    Globals = NULL;
}

BOOLEAN RegisterFilter(PDRIVER_OBJECT DriverObject)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS characteristics;

    DescribeFilter(&characteristics);
    return NdisFRegisterFilterDriver(DriverObject, NULL, &characteristics, &Globals->DriverHandle) == NDIS_STATUS_SUCCESS;
}

/* NDIS pauses and detaches every module that is still attached before this returns. */
VOID DeregisterFilter(VOID)
{
    if (Globals->DriverHandle != NULL) NdisFDeregisterFilterDriver(Globals->DriverHandle);
}
