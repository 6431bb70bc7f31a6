/* What an application can ask for: interface.h. The caller holds a reference on the module. */
#include "filter.h"

NTSTATUS ServeWrite(PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length)
{
    return OriginateSends(Module, 1, Length == 0 ? NULL : Frame, Length);
}

static NTSTATUS RepeatOid(PFILTER_MODULE Module, ULONG Count)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (; Count > 0 && NT_SUCCESS(status); Count -= 1) {
        status = OriginateOid(Module, OID_GEN_STATISTICS, NdisRequestQueryInformation, 0);
    }
    return status;
}

static NTSTATUS RepeatSynchronousOid(PFILTER_MODULE Module, ULONG Count)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (; Count > 0 && NT_SUCCESS(status); Count -= 1) status = OriginateSynchronousOid(Module);
    return status;
}

static NTSTATUS RepeatStatus(PFILTER_MODULE Module, ULONG Count)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (; Count > 0 && NT_SUCCESS(status); Count -= 1) status = OriginateStatus(Module);
    return status;
}

/* What comes from user mode is checked before it is believed. */
NTSTATUS ServeRequest(PFILTER_MODULE Module, ULONG IoControlCode, const LWF_ASK *Ask, ULONG Length)
{
    ULONG given = Length >= sizeof(ULONG) ? Ask->Count : 0;
    ULONG count = given == 0 ? 1 : given;
    ULONG frameLength = Length > FIELD_OFFSET(LWF_ASK, Frame) ? Length - FIELD_OFFSET(LWF_ASK, Frame) : 0;
    const UCHAR *frame = frameLength == 0 ? NULL : Ask->Frame;

    if (count > LWF_COUNT_MAXIMUM && IoControlCode != IOCTL_LWF_SET_PACKET_FILTER) return STATUS_INVALID_PARAMETER;
    switch (IoControlCode) {
    case IOCTL_LWF_SEND:
        return OriginateSends(Module, count, frame, frameLength);
    case IOCTL_LWF_SEND_CHAIN:
        return OriginateSendChain(Module, count, frame, frameLength, 0);
    case IOCTL_LWF_RECEIVE:
        return OriginateReceives(Module, count, frame, frameLength);
    case IOCTL_LWF_RECEIVE_LOW_RESOURCES:
        return OriginateLowResourcesReceives(Module, count, frame, frameLength);
    case IOCTL_LWF_OID:
        return RepeatOid(Module, count);
    case IOCTL_LWF_SET_PACKET_FILTER:
        return OriginateOid(Module, OID_GEN_CURRENT_PACKET_FILTER, NdisRequestSetInformation, given);
    case IOCTL_LWF_SYNCHRONOUS_OID:
        return RepeatSynchronousOid(Module, count);
    case IOCTL_LWF_STATUS:
        return RepeatStatus(Module, count);
    case IOCTL_LWF_SEND_BY_TIMER:
        return StartTimer(Module, Module->SendTimer);
    case IOCTL_LWF_STATUS_BY_TIMER:
        return StartTimer(Module, Module->StatusTimer);
    case IOCTL_LWF_SEND_BY_WORK_ITEM:
        return QueueWork(Module, SendFromWorkItem);
    case IOCTL_LWF_OID_BY_WORK_ITEM:
        return QueueWork(Module, OidFromWorkItem);
    case IOCTL_LWF_HOLD_SENDS:
        return SetSwitch(Module, &Module->HoldingSends, TRUE);
    case IOCTL_LWF_RELEASE_SENDS:
        SetSwitch(Module, &Module->HoldingSends, FALSE);
        PassHeldSends(Module, 0);
        return STATUS_SUCCESS;
    case IOCTL_LWF_HOLD_RECEIVES:
        return SetSwitch(Module, &Module->HoldingReceives, TRUE);
    case IOCTL_LWF_RELEASE_RECEIVES:
        SetSwitch(Module, &Module->HoldingReceives, FALSE);
        PassHeldReceives(Module, 0);
        return STATUS_SUCCESS;
    case IOCTL_LWF_MODIFY_DATA:
        return SetSwitch(Module, &Module->ModifyingData, TRUE);
    case IOCTL_LWF_BYPASS:
        return ToggleBypass(Module);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

NTSTATUS SetSwitch(PFILTER_MODULE Module, PBOOLEAN Switch, BOOLEAN Value)
{
    NdisAcquireSpinLock(&Module->Lock);
    *Switch = Value;
    NdisReleaseSpinLock(&Module->Lock);
    return STATUS_SUCCESS;
}
