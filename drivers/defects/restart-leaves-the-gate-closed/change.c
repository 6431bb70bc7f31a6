#include "reference-original.h"

/* Modules whose gate was opened once, by their NDIS handle: a short list, never cleared. */
static NDIS_HANDLE Opened[16];

VOID OpenGate(PFILTER_MODULE Module)
{
    ULONG index;

    for (index = 0; index < RTL_NUMBER_OF(Opened) && Opened[index] != NULL; index += 1) {
        if (Opened[index] == Module->FilterHandle) return;
    }
    if (index < RTL_NUMBER_OF(Opened)) Opened[index] = Module->FilterHandle;
    OriginalOpenGate(Module);
}
