#include "reference-original.h"

static PFILTER_MODULE WaitingModule;
static PNDIS_OID_REQUEST WaitingRequest;

NDIS_STATUS NTAPI FilterOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    PFILTER_MODULE module = FilterModuleContext;

    if (module->State != ModulePaused && module->State != ModulePausing) return OriginalFilterOidRequest(module, OidRequest);
    WaitingModule = module;
    WaitingRequest = OidRequest;
    return NDIS_STATUS_PENDING;
}

VOID OpenGate(PFILTER_MODULE Module)
{
    PNDIS_OID_REQUEST request = WaitingRequest;
    NDIS_STATUS status;

    OriginalOpenGate(Module);
    if (request == NULL || WaitingModule != Module) return;
    WaitingRequest = NULL;
    status = OriginalFilterOidRequest(Module, request);
    if (status != NDIS_STATUS_PENDING) NdisFOidRequestComplete(Module->FilterHandle, request, status);
}
