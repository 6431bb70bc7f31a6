/*
 * wdm.h of mingw-w64 with one thing mended: it defines two functions that an inner header has declared extern, so with
 * -fms-extensions every object file would carry them and no driver of two files could be linked.
 */
#ifndef NDIS_LWF_WDM_H
#define NDIS_LWF_WDM_H

#define __INTRINSIC_DEFINED_InterlockedBitTestAndSet
#define __INTRINSIC_DEFINED_InterlockedBitTestAndReset

#include_next <wdm.h>

#endif
