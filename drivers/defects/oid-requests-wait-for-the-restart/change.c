#include "reference-original.h"

/* One request from above comes at a time, so one place a module is enough. */
typedef struct _WAITING_MODULE {
    FILTER_MODULE Module;
    PNDIS_OID_REQUEST Request;
} WAITING_MODULE, *PWAITING_MODULE;

UINT ModuleSize(VOID)
{
    return sizeof(WAITING_MODULE);
}

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    PWAITING_MODULE waiting = FilterModuleContext;
    MODULE_STATE state = waiting->Module.State;

    if (state != ModulePaused && state != ModulePausing) return OriginalFilterOidRequest(FilterModuleContext, OidRequest);
    waiting->Request = OidRequest;
    return NDIS_STATUS_PENDING;
}

VOID OpenGate(PFILTER_MODULE Module)
{
    PWAITING_MODULE waiting = (PWAITING_MODULE)Module;
    PNDIS_OID_REQUEST request = waiting->Request;
    NDIS_STATUS status;

    OriginalOpenGate(Module);
    if (request == NULL) return;
    waiting->Request = NULL;
    status = OriginalFilterOidRequest(Module, request);
    if (status != NDIS_STATUS_PENDING) NdisFOidRequestComplete(Module->FilterHandle, request, status);
}
