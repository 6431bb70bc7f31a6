/* What NDIS is told about the filter. */
#include "filter.h"

VOID DescribeFilter(PNDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics)
{
    NdisZeroMemory(Characteristics, sizeof(*Characteristics));
    NDIS_SET_OBJECT_HEADER(&Characteristics->Header, NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
                           NDIS_FILTER_CHARACTERISTICS_REVISION_2, NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2);
    Characteristics->MajorNdisVersion = NDIS_FILTER_MAJOR_VERSION;
    Characteristics->MinorNdisVersion = NDIS_FILTER_MINOR_VERSION;
    Characteristics->MajorDriverVersion = 1;
    RtlInitUnicodeString(&Characteristics->FriendlyName, L"Reference lightweight filter");
    RtlInitUnicodeString(&Characteristics->UniqueName, L"{5cbf81bd-5055-47cd-9055-a76b2b4e3697}");
    RtlInitUnicodeString(&Characteristics->ServiceName, L"LwfReference");

    Characteristics->SetFilterModuleOptionsHandler = FilterSetModuleOptions;
    Characteristics->AttachHandler = FilterAttach;
    Characteristics->DetachHandler = FilterDetach;
    Characteristics->RestartHandler = FilterRestart;
    Characteristics->PauseHandler = FilterPause;

    /* A filter that originates sends or receives must have the handler that takes them back: REG-09. */
    Characteristics->SendNetBufferListsHandler = FilterSendNetBufferLists;
    Characteristics->SendNetBufferListsCompleteHandler = FilterSendNetBufferListsComplete;
    Characteristics->CancelSendNetBufferListsHandler = FilterCancelSendNetBufferLists;
    Characteristics->ReceiveNetBufferListsHandler = FilterReceiveNetBufferLists;
    Characteristics->ReturnNetBufferListsHandler = FilterReturnNetBufferLists;

    Characteristics->OidRequestHandler = FilterOidRequest;
    Characteristics->OidRequestCompleteHandler = FilterOidRequestComplete;
    Characteristics->CancelOidRequestHandler = FilterCancelOidRequest;
    Characteristics->DevicePnPEventNotifyHandler = FilterDevicePnPEventNotify;
    Characteristics->NetPnPEventHandler = FilterNetPnPEvent;
    Characteristics->StatusHandler = FilterStatus;
}
