/*
 * NDIS 6 for lightweight filter drivers: what the Windows Driver Kit's ndis.h offers to a filter, written for this project from the
 * public documentation, on top of the kernel headers (ntddk.h, ntddndis.h) of mingw-w64.
 *
 * A driver chooses its level with one of NDIS60, NDIS61, NDIS620, NDIS630, NDIS640, NDIS650, NDIS651, NDIS660, NDIS670, and NDIS680 to
 * NDIS689 set to 1 (6.30 when it chooses none). x64 only; layouts are held by layout-asserts.c.
 */
#ifndef NDIS_LWF_NDIS_H
#define NDIS_LWF_NDIS_H
#define _NDIS_

#include "ndis/version.h"

#include <ntddk.h>

#include "ndis/annotations.h"
#include "ndis/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "ndis/kernel.h"
#include "ndis/status.h"
#include "ndis/objects.h"
#include "ndis/nbl.h"
#include "ndis/nblapi.h"
#include "ndis/offload.h"
#include "ndis/sync.h"
#include "ndis/deferred.h"
#include "ndis/memory.h"
#include "ndis/legacy.h"
#include "ndis/ethernet.h"
#include "ndis/generic.h"
#include "ndis/oid.h"
#include "ndis/statusindication.h"
#include "ndis/pnp.h"
#include "ndis/device.h"
#include "ndis/configuration.h"
#include "ndis/wireless.h"
#include "ndis/filter.h"
#include "ndis/switch.h"

#ifdef __cplusplus
}
#endif

#endif
