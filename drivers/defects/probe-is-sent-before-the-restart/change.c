#include "reference-original.h"

NDIS_STATUS NTAPI FilterSetModuleOptions(NDIS_HANDLE FilterModuleContext)
{
    static const UCHAR probe[DEFAULT_FRAME_LENGTH] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x88, 0xB5};
    NDIS_STATUS status = OriginalFilterSetModuleOptions(FilterModuleContext);
    PNET_BUFFER_LIST chain = AllocateChain(FilterModuleContext, 1, probe, sizeof(probe));

    if (chain != NULL) {
        CountOut(FilterModuleContext, DirectionSend, 1);
        SendOwn(FilterModuleContext, chain, 0);
    }
    return status;
}
