#include "reference-original.h"

VOID NTAPI SendFromTimer(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    PFILTER_MODULE module = FunctionContext;
    PNET_BUFFER_LIST chain = AllocateChain(module, 1, NULL, 0);

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    if (chain != NULL) {
        CountOut(module, DirectionSend, 1);
        SendOwn(module, chain, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    }
    DereferenceModule(module);
}
