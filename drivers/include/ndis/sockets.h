/*
 * Socket addresses, which ntddndis.h names in a few capability structures from NDIS 6.30 on. mingw-w64 has them in user-mode headers only,
 * with the names of BSD in their wake. Those of the kernel have none, and drivers define such names of their own (struct timeval, u_int):
 * here they get others.
 */
#ifndef NDIS_LWF_SOCKETS_H
#define NDIS_LWF_SOCKETS_H

#define u_char ndis_bsd_uchar
#define u_short ndis_bsd_ushort
#define u_int ndis_bsd_uint
#define u_int64 ndis_bsd_uint64
#define timeval ndis_bsd_timeval
#define hostent ndis_bsd_hostent
#define netent ndis_bsd_netent
#define servent ndis_bsd_servent
#define protoent ndis_bsd_protoent
#define sockproto ndis_bsd_sockproto
#define linger ndis_bsd_linger
#include <_bsd_types.h>
#include <inaddr.h>
#include <in6addr.h>
#include <ws2def.h>
#include <psdk_inc/_ip_types.h>

typedef USHORT ADDRESS_FAMILY;

typedef struct _SOCKET_ADDRESS {
    struct sockaddr *lpSockaddr;
    INT iSockaddrLength;
} SOCKET_ADDRESS, *PSOCKET_ADDRESS;

typedef struct sockaddr_storage {
    ADDRESS_FAMILY ss_family;
    CHAR __ss_pad1[6];
    LONGLONG __ss_align;
    CHAR __ss_pad2[112];
} SOCKADDR_STORAGE, *PSOCKADDR_STORAGE;

#ifndef AF_UNSPEC
#define AF_UNSPEC 0
#define AF_INET 2
#define AF_INET6 23
#endif

#include <ws2ipdef.h>

#undef u_char
#undef u_short
#undef u_int
#undef u_int64
#undef timeval
#undef hostent
#undef netent
#undef servent
#undef protoent
#undef sockproto
#undef linger
#undef h_addr
#undef timerisset
#undef timercmp
#undef timerclear

#endif
