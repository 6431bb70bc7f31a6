/* Data bypass: leaving the data handlers out of the path of a module, and putting them back. */
#include "filter.h"

/* Only asks for it: NDIS pauses the module, calls FilterSetModuleOptions, and restarts it, in its own time. */
NTSTATUS ToggleBypass(PFILTER_MODULE Module)
{
    NDIS_STATUS status;

    if (!EnterGate(Module)) return STATUS_DEVICE_NOT_READY;
    Module->Bypass = !Module->Bypass;
    status = NdisFRestartFilter(Module->FilterHandle);
    if (status != NDIS_STATUS_SUCCESS) Module->Bypass = !Module->Bypass;
    LeaveGate(Module);
    return status == NDIS_STATUS_SUCCESS ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

NDIS_STATUS NTAPI FilterSetModuleOptions(NDIS_HANDLE FilterModuleContext)
{
    PFILTER_MODULE module = FilterModuleContext;
    NDIS_FILTER_PARTIAL_CHARACTERISTICS handlers;

    NdisZeroMemory(&handlers, sizeof(handlers));
    NDIS_SET_OBJECT_HEADER(&handlers.Header, NDIS_OBJECT_TYPE_FILTER_PARTIAL_CHARACTERISTICS,
                           NDIS_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1, NDIS_SIZEOF_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1);
    if (module->Bypass) DescribeBypassHandlers(&handlers);
    else DescribeDataHandlers(&handlers);
    return NdisSetOptionalHandlers(module->FilterHandle, &handlers.Header);
}

VOID DescribeDataHandlers(PNDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers)
{
    Handlers->SendNetBufferListsHandler = FilterSendNetBufferLists;
    Handlers->SendNetBufferListsCompleteHandler = FilterSendNetBufferListsComplete;
    Handlers->CancelSendNetBufferListsHandler = FilterCancelSendNetBufferLists;
    Handlers->ReceiveNetBufferListsHandler = FilterReceiveNetBufferLists;
    Handlers->ReturnNetBufferListsHandler = FilterReturnNetBufferLists;
}

/* What passes through goes by without us. We still originate, so what comes back must still find us: REG-09. */
VOID DescribeBypassHandlers(PNDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers)
{
    Handlers->SendNetBufferListsCompleteHandler = FilterSendNetBufferListsComplete;
    Handlers->ReturnNetBufferListsHandler = FilterReturnNetBufferLists;
}
