/* Addresses as text: what the Windows Driver Kit's ip2string.h declares. Written from the documentation. */
#ifndef NDIS_LWF_IP2STRING_H
#define NDIS_LWF_IP2STRING_H

#include <ntddk.h>
#include <inaddr.h>
#include <in6addr.h>

#ifdef __cplusplus
extern "C" {
#endif

NTSYSAPI PSTR NTAPI RtlIpv4AddressToStringA(const struct in_addr *Addr, PSTR S);
NTSYSAPI PWSTR NTAPI RtlIpv4AddressToStringW(const struct in_addr *Addr, PWSTR S);
NTSYSAPI PSTR NTAPI RtlIpv6AddressToStringA(const struct in6_addr *Addr, PSTR S);
NTSYSAPI PWSTR NTAPI RtlIpv6AddressToStringW(const struct in6_addr *Addr, PWSTR S);

#ifdef __cplusplus
}
#endif

#endif
