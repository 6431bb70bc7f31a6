/*
 * What an application can ask the reference filter for. It opens \Device\NdisLwfSpec\ADAPTER, where ADAPTER is the base name of a miniport
 * (with or without \Device\ in front, in any case), and sends these codes. Input is a count, and for sends and receives a frame behind it:
 *
 *     offset 0  ULONG  Count    how many, up to LWF_COUNT_MAXIMUM; 0 is taken as 1
 *     offset 4  UCHAR  Frame[]  an Ethernet frame; the filter makes one of its own when there is none
 *
 * An IRP_MJ_WRITE sends its buffer as one frame, as capture drivers do. There is no output. Every IRP ends at once: a send ends
 * when NDIS has the NBLs, an OID request when it is complete.
 */
#ifndef NDIS_LWF_SPEC_INTERFACE_H
#define NDIS_LWF_SPEC_INTERFACE_H

#define LWF_IOCTL(function) CTL_CODE(FILE_DEVICE_NETWORK, 0x800 + (function), METHOD_BUFFERED, FILE_ANY_ACCESS)

#define IOCTL_LWF_SEND LWF_IOCTL(0)                  /* 0x122000: originate Count sends, each in a call of its own */
#define IOCTL_LWF_SEND_CHAIN LWF_IOCTL(1)            /* 0x122004: originate one chain of Count sends */
#define IOCTL_LWF_RECEIVE LWF_IOCTL(2)               /* 0x122008: originate one chain of Count receives */
#define IOCTL_LWF_RECEIVE_LOW_RESOURCES LWF_IOCTL(3) /* 0x12200C: the same with NDIS_RECEIVE_FLAGS_RESOURCES */
#define IOCTL_LWF_OID LWF_IOCTL(4)                   /* 0x122010: query OID_GEN_STATISTICS Count times */
#define IOCTL_LWF_STATUS LWF_IOCTL(5)                /* 0x122014: indicate NDIS_STATUS_NETWORK_CHANGE Count times */
#define IOCTL_LWF_SEND_BY_TIMER LWF_IOCTL(6)         /* 0x122018: arm a timer that originates a send */
#define IOCTL_LWF_SEND_BY_WORK_ITEM LWF_IOCTL(7)     /* 0x12201C: queue a work item that originates a send */
#define IOCTL_LWF_STATUS_BY_TIMER LWF_IOCTL(8)       /* 0x122020: arm a timer that indicates a status */
#define IOCTL_LWF_OID_BY_WORK_ITEM LWF_IOCTL(9)      /* 0x122024: queue a work item that originates an OID request */
#define IOCTL_LWF_HOLD_SENDS LWF_IOCTL(10)           /* 0x122028: from now on queue sends from above */
#define IOCTL_LWF_RELEASE_SENDS LWF_IOCTL(11)        /* 0x12202C: pass the queued ones down and stop queueing */
#define IOCTL_LWF_HOLD_RECEIVES LWF_IOCTL(12)        /* 0x122030: from now on queue receives from below */
#define IOCTL_LWF_RELEASE_RECEIVES LWF_IOCTL(13)     /* 0x122034: pass the queued ones up and stop queueing */
#define IOCTL_LWF_MODIFY_DATA LWF_IOCTL(14)          /* 0x122038: from now on put a header in front of passing frames */
#define IOCTL_LWF_BYPASS LWF_IOCTL(15)               /* 0x12203C: leave the data handlers out, or put them back */
#define IOCTL_LWF_SET_PACKET_FILTER LWF_IOCTL(16)    /* 0x122040: set the packet filter; Count is the value */
#define IOCTL_LWF_SYNCHRONOUS_OID LWF_IOCTL(17)      /* 0x122044: originate Count synchronous OID requests */

#define LWF_COUNT_MAXIMUM 4096

typedef struct _LWF_ASK {
    ULONG Count;
    UCHAR Frame[1];
} LWF_ASK, *PLWF_ASK;

#endif
