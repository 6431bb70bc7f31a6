/* Per-NBL offload and tagging information that filters read: checksum, large send, 802.1Q, hash. */
#ifndef NDIS_LWF_OFFLOAD_H
#define NDIS_LWF_OFFLOAD_H

typedef struct _NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO {
    union {
        struct {
            ULONG IsIPv4 : 1;
            ULONG IsIPv6 : 1;
            ULONG TcpChecksum : 1;
            ULONG UdpChecksum : 1;
            ULONG IpHeaderChecksum : 1;
            ULONG Reserved : 11;
            ULONG TcpHeaderOffset : 10;
        } Transmit;
        struct {
            ULONG TcpChecksumFailed : 1;
            ULONG UdpChecksumFailed : 1;
            ULONG IpChecksumFailed : 1;
            ULONG TcpChecksumSucceeded : 1;
            ULONG UdpChecksumSucceeded : 1;
            ULONG IpChecksumSucceeded : 1;
            ULONG Loopback : 1;
#if NDIS_SUPPORT_LEVEL >= 630
            ULONG TcpChecksumValueInvalid : 1;
            ULONG IpChecksumValueInvalid : 1;
#endif
        } Receive;
        PVOID Value;
    };
} NDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO, *PNDIS_TCP_IP_CHECKSUM_NET_BUFFER_LIST_INFO;

typedef struct _NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO {
    union {
        struct {
            ULONG Unused : 30;
            ULONG Type : 1;
            ULONG Reserved2 : 1;
        } Transmit;
        struct {
            ULONG MSS : 20;
            ULONG TcpHeaderOffset : 10;
            ULONG Type : 1;
            ULONG Reserved2 : 1;
        } LsoV1Transmit;
        struct {
            ULONG TcpPayload : 30;
            ULONG Type : 1;
            ULONG Reserved2 : 1;
        } LsoV1TransmitComplete;
        struct {
            ULONG MSS : 20;
            ULONG TcpHeaderOffset : 10;
            ULONG Type : 1;
            ULONG IPVersion : 1;
        } LsoV2Transmit;
        struct {
            ULONG Reserved : 30;
            ULONG Type : 1;
            ULONG Reserved2 : 1;
        } LsoV2TransmitComplete;
        PVOID Value;
    };
} NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO, *PNDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO;

typedef struct _NDIS_NET_BUFFER_LIST_8021Q_INFO {
    union {
        struct {
            UINT32 UserPriority : 3;
            UINT32 CanonicalFormatId : 1;
            UINT32 VlanId : 12;
            UINT32 Reserved : 16;
        } TagHeader;
        struct {
            UINT32 UserPriority : 3;
            UINT32 CanonicalFormatId : 1;
            UINT32 VlanId : 12;
            UINT32 WMMInfo : 4;
            UINT32 Reserved : 12;
        } WLanTagHeader;
        PVOID Value;
    };
} NDIS_NET_BUFFER_LIST_8021Q_INFO, *PNDIS_NET_BUFFER_LIST_8021Q_INFO;

#define NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE 0
#define NDIS_TCP_LARGE_SEND_OFFLOAD_V2_TYPE 1
#define NDIS_TCP_LARGE_SEND_OFFLOAD_IPv4 0
#define NDIS_TCP_LARGE_SEND_OFFLOAD_IPv6 1
#define NDIS_LARGE_SEND_OFFLOAD_MAX_HEADER_LENGTH 128

#if NDIS_SUPPORT_LEVEL >= 630
typedef union _NDIS_RSC_NBL_INFO {
    struct {
        USHORT CoalescedSegCount;
        USHORT DupAckCount;
    } Info;
    PVOID Value;
} NDIS_RSC_NBL_INFO, *PNDIS_RSC_NBL_INFO;
#define NET_BUFFER_LIST_COALESCED_SEG_COUNT(nbl)                                                                                 \
    (((PNDIS_RSC_NBL_INFO)&NET_BUFFER_LIST_INFO((nbl), TcpRecvSegCoalesceInfo))->Info.CoalescedSegCount)
#define NET_BUFFER_LIST_DUP_ACK_COUNT(nbl)                                                                                       \
    (((PNDIS_RSC_NBL_INFO)&NET_BUFFER_LIST_INFO((nbl), TcpRecvSegCoalesceInfo))->Info.DupAckCount)
#endif

#if NDIS_SUPPORT_LEVEL >= 683
#define NDIS_UDP_SEGMENTATION_OFFLOAD_IPV4 0
#define NDIS_UDP_SEGMENTATION_OFFLOAD_IPV6 1
typedef struct _NDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO {
    union {
        struct {
            ULONG MSS : 20;
            ULONG UdpHeaderOffset : 10;
            ULONG Reserved : 1;
            ULONG IPVersion : 1;
        } Transmit;
        PVOID Value;
    };
} NDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO, *PNDIS_UDP_SEGMENTATION_OFFLOAD_NET_BUFFER_LIST_INFO;
#endif

/* Receive-side scaling: the hash and what it was computed of. Its kind shares NetBufferListHashInfo with its function. */
#define NET_BUFFER_LIST_GET_HASH_VALUE(nbl) (PtrToUlong(NET_BUFFER_LIST_INFO((nbl), NetBufferListHashValue)))
#define NET_BUFFER_LIST_SET_HASH_VALUE(nbl, value) (NET_BUFFER_LIST_INFO((nbl), NetBufferListHashValue) = UlongToPtr(value))
#define NET_BUFFER_LIST_GET_HASH_TYPE(nbl)                                                                                       \
    (PtrToUlong(NET_BUFFER_LIST_INFO((nbl), NetBufferListHashInfo)) & NDIS_HASH_TYPE_MASK)
#define NET_BUFFER_LIST_SET_HASH_TYPE(nbl, type)                                                                                 \
    (NET_BUFFER_LIST_INFO((nbl), NetBufferListHashInfo) =                                                                        \
         UlongToPtr((PtrToUlong(NET_BUFFER_LIST_INFO((nbl), NetBufferListHashInfo)) & ~NDIS_HASH_TYPE_MASK) |                    \
                    ((type) & NDIS_HASH_TYPE_MASK)))
#define NET_BUFFER_LIST_GET_HASH_FUNCTION(nbl)                                                                                   \
    (PtrToUlong(NET_BUFFER_LIST_INFO((nbl), NetBufferListHashInfo)) & NDIS_HASH_FUNCTION_MASK)
#define NET_BUFFER_LIST_SET_HASH_FUNCTION(nbl, function)                                                                         \
    (NET_BUFFER_LIST_INFO((nbl), NetBufferListHashInfo) =                                                                        \
         UlongToPtr((PtrToUlong(NET_BUFFER_LIST_INFO((nbl), NetBufferListHashInfo)) & ~NDIS_HASH_FUNCTION_MASK) |                \
                    ((function) & NDIS_HASH_FUNCTION_MASK)))

#endif
