/* Handles of fnmp and fnlwf, and the frames that these hold: both drivers keep them in the same way, under other control codes. */
#pragma once
#include "lwfio.h"
#include "winnettest.h"

typedef struct {
    ULONG Filter;
    ULONG GetFrame;
    ULONG DequeueFrame;
    ULONG FlushHeld;
    ULONG Enqueue;
    ULONG FlushQueue;
} DEVICE_CODES;

typedef struct {
    const char *Label;
    const WCHAR *Name;
    const char *Packet;
    DEVICE_CODES Codes;
} DEVICE_KIND;

extern const DEVICE_KIND Fnmp;
extern const DEVICE_KIND Fnlwf;

typedef struct {
    const DEVICE_KIND *Kind;
    ULONGLONG Number;
    ULONGLONG IfIndex;
    HANDLE File;
    /* Of fnmp, for OID requests: there from one that is to be held until none is. Used while its lock is owned. */
    HANDLE Exclusive;
    SRWLOCK Oids;
    /* Operations that use it, and one more until it is closed. */
    LONG Users;
    /* Held frames keep their indexes while it is owned. */
    SRWLOCK Frames;
    ULONG Known;
    /* Patterns that are being changed, whereby frames go back because we want it. */
    LONG Changes;
} DEVICE;

#define FN_NOT_FOUND ((LONG)0xC0000225)
#define FN_OVERFLOW ((LONG)0x80000005)

LONG OpenDevice(const DEVICE_KIND *kind, ULONG type, ULONG ifIndex, HANDLE *file);
/* Waits until the driver is done. `size` becomes the count of bytes that came. */
LONG Ask(HANDLE file, ULONG code, const void *in, ULONG inSize, void *out, ULONG *size);
/* Opens a handle and answers its number. */
void OpenOnRequest(REQUEST *request, const DEVICE_KIND *kind);
void CloseOnRequest(REQUEST *request, const DEVICE_KIND *kind);
/* The device that `handle` names, which cannot go until Release; NULL fails the request. */
DEVICE *Use(REQUEST *request, const DEVICE_KIND *kind);
void Release(DEVICE *device);

void HoldOnRequest(REQUEST *request, const DEVICE_KIND *kind);
void HeldOnRequest(REQUEST *request, const DEVICE_KIND *kind);
void ReleaseOnRequest(REQUEST *request, const DEVICE_KIND *kind);
/* Queues "frames" and lets them go as one chain. */
void SendOnRequest(REQUEST *request, const DEVICE_KIND *kind, ULONG flags);
/* Looks whether the driver has given back what it held. */
void WatchFrames(DEVICE *device);
