/* Status indications and Plug and Play events. Everything is handed on, in every state. */
#include "filter.h"

VOID NTAPI FilterStatus(NDIS_HANDLE FilterModuleContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    PFILTER_MODULE module = FilterModuleContext;

    NdisFIndicateStatus(module->FilterHandle, StatusIndication);
}

NTSTATUS OriginateStatus(PFILTER_MODULE Module)
{
    NDIS_STATUS_INDICATION indication;

    NdisZeroMemory(&indication, sizeof(indication));
    NDIS_SET_OBJECT_HEADER(&indication.Header, NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
                           NDIS_SIZEOF_STATUS_INDICATION_REVISION_1);
    indication.SourceHandle = Module->FilterHandle;
    indication.StatusCode = NDIS_STATUS_NETWORK_CHANGE;
    NdisFIndicateStatus(Module->FilterHandle, &indication);
    return STATUS_SUCCESS;
}

NDIS_STATUS NTAPI FilterNetPnPEvent(NDIS_HANDLE FilterModuleContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    PFILTER_MODULE module = FilterModuleContext;
    PNET_PNP_EVENT event = &NetPnPEventNotification->NetPnPEvent;

    if (event->NetEvent == NetEventSetPower && event->Buffer != NULL) SetPower(module, *(NET_DEVICE_POWER_STATE *)event->Buffer);
    if (event->NetEvent == NetEventFilterPreDetach) PrepareDetach(module);
    return ForwardNetPnPEvent(module, NetPnPEventNotification);
}

/* The protocols above decide with us: what they answer is our answer. */
NDIS_STATUS ForwardNetPnPEvent(PFILTER_MODULE Module, PNET_PNP_EVENT_NOTIFICATION Event)
{
    return NdisFNetPnPEvent(Module->FilterHandle, Event);
}

/* Low power: start nothing new, wait for nothing. NDIS may leave us Running across the sleep. */
VOID SetPower(PFILTER_MODULE Module, NET_DEVICE_POWER_STATE State)
{
    NdisAcquireSpinLock(&Module->Lock);
    Module->LowPower = State != NetDeviceStateD0;
    NdisReleaseSpinLock(&Module->Lock);
}

/* The last moment at which OID requests and status indications still go through: DET-05. */
VOID PrepareDetach(PFILTER_MODULE Module)
{
    RestorePacketFilter(Module);
    MakeUnreachable(Module);
}

VOID NTAPI FilterDevicePnPEventNotify(NDIS_HANDLE FilterModuleContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    PFILTER_MODULE module = FilterModuleContext;

    NdisFDevicePnPEventNotify(module->FilterHandle, NetDevicePnPEvent);
}
