/** Exports of ndis.sys that are the kernel's under another name, and those that are there for older drivers. */
import type { Call } from '../../../../../src/kernel';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';

const FILE_NOT_FOUND = 0xc001_001b;
const CACHE_LINE = 64;
/** NDIS_TIMER: a KTIMER, and its KDPC. */
const DPC = 0x40n;
/** NDIS_WORK_ITEM. */
const WORK_ITEM = { size: 0x10, context: 0x00, routine: 0x08 } as const;

/** What each is in the kernel, with the same arguments. */
const KERNELS = {
  NdisInterlockedInsertHeadList: 'ExInterlockedInsertHeadList',
  NdisInterlockedInsertTailList: 'ExInterlockedInsertTailList',
  NdisInterlockedRemoveHeadList: 'ExInterlockedRemoveHeadList',
  NdisInterlockedPushEntryList: 'ExInterlockedPushEntryList',
  NdisInterlockedPopEntryList: 'ExInterlockedPopEntryList',
  NdisInitAnsiString: 'RtlInitAnsiString',
  NdisUpcaseUnicodeString: 'RtlUpcaseUnicodeString',
} as const;

export const olderExports: readonly Export<Guest>[] = [
  ...Object.entries(KERNELS).map(([name, of]) => ({
    name,
    irql: 2,
    page: `ndis/nf-ndis-${name.toLowerCase()}`,
    run: (guest: Guest, call: GuestCall) => kernel(guest, of, call.u64(0), call.u64(1), call.u64(2)),
  })),
  ...(
    [
      ['NdisAnsiStringToUnicodeString', 'RtlAnsiStringToUnicodeString'],
      ['NdisUnicodeStringToAnsiString', 'RtlUnicodeStringToAnsiString'],
    ] as const
  ).map(([name, of]) => ({
    name,
    irql: 0,
    page: `ndis/nf-ndis-${name.toLowerCase()}`,
    // Into the caller's buffer, always.
    run: (guest: Guest, call: GuestCall) => kernel(guest, of, call.u64(0), call.u64(1), 0n),
  })),
  {
    name: 'NdisGetSharedDataAlignment',
    irql: 2,
    page: 'ndis/nf-ndis-ndisgetshareddataalignment',
    run: () => CACHE_LINE,
  },
  {
    name: 'NdisOpenFile',
    irql: 0,
    page: 'ndis/nf-ndis-ndisopenfile',
    run(guest, call) {
      const status = call.pointer(0);
      guest.touch('write', status, 4);
      guest.memory.setU32(status, FILE_NOT_FOUND);
    },
  },
  {
    name: 'NdisInitializeTimer',
    irql: 2,
    page: 'ndis/nf-ndis-ndisinitializetimer',
    *run(guest, call) {
      const timer = call.u64(0);
      yield* kernel(guest, 'KeInitializeTimer', timer);
      yield* kernel(guest, 'KeInitializeDpc', timer + DPC, call.u64(1), call.u64(2));
    },
  },
  {
    name: 'NdisSetTimer',
    irql: 2,
    page: 'ndis/nf-ndis-ndissettimer',
    *run(guest, call) {
      yield* kernel(guest, 'KeSetTimer', call.u64(0), -10_000n * BigInt(call.u32(1)), call.u64(0) + DPC);
    },
  },
  {
    name: 'NdisCancelTimer',
    irql: 2,
    page: 'ndis/nf-ndis-ndiscanceltimer',
    *run(guest, call) {
      const cancelled = call.pointer(1);
      guest.touch('write', cancelled, 1);
      guest.memory.setU8(cancelled, Number(yield* kernel(guest, 'KeCancelTimer', call.u64(0))) & 1);
    },
  },
  {
    name: 'NdisScheduleWorkItem',
    irql: 2,
    page: 'ndis/nf-ndis-ndisscheduleworkitem',
    run(guest, call) {
      const item = call.pointer(0);
      guest.touch('read', item, WORK_ITEM.size);
      const address = call.u64(0);
      const context = guest.memory.u64(item + WORK_ITEM.context);
      const routine = guest.memory.u64(item + WORK_ITEM.routine);
      guest.wdk.StartRoutine('WorkItemRoutine', 0, function* (): Call<void> {
        yield* guest.call(routine, address, context);
      });
      return 0;
    },
  },
];

function kernel(guest: Guest, name: string, ...args: readonly bigint[]): Call<bigint> {
  return guest.call(guest.imports.resolve('ntoskrnl.exe', name) ?? 0n, ...args);
}
