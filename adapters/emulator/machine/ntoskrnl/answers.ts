/**
 * Exports whose answer is always the same here: notifications that never come, processors that are all alike, rights that
 * everybody has, and features of Windows that this machine is without.
 */
import type { DataExport, GuestCall } from '../contract';
import type { Guest } from '../guest';
import { PROCESSORS } from '../layout';
import { PROCESSOR_FEATURES } from '../user-shared-data';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';

type Answer = number | bigint | boolean | undefined;

/** Exports of one header with one answer. */
function always(answer: Answer, header: string, irql: number, names: readonly string[]): GuestExport[] {
  return names.map((name) => define(name, irql, `${header}/nf-${header}-${name.toLowerCase()}`, () => answer));
}

/** Exports that give out something opaque through a pointer argument. */
function opaque(header: string, names: Readonly<Record<string, number>>): GuestExport[] {
  return Object.entries(names).map(([name, index]) =>
    define(name, DISPATCH, `${header}/nf-${header}-${name.toLowerCase()}`, (guest, call) => {
      guest.memory.setU64(checked(guest, call, index, 'write', 8), guest.address(guest.allocate(0x40)));
      return STATUS.SUCCESS;
    }),
  );
}

/** The result of ExSetTimerResolution: a tick every 15.6 ms. */
const TICKS = 156_250;
const ALL_PROCESSORS = (1n << BigInt(PROCESSORS)) - 1n;

export const answerExports: readonly GuestExport[] = [
  // No xsave: cpuid says so, too.
  define('RtlGetEnabledExtendedFeatures', HIGH, 'wdm/nf-wdm-rtlgetenabledextendedfeatures', () => 0n),
  // Nothing of what they wait for happens: processes, images, registry changes, power, new processors.
  ...always(STATUS.SUCCESS, 'ntddk', PASSIVE, [
    'PsSetCreateProcessNotifyRoutine',
    'PsSetCreateProcessNotifyRoutineEx',
    'PsSetCreateProcessNotifyRoutineEx2',
    'PsSetCreateThreadNotifyRoutine',
    'PsSetCreateThreadNotifyRoutineEx',
    'PsRemoveCreateThreadNotifyRoutine',
    'PsSetLoadImageNotifyRoutine',
    'PsSetLoadImageNotifyRoutineEx',
    'PsRemoveLoadImageNotifyRoutine',
  ]),
  ...opaque('wdm', {
    CmRegisterCallback: 2,
    CmRegisterCallbackEx: 4,
    ObRegisterCallbacks: 1,
    PoRegisterPowerSettingCallback: 4,
  }),
  ...always(STATUS.SUCCESS, 'wdm', APC, ['CmUnRegisterCallback', 'PoUnregisterPowerSettingCallback']),
  ...always(undefined, 'wdm', APC, ['ObUnRegisterCallbacks']),
  ...always(1n, 'wdm', HIGH, ['KeRegisterProcessorChangeCallback', 'PoRegisterSystemState']),
  ...always(undefined, 'wdm', HIGH, [
    'KeDeregisterProcessorChangeCallback',
    'PoUnregisterSystemState',
    'PoSetSystemState',
    'PoStartNextPowerIrp',
  ]),
  ...always(true, 'wdm', HIGH, [
    'KeRegisterBugCheckCallback',
    'KeRegisterBugCheckReasonCallback',
    'KeDeregisterBugCheckCallback',
    'KeDeregisterBugCheckReasonCallback',
  ]),

  // Threads run wherever they are, and floating point is nobody's but their own.
  ...always(ALL_PROCESSORS, 'wdm', HIGH, ['KeQueryActiveProcessors', 'KeQueryGroupAffinity']),
  ...always(0n, 'wdm', DISPATCH, ['KeSetSystemAffinityThreadEx']),
  ...always(undefined, 'wdm', DISPATCH, [
    'KeSetSystemAffinityThread',
    'KeRevertToUserAffinityThread',
    'KeRevertToUserAffinityThreadEx',
    'KeSetSystemGroupAffinityThread',
    'KeRevertToUserGroupAffinityThread',
  ]),
  ...always(STATUS.SUCCESS, 'wdm', DISPATCH, [
    'KeSaveFloatingPointState',
    'KeRestoreFloatingPointState',
    'KeSaveExtendedProcessorState',
    'KeSetHardwareCounterConfiguration',
  ]),
  ...always(undefined, 'wdm', DISPATCH, ['KeRestoreExtendedProcessorState', 'KeInvalidateAllCaches']),
  ...always(1, 'wdm', HIGH, ['KeQueryMaximumGroupCount']),
  ...always(0, 'wdm', HIGH, ['KeQueryHighestNodeNumber', 'KeGetCurrentNodeNumber', 'KeSetIdealProcessorThread']),
  ...always(8, 'wdm', DISPATCH, ['KeQueryPriorityThread']),
  ...always(0, 'ntddk', DISPATCH, ['KeSetBasePriorityThread']),
  ...always(false, 'ntddk', HIGH, ['KeAreAllApcsDisabled']),
  ...always(64, 'wdm', HIGH, ['KeGetRecommendedSharedDataAlignment']),
  define('KeGetProcessorIndexFromNumber', HIGH, 'wdm/nf-wdm-kegetprocessorindexfromnumber', (guest, call) => {
    const at = checked(guest, call, 0, 'read', 4);
    const number = guest.memory.u8(at + 2);
    return guest.memory.u16(at) === 0 && number < PROCESSORS ? number : 0xffff_ffff;
  }),
  define('KeGetProcessorNumberFromIndex', HIGH, 'wdm/nf-wdm-kegetprocessornumberfromindex', (guest, call) => {
    if (call.u32(0) >= PROCESSORS) return STATUS.INVALID_PARAMETER;
    guest.memory.setU32(checked(guest, call, 1, 'write', 4), call.u32(0) << 16);
    return STATUS.SUCCESS;
  }),
  ...always(0, 'wdm', HIGH, ['KeShouldYieldProcessor']),

  // Nobody reads performance counters.
  ...opaque('wdm', { PcwRegister: 0, PcwCreateInstance: 0 }),
  ...always(STATUS.SUCCESS, 'wdm', APC, ['PcwAddInstance']),
  ...always(undefined, 'wdm', APC, ['PcwUnregister', 'PcwCloseInstance']),

  define('ExIsProcessorFeaturePresent', HIGH, 'wdm/nf-wdm-exisprocessorfeaturepresent', (_, call) =>
    PROCESSOR_FEATURES.includes(call.u32(0)),
  ),
  ...always(TICKS, 'wdm', APC, ['ExSetTimerResolution']),

  // One process asks, and it may do everything.
  ...always(true, 'ntddk', DISPATCH, ['PsIsSystemThread', 'IoIsSystemThread']),
  ...always(0, 'ntifs', DISPATCH, ['PsGetProcessSessionId', 'PsGetCurrentProcessSessionId']),
  define('SeAccessCheck', PASSIVE, 'wdm/nf-wdm-seaccesscheck', grantAccess),
  ...always(true, 'ntifs', PASSIVE, ['SeTokenIsAdmin', 'SePrivilegeCheck']),
  ...always(undefined, 'ntifs', PASSIVE, [
    'SeCaptureSubjectContext',
    'SeLockSubjectContext',
    'SeUnlockSubjectContext',
    'SeReleaseSubjectContext',
  ]),

  // Nothing is paged out, verified or walked through.
  ...always(1n, 'ntddk', APC, ['MmLockPagableDataSection', 'MmPageEntireDriver']),
  ...always(undefined, 'ntddk', APC, [
    'MmUnlockPagableImageSection',
    'MmLockPagableSectionByHandle',
    'MmResetDriverPaging',
  ]),
  ...always(STATUS.NOT_SUPPORTED, 'wdm', PASSIVE, ['MmIsVerifierEnabled']),
  ...always(0, 'ntddk', DISPATCH, ['MmIsDriverVerifying', 'MmIsDriverVerifyingByAddress']),
  ...always(2, 'ntddk', HIGH, ['MmQuerySystemSize']),
  ...always(true, 'ntddk', HIGH, ['MmIsThisAnNtAsSystem']),
  ...always(0, 'ntifs', HIGH, ['RtlCaptureStackBackTrace', 'RtlWalkFrameChain']),
  ...always(0n, 'wdm', DISPATCH, ['MmMapIoSpace', 'MmMapIoSpaceEx']),

  // There is nobody else to be found.
  ...always(STATUS.NOT_IMPLEMENTED, 'ntddk', PASSIVE, ['ZwQuerySystemInformation', 'ZwQueryInformationProcess']),
  ...always(STATUS.INVALID_CID, 'ntddk', PASSIVE, ['ZwOpenProcess']),
  ...always(STATUS.OBJECT_NAME_NOT_FOUND, 'wdm', PASSIVE, [
    'ZwOpenSection',
    'ZwOpenEvent',
    'ZwOpenSymbolicLinkObject',
    'ZwOpenDirectoryObject',
    'ObReferenceObjectByName',
  ]),
  ...always(STATUS.INSUFFICIENT_RESOURCES, 'wdm', PASSIVE, ['ZwCreateSection', 'ZwMapViewOfSection']),
  ...always(STATUS.SUCCESS, 'wdm', PASSIVE, ['ZwUnmapViewOfSection', 'ZwMakeTemporaryObject', 'ZwYieldExecution']),
  ...(['ObReferenceObjectByHandleWithTag'] as const).map((name) =>
    define(name, PASSIVE, 'wdm/nf-wdm-obreferenceobjectbyhandlewithtag', byHandle),
  ),
];

/** Everything that is wanted, or was granted before. */
function grantAccess(guest: Guest, call: GuestCall): boolean {
  if (call.u64(5) !== 0n) guest.memory.setU64(checked(guest, call, 5, 'write', 8), 0n);
  guest.memory.setU32(checked(guest, call, 8, 'write', 4), call.u32(3) | call.u32(4));
  guest.memory.setU32(checked(guest, call, 9, 'write', 4), STATUS.SUCCESS);
  return true;
}

/** The tag comes in front of where the object goes to; without it the call is the one that everybody knows. */
function byHandle(guest: Guest, call: GuestCall) {
  const plain = guest.imports.resolve('ntoskrnl.exe', 'ObReferenceObjectByHandle') ?? 0n;
  return guest.call(plain, call.u64(0), call.u64(1), call.u64(2), call.u64(3), call.u64(5), call.u64(6));
}

/** How many processors there are, for drivers that do not ask by a function. */
export const numberOfProcessors: DataExport<Guest> = {
  name: 'KeNumberProcessors',
  size: 8,
  initialise: (guest, at) => guest.memory.setU64(at, BigInt(PROCESSORS)),
};
