#include "reference-original.h"

NDIS_STATUS NTAPI FilterAttach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext,
                               PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters)
{
    NDIS_STATUS status = OriginalFilterAttach(NdisFilterHandle, FilterDriverContext, AttachParameters);

    return status == NDIS_STATUS_RESOURCES ? NDIS_STATUS_PENDING : status;
}
