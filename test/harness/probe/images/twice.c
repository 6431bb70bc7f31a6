/*
 * Registers several filters from one image, as drivers do that have one for each medium. Each names itself in FilterSetOptions by how long
 * it sleeps, and most handlers are NULL.
 */
#include <ndis.h>

#ifndef REGISTRATIONS
#define REGISTRATIONS 2
#endif

static NDIS_HANDLE Handles[REGISTRATIONS];
static NDIS_HANDLE Contexts[8];
static ULONG Attached;

static NDIS_STATUS NTAPI FirstSetOptions(NDIS_HANDLE Driver, NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Context);
    NdisMSleep(1000);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS NTAPI OtherSetOptions(NDIS_HANDLE Driver, NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Driver);
    NdisMSleep(1000 * (ULONG)(ULONG_PTR)Context);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS NTAPI Attach(NDIS_HANDLE Filter, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    NDIS_FILTER_ATTRIBUTES attributes;

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    NdisZeroMemory(&attributes, sizeof(attributes));
    NDIS_SET_OBJECT_HEADER(&attributes.Header, NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
                           NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1);
    Attached += 1;
    return NdisFSetAttributes(Filter, &Contexts[Attached % 8], &attributes);
}

static VOID NTAPI Detach(NDIS_HANDLE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

static NDIS_STATUS NTAPI Restart(NDIS_HANDLE Module, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS NTAPI Pause(NDIS_HANDLE Module, PNDIS_FILTER_PAUSE_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

#if NDIS_SUPPORT_NDIS680
static NDIS_STATUS NTAPI Preview(NDIS_HANDLE Module, PNDIS_OID_REQUEST Request, PVOID *CallContext)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(Request);
    *CallContext = &Attached;
    return NDIS_STATUS_SUCCESS;
}

static VOID NTAPI Review(NDIS_HANDLE Module, PNDIS_OID_REQUEST Request, NDIS_STATUS *Status, PVOID CallContext)
{
    UNREFERENCED_PARAMETER(Module);
    UNREFERENCED_PARAMETER(Request);
    *Status = CallContext == &Attached ? NDIS_STATUS_RESOURCES : NDIS_STATUS_FAILURE;
}
#endif

/* All that are registered. EARLY: when an application closes its handle, and not only in DriverUnload. */
static VOID Deregister(VOID)
{
    ULONG which;

    for (which = REGISTRATIONS; which > 0; which -= 1) {
        if (Handles[which - 1] != NULL) NdisFDeregisterFilterDriver(Handles[which - 1]);
        Handles[which - 1] = NULL;
    }
}

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
    Deregister();
}

/* A control device as drivers make it without NDIS: its dispatch routines are in the driver object. */
static NTSTATUS NTAPI Dispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
#ifdef REPLACED_LATER
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_CLOSE) Device->DriverObject->DriverUnload = Unload;
#endif
#ifdef EARLY
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_CLOSE) Deregister();
#endif
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS CreateDevice(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING name;
    PDEVICE_OBJECT device;

    RtlInitUnicodeString(&name, L"\\Device\\NdisLwfSpec");
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Dispatch;
    return IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_NETWORK, 0, FALSE, &device);
}

static NDIS_STATUS Register(PDRIVER_OBJECT DriverObject, ULONG Which)
{
    static PCWSTR names[] = {L"{5cbf81bd-5055-47cd-9055-a76b2b4e3697}", L"{00000000-0000-0000-0000-000000000002}",
                             L"{00000000-0000-0000-0000-000000000003}", L"{00000000-0000-0000-0000-000000000004}",
                             L"{00000000-0000-0000-0000-000000000005}"};
    NDIS_FILTER_DRIVER_CHARACTERISTICS filter;

    NdisZeroMemory(&filter, sizeof(filter));
    NDIS_SET_OBJECT_HEADER(&filter.Header, NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS, NDIS_FILTER_CHARACTERISTICS_REVISION_2,
                           NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2);
    filter.MajorNdisVersion = 6;
    filter.MinorNdisVersion = 30;
#if NDIS_SUPPORT_NDIS680
    NDIS_SET_OBJECT_HEADER(&filter.Header, NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS, NDIS_FILTER_CHARACTERISTICS_REVISION_3,
                           NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_3);
    filter.MinorNdisVersion = 80;
    filter.SynchronousOidRequestHandler = Preview;
    filter.SynchronousOidRequestCompleteHandler = Review;
#endif
    RtlInitUnicodeString(&filter.FriendlyName, L"One of several");
    RtlInitUnicodeString(&filter.UniqueName, names[Which]);
    RtlInitUnicodeString(&filter.ServiceName, L"Twice");
    filter.SetOptionsHandler = Which == 0 ? FirstSetOptions : OtherSetOptions;
    filter.AttachHandler = Attach;
    filter.DetachHandler = Detach;
    filter.RestartHandler = Restart;
    filter.PauseHandler = Pause;
    return NdisFRegisterFilterDriver(DriverObject, (NDIS_HANDLE)(ULONG_PTR)(Which + 1), &filter, &Handles[Which]);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ULONG which;

    UNREFERENCED_PARAMETER(RegistryPath);
#ifdef REPLACED
    DriverObject->DriverUnload = Unload;
#endif
#ifdef ANEW
    if (Register(DriverObject, 0) != NDIS_STATUS_SUCCESS) return STATUS_UNSUCCESSFUL;
    Deregister();
#endif
    for (which = 0; which < REGISTRATIONS; which += 1)
        if (Register(DriverObject, which) != NDIS_STATUS_SUCCESS) return STATUS_UNSUCCESSFUL;
    /* After the registration: the probe has to find it then, too. REPLACED: it takes the place of that of the probe. */
    DriverObject->DriverUnload = Unload;
    return CreateDevice(DriverObject);
}
