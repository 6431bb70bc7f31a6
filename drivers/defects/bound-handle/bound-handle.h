/* A handle with a copy of the NDIS handle of the module that it was opened on: the copy stays when the module goes. */
#ifndef BOUND_HANDLE_H
#define BOUND_HANDLE_H

#include "reference-original.h"

typedef struct _BOUND_HANDLE {
    OPEN_HANDLE Open;
    NDIS_HANDLE FilterHandle;
} BOUND_HANDLE, *PBOUND_HANDLE;

UINT HandleSize(VOID)
{
    return sizeof(BOUND_HANDLE);
}

NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    NTSTATUS status = OriginalOpenHandle(FileObject, Module);

    if (NT_SUCCESS(status)) ((PBOUND_HANDLE)FileObject->FsContext)->FilterHandle = Module->FilterHandle;
    return status;
}

#endif
