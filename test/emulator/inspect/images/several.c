/* Registers three filters from one image: one for wireless adapters, one for Ethernet, one for the extensible switch. */
#include <ndis.h>

#define FILTERS 3

static NDIS_HANDLE Handles[FILTERS];

static NDIS_STATUS NTAPI Attach(NDIS_HANDLE Filter, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    NDIS_FILTER_ATTRIBUTES attributes;
    NDIS_SWITCH_OPTIONAL_HANDLERS handlers;
    NDIS_SWITCH_CONTEXT context;
    ULONG which = (ULONG)(ULONG_PTR)Context;
    NDIS_STATUS status;

    NdisZeroMemory(&attributes, sizeof(attributes));
    NDIS_SET_OBJECT_HEADER(&attributes.Header, NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
                           NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1);
    if (which == 1 && Parameters->MiniportMediaType != NdisMediumNative802_11) return NDIS_STATUS_UNSUPPORTED_MEDIA;
    if (which == 2 && Parameters->MiniportMediaType != NdisMedium802_3) return NDIS_STATUS_UNSUPPORTED_MEDIA;
    if (which == 3) {
        NdisZeroMemory(&handlers, sizeof(handlers));
        NDIS_SET_OBJECT_HEADER(&handlers.Header, NDIS_OBJECT_TYPE_SWITCH_OPTIONAL_HANDLERS,
                               NDIS_SWITCH_OPTIONAL_HANDLERS_REVISION_1, NDIS_SIZEOF_SWITCH_OPTIONAL_HANDLERS_REVISION_1);
        status = NdisFGetOptionalSwitchHandlers(Filter, &context, &handlers);
        if (status != NDIS_STATUS_SUCCESS) return status;
    }
    return NdisFSetAttributes(Filter, &Handles[which - 1], &attributes);
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

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    ULONG which;

    UNREFERENCED_PARAMETER(DriverObject);
    for (which = 0; which < FILTERS; which += 1) NdisFDeregisterFilterDriver(Handles[which]);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static const PCWSTR guids[] = {L"{7daf2ac8-e9f6-4765-a842-f1f5d2501351}", L"{7daf2ac8-e9f6-4765-a842-f1f5d2501340}",
                                   L"{7daf2ac8-e9f6-4765-a842-f1f5d2501362}"};
    static const PCWSTR services[] = {L"several_wifi", L"several", L"several_switch"};
    NDIS_FILTER_DRIVER_CHARACTERISTICS filter;
    ULONG which;

    UNREFERENCED_PARAMETER(RegistryPath);
    NdisZeroMemory(&filter, sizeof(filter));
    NDIS_SET_OBJECT_HEADER(&filter.Header, NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS, NDIS_FILTER_CHARACTERISTICS_REVISION_2,
                           NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2);
    filter.MajorNdisVersion = 6;
    filter.MinorNdisVersion = 30;
    filter.AttachHandler = Attach;
    filter.DetachHandler = Detach;
    filter.RestartHandler = Restart;
    filter.PauseHandler = Pause;
    DriverObject->DriverUnload = Unload;
    for (which = 0; which < FILTERS; which += 1) {
        RtlInitUnicodeString(&filter.FriendlyName, services[which]);
        RtlInitUnicodeString(&filter.UniqueName, guids[which]);
        RtlInitUnicodeString(&filter.ServiceName, services[which]);
        if (NdisFRegisterFilterDriver(DriverObject, (NDIS_HANDLE)(ULONG_PTR)(which + 1), &filter, &Handles[which]) !=
            NDIS_STATUS_SUCCESS) {
            while (which > 0) NdisFDeregisterFilterDriver(Handles[--which]);
            return STATUS_UNSUCCESSFUL;
        }
    }
    return STATUS_SUCCESS;
}
