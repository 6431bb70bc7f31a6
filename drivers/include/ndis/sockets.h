/*
 * Socket addresses, which ntddndis.h names in a few capability structures from NDIS 6.30 on. mingw-w64 has them in user-mode headers only.
 */
#ifndef NDIS_LWF_SOCKETS_H
#define NDIS_LWF_SOCKETS_H

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

#endif
