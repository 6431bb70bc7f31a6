/* Requests to the driver under test, as its applications would put them. */
#pragma once
#include "lwfio.h"

#define MOST_BUFFERS 64

/* A handle that is open. It is there as long as the table or a request knows it. */
typedef struct {
    ULONGLONG Number;
    HANDLE File;
    LONG Users;
    /* Requests that are accepted, and whose threads are not at their calls yet. */
    LONG Entering;
} OPENED;

typedef enum { PutOpen, PutWrite, PutRead, PutControl, PutClose } PUT_KIND;

typedef struct {
    PUT_KIND Kind;
    /* As the agent calls it. */
    ULONGLONG Number;
    OPENED *On;
    /* Of an open. */
    WCHAR *Path;
    UCHAR *Attribute;
    ULONG AttributeSize;
    BOOL IsSynchronous;
    /* Of everything else. The first buffer is the request's; addresses of the others are in it. */
    ULONG Code;
    UCHAR *Buffers[MOST_BUFFERS];
    ULONG Sizes[MOST_BUFFERS];
    ULONG Count;
    UCHAR *Output;
    ULONG OutputSize;
} PUT;

/* requests.c: what an agent asks for, as a request. NULL fails the agent's. */
PUT *ReadOpen(REQUEST *request);
PUT *ReadPut(REQUEST *request);
PUT *ReadClose(REQUEST *request);
void FreePut(PUT *put);
