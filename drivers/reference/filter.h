/*
 * The reference filter: correct, complete, and the example to copy. One file a topic:
 *
 *     driver.c          DriverEntry, DriverUnload            own.c        NBLs of our own
 *     characteristics.c what NDIS is told about us           send.c       sends                   hold.c     queued NBLs
 *     attach.c          FilterAttach, FilterDetach           receive.c    receives                modify.c   changed frames
 *     pause.c           FilterPause, FilterRestart           oid.c        OID requests from above
 *     gate.c            who may move data, what is out       own-oid.c    OID requests of our own
 *     users.c           who can find and use a module        status.c     status, PnP             deferred.c timers, work items
 *     options.c         data bypass                          device.c     handles of applications requests.c what they ask for
 *
 * Names such as PAU-07 are rules of the specification that the lines beside them keep.
 */
#ifndef NDIS_LWF_SPEC_FILTER_H
#define NDIS_LWF_SPEC_FILTER_H

#include <ndis.h>

#include "interface.h"

#define TAG_GLOBALS 'GfwL'
#define TAG_MODULE 'MfwL'
#define TAG_NBL 'NfwL'
#define TAG_FRAME 'FfwL'
#define TAG_OID 'OfwL'
#define TAG_HANDLE 'HfwL'
#define TAG_WORK 'WfwL'
#define TAG_TIMER 'TfwL'
#define TAG_CONTEXT 'CfwL'

/* Length of the frames that we originate when an application gives none: the shortest Ethernet frame. */
#define DEFAULT_FRAME_LENGTH 60
#define DEFAULT_MTU 1500

/* Where a module is in its life. The gate decides who may pass; this is for requests and for a reader in the debugger. */
typedef enum _MODULE_STATE { ModulePaused, ModuleRestarting, ModuleRunning, ModulePausing } MODULE_STATE;

/* A chain of NBLs with its end, so that it can grow in order. Tail is undefined while Head is NULL. */
typedef struct _NBL_QUEUE {
    PNET_BUFFER_LIST Head;
    PNET_BUFFER_LIST Tail;
    ULONG Count;
} NBL_QUEUE, *PNBL_QUEUE;

typedef struct _FILTER_MODULE FILTER_MODULE, *PFILTER_MODULE;

/* One OID request of our own, from NdisFOidRequest to its completion. Non-paged, and its own until it is complete: OO-02. */
typedef struct _OWN_OID {
    LIST_ENTRY Link;
    NDIS_OID_REQUEST Request;
    NDIS_EVENT Done;
    NDIS_STATUS Status;
    UCHAR Buffer[sizeof(NDIS_STATISTICS_INFO)];
} OWN_OID, *POWN_OID;

/* FilterModuleContext: one for each attached instance, from FilterAttach to FilterDetach. */
struct _FILTER_MODULE {
    LIST_ENTRY Link;
    NDIS_HANDLE FilterHandle;
    UNICODE_STRING AdapterName;

    /* Held while someone who is not a handler of NDIS uses the module: an IRP, an armed timer, a queued work item. */
    EX_RUNDOWN_REF Users;
    /* Open exactly while the module is Running: data passes only with a reference on it. */
    EX_RUNDOWN_REF Gate;
    /* Guards everything below. Never held across a call into NDIS that can come back. */
    NDIS_SPIN_LOCK Lock;

    MODULE_STATE State;
    /* Between NetEventSetPower(Dx) and NetEventSetPower(D0). */
    BOOLEAN LowPower;
    /* NBLs that this module originated and that have not come back. */
    LONG OutstandingSends;
    LONG OutstandingReceives;
    /* FilterPause returned NDIS_STATUS_PENDING and NdisFPauseComplete was not called yet. */
    BOOLEAN PausePending;

    BOOLEAN HoldingSends;
    NBL_QUEUE HeldSends;
    BOOLEAN HoldingReceives;
    NBL_QUEUE HeldReceives;
    BOOLEAN ModifyingData;

    /* The data handlers are to be left out (bypass) from the next FilterSetModuleOptions on. */
    BOOLEAN Bypass;

    LIST_ENTRY OwnOids;
    /* RequestId of the request from above that was forwarded and has not completed. */
    PVOID ForwardedRequestId;
    BOOLEAN Forwarding;
    /* The packet filter before an application changed it. */
    BOOLEAN PacketFilterChanged;
    ULONG PacketFilterBefore;

    /* Template of the frames that we originate, sized to the MTU of the present epoch. */
    PUCHAR Frame;
    ULONG FrameLength;
    NDIS_HANDLE Pool;
    NDIS_HANDLE SendTimer;
    NDIS_HANDLE StatusTimer;
    NDIS_HANDLE HoldTimer;
};

/* Everything that belongs to the driver as a whole. Lives from DriverEntry until after NdisFDeregisterFilterDriver. */
typedef struct _FILTER_GLOBALS {
    /* Guards Modules. A module that is being detached is not in the list. */
    NDIS_SPIN_LOCK Lock;
    LIST_ENTRY Modules;
    NDIS_HANDLE DriverHandle;
    NDIS_HANDLE DeviceHandle;
} FILTER_GLOBALS, *PFILTER_GLOBALS;

/* FsContext: one for each open handle. It names its adapter and points at nothing that can go away: DEV-03. */
typedef struct _OPEN_HANDLE {
    UNICODE_STRING AdapterName;
} OPEN_HANDLE, *POPEN_HANDLE;

extern PFILTER_GLOBALS Globals;

/* driver.c */
DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD FilterDriverUnload;
BOOLEAN AllocateGlobals(VOID);
VOID FreeGlobals(VOID);
BOOLEAN RegisterFilter(PDRIVER_OBJECT DriverObject);
VOID DeregisterFilter(VOID);

/* characteristics.c */
VOID DescribeFilter(PNDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics);

/* attach.c */
FILTER_ATTACH FilterAttach;
FILTER_DETACH FilterDetach;
NDIS_STATUS SetAttributes(PFILTER_MODULE Module);
PFILTER_MODULE CreateModule(NDIS_HANDLE FilterHandle, PNDIS_FILTER_ATTACH_PARAMETERS Parameters);
PFILTER_MODULE NewModule(NDIS_HANDLE FilterHandle, PNDIS_FILTER_ATTACH_PARAMETERS Parameters);
UINT ModuleSize(VOID);
VOID InitializeGate(PFILTER_MODULE Module);
BOOLEAN AllocateResources(PFILTER_MODULE Module);
VOID AbandonModule(PFILTER_MODULE Module);
VOID FreeModule(PFILTER_MODULE Module);
VOID FreePool(PFILTER_MODULE Module);

/* pause.c */
FILTER_PAUSE FilterPause;
FILTER_RESTART FilterRestart;
NDIS_STATUS FinishPause(PFILTER_MODULE Module);
NDIS_STATUS PrepareEpoch(PFILTER_MODULE Module, PNDIS_FILTER_RESTART_PARAMETERS Parameters);

/* gate.c */
typedef enum _DIRECTION { DirectionSend, DirectionReceive } DIRECTION;
BOOLEAN EnterGate(PFILTER_MODULE Module);
VOID LeaveGate(PFILTER_MODULE Module);
VOID CloseGate(PFILTER_MODULE Module);
VOID OpenGate(PFILTER_MODULE Module);
BOOLEAN BeginOriginating(PFILTER_MODULE Module, DIRECTION Direction, LONG Count);
VOID EndOriginating(PFILTER_MODULE Module);
VOID CountOut(PFILTER_MODULE Module, DIRECTION Direction, LONG Count);
VOID CountBack(PFILTER_MODULE Module, DIRECTION Direction, LONG Count);
BOOLEAN TakePendingPause(PFILTER_MODULE Module);
BOOLEAN NothingOutstanding(PFILTER_MODULE Module);

/* own.c */
NDIS_HANDLE CreatePool(NDIS_HANDLE FilterHandle);
PNET_BUFFER_LIST AllocateChain(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length);
PNET_BUFFER_LIST AllocateOwn(PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length);
VOID MarkAsOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl);
BOOLEAN IsOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl);
VOID FreeOwn(PNET_BUFFER_LIST Nbl);
ULONG FreeOwnChain(PNET_BUFFER_LIST Chain);
VOID SplitByOwner(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, PNBL_QUEUE Own, PNBL_QUEUE Foreign);
VOID QueueNbl(PNBL_QUEUE Queue, PNET_BUFFER_LIST Nbl);
VOID QueueChain(PNBL_QUEUE Queue, PNET_BUFFER_LIST Chain);

/* send.c */
FILTER_SEND_NET_BUFFER_LISTS FilterSendNetBufferLists;
FILTER_SEND_NET_BUFFER_LISTS_COMPLETE FilterSendNetBufferListsComplete;
NTSTATUS OriginateSends(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length);
NTSTATUS OriginateSendChain(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length, ULONG Flags);
VOID SendOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags);
VOID ConsumeSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain);
VOID RefuseSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG SendFlags);
VOID PassSendsDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags);
VOID CompleteSendsUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags);
VOID CompleteForeignSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags);
ULONG SendCompleteFlags(ULONG SendFlags);

/* hold.c */
#define HOLD_LIMIT_MS 2000
FILTER_CANCEL_SEND_NET_BUFFER_LISTS FilterCancelSendNetBufferLists;
BOOLEAN HoldSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain);
BOOLEAN HoldReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain);
BOOLEAN Hold(PFILTER_MODULE Module, PBOOLEAN Holding, PNBL_QUEUE Held, PNET_BUFFER_LIST Chain);
BOOLEAN MayHold(PFILTER_MODULE Module);
VOID StartHoldLimit(PFILTER_MODULE Module);
PNET_BUFFER_LIST TakeHeldSends(PFILTER_MODULE Module);
PNET_BUFFER_LIST TakeHeldSendsOf(PFILTER_MODULE Module, PVOID CancelId);
PNET_BUFFER_LIST TakeHeldReceives(PFILTER_MODULE Module, PULONG Count);
VOID PassHeldSends(PFILTER_MODULE Module, ULONG Flags);
VOID PassHeldReceives(PFILTER_MODULE Module, ULONG Flags);
VOID RefuseHeldSends(PFILTER_MODULE Module);
VOID ReturnHeldReceives(PFILTER_MODULE Module);
VOID AbortHeldSends(PFILTER_MODULE Module, PVOID CancelId);
VOID PassCancelDown(PFILTER_MODULE Module, PVOID CancelId);

/* receive.c */
FILTER_RECEIVE_NET_BUFFER_LISTS FilterReceiveNetBufferLists;
FILTER_RETURN_NET_BUFFER_LISTS FilterReturnNetBufferLists;
NTSTATUS OriginateReceives(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length);
NTSTATUS OriginateLowResourcesReceives(PFILTER_MODULE Module, ULONG Count, const UCHAR *Frame, ULONG Length);
VOID IndicateOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Count, ULONG Flags);
VOID ConsumeReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain);
VOID DropReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG ReceiveFlags);
VOID PassReceivesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags);
VOID PassLowResourcesUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags);
VOID IndicateUp(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags);
VOID ReturnDown(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags);
VOID ReturnForeignReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags);
ULONG ReturnFlagsOf(ULONG ReceiveFlags);

/* modify.c */
VOID ModifyAll(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain);
VOID Modify(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl);
VOID RestoreAll(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain);
VOID Restore(PFILTER_MODULE Module, PNET_BUFFER_LIST Nbl);

/* oid.c */
FILTER_OID_REQUEST FilterOidRequest;
FILTER_OID_REQUEST_COMPLETE FilterOidRequestComplete;
FILTER_CANCEL_OID_REQUEST FilterCancelOidRequest;
NDIS_STATUS ForwardOid(PFILTER_MODULE Module, PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone);
VOID FinishClone(PFILTER_MODULE Module, PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone);
VOID CopyResults(PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone);
VOID RememberForwarded(PFILTER_MODULE Module, BOOLEAN Forwarding, PVOID RequestId);

/* own-oid.c */
NTSTATUS OriginateOid(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Value);
NDIS_STATUS RequestAndWait(PFILTER_MODULE Module, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, PVOID Value, ULONG Length);
VOID DescribeOid(PFILTER_MODULE Module, POWN_OID Own, NDIS_OID Oid, NDIS_REQUEST_TYPE Type, ULONG Length);
NDIS_STATUS IssueOwnOid(PFILTER_MODULE Module, POWN_OID Own);
NTSTATUS OriginateSynchronousOid(PFILTER_MODULE Module);
VOID AddOwnOid(PFILTER_MODULE Module, POWN_OID Own);
POWN_OID TakeOwnOid(PFILTER_MODULE Module, PNDIS_OID_REQUEST Request);
VOID ConsumeOwnOid(PFILTER_MODULE Module, POWN_OID Own, NDIS_STATUS Status);
BOOLEAN RememberPacketFilter(PFILTER_MODULE Module);
VOID RestorePacketFilter(PFILTER_MODULE Module);

/* status.c */
FILTER_STATUS FilterStatus;
FILTER_NET_PNP_EVENT FilterNetPnPEvent;
FILTER_DEVICE_PNP_EVENT_NOTIFY FilterDevicePnPEventNotify;
NTSTATUS OriginateStatus(PFILTER_MODULE Module);
NDIS_STATUS ForwardNetPnPEvent(PFILTER_MODULE Module, PNET_PNP_EVENT_NOTIFICATION Event);
VOID SetPower(PFILTER_MODULE Module, NET_DEVICE_POWER_STATE State);
VOID PrepareDetach(PFILTER_MODULE Module);

/* users.c */
VOID Publish(PFILTER_MODULE Module);
VOID Unpublish(PFILTER_MODULE Module);
PFILTER_MODULE ReferenceModuleOn(PCUNICODE_STRING AdapterName);
BOOLEAN NamesAdapter(PCUNICODE_STRING Name, PCUNICODE_STRING BaseMiniportName);
VOID MakeUnreachable(PFILTER_MODULE Module);
BOOLEAN ReferenceModule(PFILTER_MODULE Module);
VOID DereferenceModule(PFILTER_MODULE Module);
VOID WaitForUsers(PFILTER_MODULE Module);

/* deferred.c */
#define TIMER_DELAY_MS 100
NDIS_TIMER_FUNCTION SendFromTimer;
NDIS_TIMER_FUNCTION StatusFromTimer;
NDIS_TIMER_FUNCTION ReleaseOverdue;
typedef VOID WORK(PFILTER_MODULE Module);
WORK SendFromWorkItem;
WORK OidFromWorkItem;
NDIS_IO_WORKITEM_FUNCTION RunWorkItem;
NDIS_HANDLE CreateTimer(PFILTER_MODULE Module, PNDIS_TIMER_FUNCTION Function);
BOOLEAN ArmTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer, LONG DueMs);
VOID CancelTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer);
VOID CancelTimers(PFILTER_MODULE Module);
VOID FreeTimers(PFILTER_MODULE Module);
NTSTATUS StartTimer(PFILTER_MODULE Module, NDIS_HANDLE Timer);
NTSTATUS QueueWork(PFILTER_MODULE Module, WORK *Work);

/* options.c */
FILTER_SET_MODULE_OPTIONS FilterSetModuleOptions;
NTSTATUS ToggleBypass(PFILTER_MODULE Module);
VOID DescribeDataHandlers(PNDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers);
VOID DescribeBypassHandlers(PNDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers);

/* device.c */
BOOLEAN CreateControlDevice(VOID);
VOID DeleteControlDevice(VOID);
DRIVER_DISPATCH DispatchCreate;
DRIVER_DISPATCH DispatchCleanup;
DRIVER_DISPATCH DispatchClose;
DRIVER_DISPATCH DispatchWrite;
DRIVER_DISPATCH DispatchDeviceControl;
NTSTATUS CompleteIrp(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);
NTSTATUS OpenHandle(PFILE_OBJECT FileObject, PFILTER_MODULE Module);
UINT HandleSize(VOID);
PFILTER_MODULE ReferenceModuleOf(PFILE_OBJECT FileObject);

/* requests.c */
NTSTATUS ServeWrite(PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length);
NTSTATUS ServeRequest(PFILTER_MODULE Module, ULONG IoControlCode, const LWF_ASK *Ask, ULONG Length);
NTSTATUS SetSwitch(PFILTER_MODULE Module, PBOOLEAN Switch, BOOLEAN Value);

#endif
