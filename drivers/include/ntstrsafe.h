/*
 * ntstrsafe.h of mingw-w64 with one thing mended: its functions are extern and inline, so with -fms-extensions every object file would
 * carry them and no driver of two files could be linked.
 */
#ifndef NDIS_LWF_NTSTRSAFE_H
#define NDIS_LWF_NTSTRSAFE_H

#include <_mingw_unicode.h>
#include <stdio.h>
#include <string.h>
#include <stdarg.h>
#include <specstrings.h>

#ifndef __cplusplus
#define extern static
#endif
#include_next <ntstrsafe.h>
#undef extern

#endif
