/** What a call stack tells: where it failed, which drivers are in it and as what, how the call came about. */
import type { Frame } from './frames';
import { isForeign, isKernel, isNdis, isUserMode } from './modules';
import { addressKind } from './values';

/** As NDIS knows it. `unknown` when the frames around it do not say. */
export type Role = 'filter' | 'miniport' | 'protocol' | 'firewall callout' | 'unknown';

export interface DriverInStack {
  readonly module: string;
  readonly role: Role;
  /** Its frame nearest to the crash. */
  readonly frame: Frame;
  /** Index of that frame. */
  readonly at: number;
  /** The function of NDIS that this frame had called. */
  readonly called?: Frame;
  /** The frame that had called the driver. */
  readonly calledBy?: Frame;
}

export type Occasion =
  | 'attach'
  | 'restart'
  | 'pause'
  | 'detach'
  | 'deregistration'
  | 'OID request'
  | 'status'
  | 'PnP event'
  | 'send'
  | 'send completion'
  | 'receive'
  | 'return';

/** How the thread came into the drivers. */
export type Entry =
  | 'write'
  | 'read'
  | 'device control'
  | 'cleanup'
  | 'close'
  | 'open'
  | 'system call'
  | 'work item'
  | 'timer'
  | 'DPC'
  | 'thread';

export interface StackStory {
  readonly frames: readonly Frame[];
  /** Index of the frame that failed: the machinery of the bugcheck is above it. */
  readonly failed: number;
  /** The frame that began on its own, on top of a thread that it interrupted: what the text has below it is not in `frames`. */
  readonly interrupting?: Frame;
  readonly drivers: readonly DriverInStack[];
  /** What NDIS was doing, from its own frames below the crash, nearest first. */
  readonly occasions: readonly { readonly what: Occasion; readonly frame: Frame }[];
  readonly entry?: { readonly how: Entry; readonly frame: Frame; readonly userMode: boolean };
}

/** What runs between a mistake and the blue screen. */
const MACHINERY = new RegExp(
  `^(?:${[
    'KeBugCheck|KiBugCheck|DbgBreakPoint|DbgkWer|DbgkpWer|IopLiveDump|IoCaptureLiveDump|MmDuplicateMemory',
    'KiPageFault|KiGeneralProtectionFault|KiDoubleFault|KiInvalidOpcode|KiTrap|KiBreakpointTrap|MmAccessFault|MiSystemFault|MiRaisedIrqlFault',
    'KiSystemServiceHandler|RtlpExecuteHandler|RtlDispatchException|KiDispatchException|K[ix]ExceptionDispatch|KiExceptionExit',
    'PspUnhandledException|PspSystemThreadStartup\\$filt|_+C_specific_handler|__report|_except',
    'KiFastFail|KiRaiseSecurityCheck|KeAccumulateTicks|KiUpdateRunTime|KiUpdateTime|KeClockInterrupt|HalpTimerClock|HalpHpet',
    'KiCallInterrupt|KiInterrupt|KxNmi|KiNmi|KeExpandKernelStackAndCallout|K[ix]SwitchKernelStack|ExpGetPoolTag',
    'VerifierBugCheck|VfBugCheck|VfReport|ViError|VerifierStop|CarReport|CarInitiateBugcheck|SLIC_',
    'ndisBugCheck|NdisBugCheck|ndisReportTimeout|ndisWatchdog',
  ].join('|')})`,
  'i',
);

const OCCASIONS: readonly (readonly [pattern: RegExp, what: Occasion])[] = [
  [/^ndisF?\w*Detach\w*Filter|^ndisDetachFilter|^ndisFInvokeDetach/i, 'detach'],
  [/^ndisPauseFilter|^ndisFInvokePause|^ndisFPause/i, 'pause'],
  [/^ndisRestartFilter|^ndisFInvokeRestart|^ndisFRestart/i, 'restart'],
  [/^ndisAttachFilter|^ndisFInvokeAttach|^ndisFAttach/i, 'attach'],
  [/^NdisFDeregisterFilterDriver/, 'deregistration'],
  [/^ndisF\w*OidRequest|^ndisFInvokeOid/i, 'OID request'],
  [/^ndisF\w*Status|^ndisInvokeStatus|^ndisMIndicateStatus/i, 'status'],
  [/^ndisF\w*NetPnP|^ndisFInvokeNetPnP|^ndis\w*PnPEvent/i, 'PnP event'],
  [
    /^ndis\w*SendComplete|^ndis\w*SendNetBufferListsComplete|^ndisInvokeNextSendCompleteHandler|^NdisMSendNetBufferListsComplete/i,
    'send completion',
  ],
  [/^ndis\w*Return|^NdisReturnNetBufferLists/i, 'return'],
  [/^ndis\w*Receive|^ndisMIndicateNetBufferLists|^NdisMIndicateReceive/i, 'receive'],
  [
    /^ndisInvokeNextSendHandler|^ndisCallSendHandler|^ndisSendNBLToFilter|^ndisM?SendNBL|^NdisSendNetBufferLists/i,
    'send',
  ],
];

const ENTRIES: readonly (readonly [pattern: RegExp, how: Entry])[] = [
  [/^(?:Nt|Zw)WriteFile/, 'write'],
  [/^(?:Nt|Zw)ReadFile/, 'read'],
  [/^(?:Nt|Zw)(?:DeviceIoControlFile|FsControlFile)|^IopXxxControlFile/, 'device control'],
  [/^IopCloseFile/, 'cleanup'],
  [/^IopDeleteFile/, 'close'],
  [/^(?:Nt|Zw)(?:Create|Open)File|^IopParseDevice/, 'open'],
  [/^IopProcessWorkItem|^ExpWorkerThread|^ExWorkerRoutine/, 'work item'],
  [/^Ki(?:ProcessExpiredTimerList|TimerExpiration|ExpireTimer|TimerListExpire)/, 'timer'],
  [/^Ki(?:ExecuteAllDpcs|RetireDpcList|ExecuteDpc)|^KxRetireDpcList/, 'DPC'],
  [/^PspSystemThreadStartup|^KiStartSystemThread/, 'thread'],
  [/^KiSystemServiceCopyEnd|^KiSystemServiceExit|^KiFastCallEntry|^KiSystemServiceHandler/, 'system call'],
];

/** DPCs, timers and APCs run on whatever stack there is. What lies below was interrupted, and called nothing of what is above. */
const ON_TOP =
  /^(?:Ki(?:ProcessExpiredTimerList|TimerExpiration|ExpireTimer|TimerListExpire|ExecuteAllDpcs|DispatchInterrupt|DpcInterrupt|SwInterrupt|DeliverApc|ApcInterrupt)|K[ixy](?:SwapStacksAnd)?RetireDpcList)/;
/** So does the interrupt routine of a driver. Those of the clock end what lies below, as watchdogs do, and are about that. */
const INTERRUPT = /^Ki(?:Interrupt\w*Dispatch|ChainedDispatch|ScanInterruptObjectList|CallInterruptServiceRoutine)/;

/** @param printed nearest to the crash first */
export function storyOf(printed: readonly Frame[]): StackStory {
  const all = isUpsideDown(printed) ? printed.toReversed() : printed;
  let failed = all.findIndex(({ module, name }) => !(name !== undefined && MACHINERY.test(name) && isMachine(module)));
  if (failed < 0) failed = Math.max(0, all.length - 1);
  const interrupting = all.findIndex((_frame, at) => at >= failed && interrupts(all, failed, at));
  const frames = interrupting < 0 ? all : all.slice(0, interrupting + 1);
  const entry = entryOf(frames.slice(failed));
  return {
    frames,
    failed,
    ...(frames.length < all.length && { interrupting: frames.at(-1) }),
    drivers: driversIn(frames, failed),
    occasions: frames.slice(failed).flatMap((frame) => {
      if (!isNdis(frame.module)) return [];
      const what = OCCASIONS.find(([pattern]) => pattern.test(frame.name ?? ''))?.[1];
      return what === undefined ? [] : [{ what, frame }];
    }),
    ...(entry && { entry }),
  };
}

function interrupts(frames: readonly Frame[], failed: number, at: number): boolean {
  const { module, name = '' } = frames[at] ?? {};
  if (!isMachine(module)) return false;
  return (
    ON_TOP.test(name) ||
    (INTERRUPT.test(name) && frames.slice(failed, at).some((above) => isForeign(above.module ?? 'nt')))
  );
}

/** Some list a stack from its beginning on: then the bugcheck is the last thing in it. */
function isUpsideDown(frames: readonly Frame[]): boolean {
  const isBugcheck = (frame: Frame | undefined): boolean =>
    isKernel(frame?.module) && /^KeBugCheck/.test(frame?.name ?? '');
  return frames.length > 1 && isBugcheck(frames.at(-1)) && !frames.slice(0, -1).some(isBugcheck);
}

function isMachine(module: string | undefined): boolean {
  return isKernel(module) || isNdis(module) || /^(?:hal|verifierext|werkernel|pshed)$/i.test(module ?? '');
}

function driversIn(frames: readonly Frame[], failed: number): DriverInStack[] {
  const drivers = new Map<string, DriverInStack>();
  const entered = frames.findIndex((_frame, at) => isFromUserMode(frames, at));
  frames.forEach((frame, at) => {
    const { module } = frame;
    // What made a system call is an application.
    if (entered >= 0 && at > entered) return;
    if (at < failed || module === undefined || !isForeign(module)) return;
    const callee = at > failed ? nextCaller(frames, at, -1) : undefined;
    const caller = nextCaller(frames, at, 1);
    const role = roleOf(callee, caller);
    const known = drivers.get(module.toLowerCase());
    if (known) {
      if (known.role === 'unknown' && role !== 'unknown') drivers.set(module.toLowerCase(), { ...known, role });
      return;
    }
    drivers.set(module.toLowerCase(), {
      module,
      role,
      frame,
      at,
      ...(isNdis(callee?.module) && { called: callee }),
      ...(caller && { calledBy: caller }),
    });
  });
  return [...drivers.values()];
}

/** The neighbour frame, without the kernel's ways of switching stacks and the wrappers of Driver Verifier. */
function nextCaller(frames: readonly Frame[], from: number, step: 1 | -1): Frame | undefined {
  for (let at = from + step; at >= 0 && at < frames.length; at += step) {
    const frame = frames[at];
    if (frame && !BETWEEN.test(frame.name ?? '')) return frame;
  }
  return undefined;
}

const BETWEEN = /^K[eix]+(?:Expand|Switch)KernelStack|StackCallback$|^Verifier[A-Z]|^V[if][A-Z]|_wrapper$/;

function roleOf(called: Frame | undefined, calledBy: Frame | undefined): Role {
  const down = isNdis(called?.module) ? (called?.name ?? '') : '';
  const up = isNdis(calledBy?.module) ? (calledBy?.name ?? '') : '';
  if (isCallout(called, calledBy)) return 'firewall callout';
  if (/^NdisF[A-Z]|^NdisAllocateCloneOidRequest|^NdisFreeCloneOidRequest/.test(down)) return 'filter';
  if (
    // Every driver may call that one.
    /^NdisM(?!Sleep$)[A-Z]/.test(down) ||
    /^ndisM(?:Invoke|SendNBLToMiniport|DoOid|Halt|Init|Pause|Restart|Query|Set|Cancel)|^ndisMiniport|^ndisInterrupt|^ndisDoMiniport|^NdisMAllocateNetBufferSGList|^NdisMSynchronize/.test(
      up,
    )
  ) {
    return 'miniport';
  }
  if (/^ndisF[A-Z]|^ndisCall\w*Handler|^ndisInvokeNext\w*Handler|^ndis(?:Detach|Pause|Restart|Attach)Filter/.test(up)) {
    return 'filter';
  }
  if (/^Ndis(?:SendNetBufferLists|OidRequest|ReturnNetBufferLists|OpenAdapterEx|CloseAdapterEx)$/.test(down)) {
    return 'protocol';
  }
  return /^ndis(?:InvokeBindAdapter|InvokeUnbind|MIndicateNetBufferListsToOpen|BindNdis6)/.test(up)
    ? 'protocol'
    : 'unknown';
}

/** A callout of the Windows Filtering Platform: it is called by the filter engine, and injects with fwpkclnt. */
function isCallout(called: Frame | undefined, calledBy: Frame | undefined): boolean {
  return (
    /^fwpkclnt$/i.test(called?.module ?? '') ||
    /Callout|Classify|^Fwp/.test(
      /^(?:netio|fwpkclnt|tcpip|wfplwfs)$/i.test(calledBy?.module ?? '') ? (calledBy?.name ?? '') : '',
    )
  );
}

/** Names that authors of filter drivers give: a hint, no more. */
const LIKE_A_FILTER =
  /lwf|npcap|^npf$|ndisrd|ndisflt|FilterAttach|FilterDetach|FilterPause|FilterRestart|FilterModule|NetBufferList/i;

/** @returns whether modules or functions of the driver are named as those of a filter */
export function namedLikeAFilter(frames: readonly Frame[], module: string): boolean {
  return frames.some((frame) => frame.module === module && LIKE_A_FILTER.test(`${frame.module} ${frame.name ?? ''}`));
}

function entryOf(frames: readonly Frame[]): StackStory['entry'] {
  // A driver that calls ZwWriteFile comes by KiServiceInternal.
  const fromADriver = frames.some(({ name }) => FROM_A_DRIVER.test(name ?? ''));
  const userMode = frames.some(
    ({ module, address, name }, at) =>
      (module !== undefined && isUserMode(module)) ||
      (address !== undefined && addressKind(address) === 'user') ||
      isFromUserMode(frames, at) ||
      (!fromADriver && isKernel(module) && /^Nt[A-Z]\w*(?:File|Close)$|^NtClose$/.test(name ?? '')),
  );
  for (const [pattern, how] of ENTRIES) {
    const frame = frames.find(({ module, name }) => isKernel(module) && pattern.test(name ?? ''));
    if (frame) return { how, frame, userMode: userMode && !ON_ITS_OWN.has(how) };
  }
  return undefined;
}

/** A driver that calls a Zw function comes by the same way, and by one more frame. */
function isFromUserMode(frames: readonly Frame[], at: number): boolean {
  const isSystemCall = isKernel(frames[at]?.module) && SYSTEM_CALL.test(frames[at]?.name ?? '');
  return isSystemCall && !FROM_A_DRIVER.test(frames[at + 1]?.name ?? '');
}

const FROM_A_DRIVER = /^KiService(?:Internal|Linkage)/;
const SYSTEM_CALL = /^KiSystemService(?!Handler)|^KiFastCallEntry/;

/** Nobody's request. */
const ON_ITS_OWN: ReadonlySet<Entry> = new Set(['timer', 'DPC', 'work item', 'thread']);
