#include "reference-original.h"

NDIS_STATUS SetAttributes(PFILTER_MODULE Module)
{
    NDIS_STATUS status = OriginalSetAttributes(Module);
    ULONG size = 0;

    RequestAndWait(Module, OID_GEN_MAXIMUM_FRAME_SIZE, NdisRequestQueryInformation, &size, sizeof(size));
    return status;
}
