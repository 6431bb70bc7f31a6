/*
 * netioapi.h of mingw-w64, which knows the kernel but leads to headers of user mode: the structures of the first IP Helper, and the router
 * administration behind them. The Windows Driver Kit's leads to neither.
 */
#ifndef NDIS_LWF_NETIOAPI_H
#define NDIS_LWF_NETIOAPI_H

#include <ndis.h>
#include <ipifcons.h>

#define __ROUTING_MPRADMIN_H__
#define __ROUTING_IPRTRMIB_H__
#include_next <netioapi.h>
#undef __ROUTING_MPRADMIN_H__
#undef __ROUTING_IPRTRMIB_H__

#endif
