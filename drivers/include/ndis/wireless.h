/* What FilterAttach gets as MiniportMediaSpecificAttributes on a native 802.11 adapter. Its parts are in windot11.h. */
#ifndef NDIS_LWF_WIRELESS_H
#define NDIS_LWF_WIRELESS_H

#define NDIS_MINIPORT_ADAPTER_802_11_ATTRIBUTES_REVISION_1 1
#define NDIS_MINIPORT_ADAPTER_802_11_ATTRIBUTES_REVISION_2 2
#define NDIS_MINIPORT_ADAPTER_802_11_ATTRIBUTES_REVISION_3 3
typedef struct _NDIS_MINIPORT_ADAPTER_NATIVE_802_11_ATTRIBUTES {
    NDIS_OBJECT_HEADER Header;
    ULONG OpModeCapability;
    ULONG NumOfTXBuffers;
    ULONG NumOfRXBuffers;
    BOOLEAN MultiDomainCapabilityImplemented;
    ULONG NumSupportedPhys;
    struct DOT11_PHY_ATTRIBUTES *SupportedPhyAttributes;
    struct DOT11_EXTSTA_ATTRIBUTES *ExtSTAAttributes;
    struct DOT11_VWIFI_ATTRIBUTES *VWiFiAttributes;
    struct DOT11_EXTAP_ATTRIBUTES *ExtAPAttributes;
    struct DOT11_WFD_ATTRIBUTES *WFDAttributes;
} NDIS_MINIPORT_ADAPTER_NATIVE_802_11_ATTRIBUTES, *PNDIS_MINIPORT_ADAPTER_NATIVE_802_11_ATTRIBUTES;

#endif
