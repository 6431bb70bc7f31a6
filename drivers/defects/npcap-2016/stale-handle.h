/* The crash itself: a handle knows all it needs to send, for ever, and nobody tells it that its module is gone. */
#ifndef NPCAP_2016_STALE_HANDLE_H
#define NPCAP_2016_STALE_HANDLE_H

#include "open.h"

NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module)
{
    return OpenBound(FileObject, Module);
}

/* The module leaves the list, and that is all: its memory and its pool are never freed, and no handle is told. */
VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    Unpublish(FilterModuleContext);
}

#endif
