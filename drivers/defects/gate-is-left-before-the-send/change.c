#include "reference-original.h"

NTSTATUS OriginateSendChain(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length, ULONG Flags)
{
    PNET_BUFFER_LIST chain;

    if (Module->LowPower || !EnterGate(Module)) return STATUS_DEVICE_NOT_READY;
    LeaveGate(Module);
    chain = AllocateChain(Module, Count, Frame, Length);
    if (chain == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    SendOwn(Module, chain, Flags);
    CountOut(Module, DirectionSend, Count);
    return STATUS_SUCCESS;
}
