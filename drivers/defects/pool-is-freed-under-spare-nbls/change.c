#include "reference-original.h"

/* Kept for later, and forgotten there. */
VOID FreeOwn(PNET_BUFFER_LIST Nbl)
{
    UNREFERENCED_PARAMETER(Nbl);
}
