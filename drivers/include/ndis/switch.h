/*
 * Extensions of the Hyper-V extensible switch: what a packet knows of its ports, and the functions of the switch. The structures of its OID
 * requests are in ntddndis.h.
 */
#ifndef NDIS_LWF_SWITCH_H
#define NDIS_LWF_SWITCH_H

#if NDIS_SUPPORT_LEVEL >= 630

#define NDIS_SWITCH_DEFAULT_PORT_ID 0
#define NDIS_SWITCH_DEFAULT_NIC_INDEX 0
#define NDIS_SWITCH_COPY_NBL_INFO_FLAGS_PRESERVE_DESTINATIONS 0x00000001
#define NDIS_SWITCH_COPY_NBL_INFO_FLAGS_PRESERVE_SWITCH_INFO_ONLY 0x00000002
#define NDIS_SWITCH_REPORT_FILTERED_NBL_FLAGS_IS_INCOMING 0x00000001

typedef NDIS_HANDLE NDIS_SWITCH_CONTEXT, *PNDIS_SWITCH_CONTEXT;

/* In NetBufferListInfo[SwitchForwardingDetail]: where a packet comes from, and how much of it may be believed. */
typedef union _NDIS_SWITCH_FORWARDING_DETAIL_NET_BUFFER_LIST_INFO {
    UINT64 AsUINT64;
    struct {
        UINT32 NumAvailableDestinations : 16;
        UINT32 SourcePortId : 16;
        UINT32 SourceNicIndex : 8;
#if NDIS_SUPPORT_LEVEL >= 640
        UINT32 NativeForwardingRequired : 1;
        UINT32 Reserved1 : 1;
#else
        UINT32 Reserved1 : 2;
#endif
        UINT32 IsPacketDataSafe : 1;
        UINT32 SafePacketDataSize : 12;
        UINT32 IsPacketDataUncached : 1;
        UINT32 IsSafePacketDataUncached : 1;
        UINT32 Reserved2 : 7;
    };
} NDIS_SWITCH_FORWARDING_DETAIL_NET_BUFFER_LIST_INFO, *PNDIS_SWITCH_FORWARDING_DETAIL_NET_BUFFER_LIST_INFO;
#define NET_BUFFER_LIST_SWITCH_FORWARDING_DETAIL(nbl)                                                                            \
    ((PNDIS_SWITCH_FORWARDING_DETAIL_NET_BUFFER_LIST_INFO)&NET_BUFFER_LIST_INFO((nbl), SwitchForwardingDetail))

typedef struct _NDIS_SWITCH_PORT_DESTINATION {
    NDIS_SWITCH_PORT_ID PortId;
    NDIS_SWITCH_NIC_INDEX NicIndex;
    USHORT IsExcluded : 1;
    USHORT PreserveVLAN : 1;
    USHORT PreservePriority : 1;
    USHORT Reserved : 13;
} NDIS_SWITCH_PORT_DESTINATION, *PNDIS_SWITCH_PORT_DESTINATION;

typedef struct _NDIS_SWITCH_FORWARDING_DESTINATION_ARRAY {
    NDIS_OBJECT_HEADER Header;
    UINT32 ElementSize;
    UINT32 NumElements;
    UINT32 NumDestinations;
    PVOID FirstElement;
} NDIS_SWITCH_FORWARDING_DESTINATION_ARRAY, *PNDIS_SWITCH_FORWARDING_DESTINATION_ARRAY;
#define NDIS_SWITCH_FORWARDING_DESTINATION_ARRAY_REVISION_1 1
#define NDIS_SIZEOF_NDIS_SWITCH_FORWARDING_DESTINATION_ARRAY_REVISION_1                                                          \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SWITCH_FORWARDING_DESTINATION_ARRAY, FirstElement)
#define NDIS_SWITCH_PORT_DESTINATION_AT_ARRAY_INDEX(destinations, index)                                                         \
    ((PNDIS_SWITCH_PORT_DESTINATION)((PUCHAR)(destinations)->FirstElement + (destinations)->ElementSize * (index)))

typedef struct _NDIS_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE_INFO {
    NDIS_OBJECT_HEADER Header;
    PCHAR ContextName;
    LPGUID ExtensionId;
} NDIS_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE_INFO, *PNDIS_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE_INFO;
#define NDIS_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE_INFO_REVISION_1 1

/* The functions of the switch that a module is attached to. */
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_ALLOCATE_NET_BUFFER_LIST_FORWARDING_CONTEXT)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                                   PNET_BUFFER_LIST NetBufferList);
typedef VOID(NTAPI NDIS_SWITCH_FREE_NET_BUFFER_LIST_FORWARDING_CONTEXT)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                        PNET_BUFFER_LIST NetBufferList);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_SET_NET_BUFFER_LIST_SOURCE)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                  PNET_BUFFER_LIST NetBufferList, NDIS_SWITCH_PORT_ID PortId,
                                                                  NDIS_SWITCH_NIC_INDEX NicIndex);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_ADD_NET_BUFFER_LIST_DESTINATION)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                       PNET_BUFFER_LIST NetBufferList,
                                                                       PNDIS_SWITCH_PORT_DESTINATION Destination);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_GROW_NET_BUFFER_LIST_DESTINATIONS)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                         PNET_BUFFER_LIST NetBufferList,
                                                                         UINT32 NumberOfNewDestinations,
                                                                         PNDIS_SWITCH_FORWARDING_DESTINATION_ARRAY *Destinations);
typedef VOID(NTAPI NDIS_SWITCH_GET_NET_BUFFER_LIST_DESTINATIONS)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                 PNET_BUFFER_LIST NetBufferList,
                                                                 PNDIS_SWITCH_FORWARDING_DESTINATION_ARRAY *Destinations);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_UPDATE_NET_BUFFER_LIST_DESTINATIONS)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                           PNET_BUFFER_LIST NetBufferList,
                                                                           UINT32 NumberOfNewDestinations,
                                                                           PNDIS_SWITCH_FORWARDING_DESTINATION_ARRAY Destinations);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_COPY_NET_BUFFER_LIST_INFO)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                 PNET_BUFFER_LIST DestNetBufferList,
                                                                 PNET_BUFFER_LIST SrcNetBufferList, UINT32 Flags);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_REFERENCE_SWITCH_NIC)(NDIS_SWITCH_CONTEXT NdisSwitchContext, NDIS_SWITCH_PORT_ID SwitchPortId,
                                                            NDIS_SWITCH_NIC_INDEX SwitchNicIndex);
typedef NDIS_SWITCH_REFERENCE_SWITCH_NIC NDIS_SWITCH_DEREFERENCE_SWITCH_NIC;
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_REFERENCE_SWITCH_PORT)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                             NDIS_SWITCH_PORT_ID SwitchPortId);
typedef NDIS_SWITCH_REFERENCE_SWITCH_PORT NDIS_SWITCH_DEREFERENCE_SWITCH_PORT;
typedef VOID(NTAPI NDIS_SWITCH_REPORT_FILTERED_NET_BUFFER_LISTS)(NDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                                 PUNICODE_STRING ExtensionGuid,
                                                                 PUNICODE_STRING ExtensionFriendlyName,
                                                                 NDIS_SWITCH_PORT_ID PortId, UINT32 Flags,
                                                                 UINT32 NumberOfNetBufferLists, PNET_BUFFER_LIST NetBufferLists,
                                                                 PUNICODE_STRING FilterReason);
typedef NDIS_STATUS(NTAPI NDIS_SWITCH_SET_NET_BUFFER_LIST_SWITCH_CONTEXT)(
    NDIS_SWITCH_CONTEXT NdisSwitchContext, PNET_BUFFER_LIST NetBufferList,
    PNDIS_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE_INFO ContextTypeInfo, PVOID Context);
typedef PVOID(NTAPI NDIS_SWITCH_GET_NET_BUFFER_LIST_SWITCH_CONTEXT)(
    NDIS_SWITCH_CONTEXT NdisSwitchContext, PNET_BUFFER_LIST NetBufferList,
    PNDIS_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE_INFO ContextTypeInfo);

typedef NDIS_SWITCH_ALLOCATE_NET_BUFFER_LIST_FORWARDING_CONTEXT *NDIS_SWITCH_ALLOCATE_NET_BUFFER_LIST_FORWARDING_CONTEXT_HANDLER;
typedef NDIS_SWITCH_FREE_NET_BUFFER_LIST_FORWARDING_CONTEXT *NDIS_SWITCH_FREE_NET_BUFFER_LIST_FORWARDING_CONTEXT_HANDLER;
typedef NDIS_SWITCH_SET_NET_BUFFER_LIST_SOURCE *NDIS_SWITCH_SET_NET_BUFFER_LIST_SOURCE_HANDLER;
typedef NDIS_SWITCH_ADD_NET_BUFFER_LIST_DESTINATION *NDIS_SWITCH_ADD_NET_BUFFER_LIST_DESTINATION_HANDLER;
typedef NDIS_SWITCH_GROW_NET_BUFFER_LIST_DESTINATIONS *NDIS_SWITCH_GROW_NET_BUFFER_LIST_DESTINATIONS_HANDLER;
typedef NDIS_SWITCH_GET_NET_BUFFER_LIST_DESTINATIONS *NDIS_SWITCH_GET_NET_BUFFER_LIST_DESTINATIONS_HANDLER;
typedef NDIS_SWITCH_UPDATE_NET_BUFFER_LIST_DESTINATIONS *NDIS_SWITCH_UPDATE_NET_BUFFER_LIST_DESTINATIONS_HANDLER;
typedef NDIS_SWITCH_COPY_NET_BUFFER_LIST_INFO *NDIS_SWITCH_COPY_NET_BUFFER_LIST_INFO_HANDLER;
typedef NDIS_SWITCH_REFERENCE_SWITCH_NIC *NDIS_SWITCH_REFERENCE_SWITCH_NIC_HANDLER;
typedef NDIS_SWITCH_DEREFERENCE_SWITCH_NIC *NDIS_SWITCH_DEREFERENCE_SWITCH_NIC_HANDLER;
typedef NDIS_SWITCH_REFERENCE_SWITCH_PORT *NDIS_SWITCH_REFERENCE_SWITCH_PORT_HANDLER;
typedef NDIS_SWITCH_DEREFERENCE_SWITCH_PORT *NDIS_SWITCH_DEREFERENCE_SWITCH_PORT_HANDLER;
typedef NDIS_SWITCH_REPORT_FILTERED_NET_BUFFER_LISTS *NDIS_SWITCH_REPORT_FILTERED_NET_BUFFER_LISTS_HANDLER;
typedef NDIS_SWITCH_SET_NET_BUFFER_LIST_SWITCH_CONTEXT *NDIS_SWITCH_SET_NET_BUFFER_LIST_SWITCH_CONTEXT_HANDLER;
typedef NDIS_SWITCH_GET_NET_BUFFER_LIST_SWITCH_CONTEXT *NDIS_SWITCH_GET_NET_BUFFER_LIST_SWITCH_CONTEXT_HANDLER;

#define NDIS_SWITCH_OPTIONAL_HANDLERS_REVISION_1 1
#define NDIS_SWITCH_OPTIONAL_HANDLERS_REVISION_2 2
#define NDIS_SWITCH_OPTIONAL_HANDLERS_PD_RESERVED_SIZE 14
/* The tail that came after 6.30 is there for every level: Header.Size says how much of it is asked for. */
typedef struct _NDIS_SWITCH_OPTIONAL_HANDLERS {
    NDIS_OBJECT_HEADER Header;
    NDIS_SWITCH_ALLOCATE_NET_BUFFER_LIST_FORWARDING_CONTEXT_HANDLER AllocateNetBufferListForwardingContext;
    NDIS_SWITCH_FREE_NET_BUFFER_LIST_FORWARDING_CONTEXT_HANDLER FreeNetBufferListForwardingContext;
    NDIS_SWITCH_SET_NET_BUFFER_LIST_SOURCE_HANDLER SetNetBufferListSource;
    NDIS_SWITCH_ADD_NET_BUFFER_LIST_DESTINATION_HANDLER AddNetBufferListDestination;
    NDIS_SWITCH_GROW_NET_BUFFER_LIST_DESTINATIONS_HANDLER GrowNetBufferListDestinations;
    NDIS_SWITCH_GET_NET_BUFFER_LIST_DESTINATIONS_HANDLER GetNetBufferListDestinations;
    NDIS_SWITCH_UPDATE_NET_BUFFER_LIST_DESTINATIONS_HANDLER UpdateNetBufferListDestinations;
    NDIS_SWITCH_COPY_NET_BUFFER_LIST_INFO_HANDLER CopyNetBufferListInfo;
    NDIS_SWITCH_REFERENCE_SWITCH_NIC_HANDLER ReferenceSwitchNic;
    NDIS_SWITCH_DEREFERENCE_SWITCH_NIC_HANDLER DereferenceSwitchNic;
    NDIS_SWITCH_REFERENCE_SWITCH_PORT_HANDLER ReferenceSwitchPort;
    NDIS_SWITCH_DEREFERENCE_SWITCH_PORT_HANDLER DereferenceSwitchPort;
    NDIS_SWITCH_REPORT_FILTERED_NET_BUFFER_LISTS_HANDLER ReportFilteredNetBufferLists;
    NDIS_SWITCH_SET_NET_BUFFER_LIST_SWITCH_CONTEXT_HANDLER SetNetBufferListSwitchContext;
    NDIS_SWITCH_GET_NET_BUFFER_LIST_SWITCH_CONTEXT_HANDLER GetNetBufferListSwitchContext;
    PVOID SwitchPDReserved[NDIS_SWITCH_OPTIONAL_HANDLERS_PD_RESERVED_SIZE];
} NDIS_SWITCH_OPTIONAL_HANDLERS, *PNDIS_SWITCH_OPTIONAL_HANDLERS;
#define NDIS_SIZEOF_SWITCH_OPTIONAL_HANDLERS_REVISION_1                                                                          \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SWITCH_OPTIONAL_HANDLERS, ReportFilteredNetBufferLists)

NDISAPI NDIS_STATUS NTAPI NdisFGetOptionalSwitchHandlers(NDIS_HANDLE NdisFilterHandle, PNDIS_SWITCH_CONTEXT NdisSwitchContext,
                                                         PNDIS_SWITCH_OPTIONAL_HANDLERS NdisSwitchHandlers);

#endif

#endif
