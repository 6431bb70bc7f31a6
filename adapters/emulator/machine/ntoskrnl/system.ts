import type { DataExport } from '../contract';
import type { Guest } from '../guest';
import { PROCESSORS } from '../layout';
import { STATUS } from '../status';
import { VERSION } from '../time';
import { SYSTEM_RANGE_START, USER_PROBE_ADDRESS } from '../user-memory';
import { readNarrow, readUnicodeString } from '../text';
import { checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';
import { newSeExports } from './security-descriptor';

const OSVERSIONINFOW = 0x114;
const OSVERSIONINFOEXW = 0x11c;
const VER_NT_SERVER = 3;

/** Versions, processors, routines by name. */
export const systemExports: readonly GuestExport[] = [
  define('PsGetVersion', PASSIVE, 'ntddk/nf-ntddk-psgetversion', (guest, call) => {
    const values = [VERSION.major, VERSION.minor, VERSION.build];
    values.forEach((value, index) => {
      if (call.u64(index) !== 0n) guest.memory.setU32(checked(guest, call, index, 'write', 4), value);
    });
    if (call.u64(3) !== 0n) guest.memory.setU64(checked(guest, call, 3, 'write', 8), 0n);
    return false;
  }),
  define('RtlGetVersion', PASSIVE, 'wdm/nf-wdm-rtlgetversion', (guest, call) => {
    const at = call.pointer(0);
    guest.touch('write', at, OSVERSIONINFOW);
    const isExtended = guest.memory.u32(at) === OSVERSIONINFOEXW;
    guest.memory.setU32(at + 4, VERSION.major);
    guest.memory.setU32(at + 8, VERSION.minor);
    guest.memory.setU32(at + 12, VERSION.build);
    guest.memory.setU32(at + 16, 2);
    guest.memory.fill(at + 20, 256, 0);
    if (isExtended) {
      guest.touch('write', at, OSVERSIONINFOEXW);
      guest.memory.fill(at + OSVERSIONINFOW, OSVERSIONINFOEXW - OSVERSIONINFOW, 0);
      guest.memory.setU8(at + 0x11a, VER_NT_SERVER);
    }
    return STATUS.SUCCESS;
  }),
  define('RtlVerifyVersionInfo', PASSIVE, 'wdm/nf-wdm-rtlverifyversioninfo', () => STATUS.SUCCESS),
  define(
    'RtlIsNtDdiVersionAvailable',
    PASSIVE,
    'wdm/nf-wdm-rtlisntddiversionavailable',
    (_, call) => call.u32(0) <= 0x0a00_000c,
  ),
  define('KeQueryActiveProcessorCountEx', DISPATCH, 'wdm/nf-wdm-kequeryactiveprocessorcountex', () => PROCESSORS),
  define('KeQueryActiveProcessorCount', DISPATCH, 'wdm/nf-wdm-kequeryactiveprocessorcount', () => PROCESSORS),
  define('KeQueryMaximumProcessorCountEx', HIGH, 'wdm/nf-wdm-kequerymaximumprocessorcountex', () => PROCESSORS),
  define('KeQueryMaximumProcessorCount', HIGH, 'wdm/nf-wdm-kequerymaximumprocessorcount', () => PROCESSORS),
  define('KeQueryActiveGroupCount', DISPATCH, 'wdm/nf-wdm-kequeryactivegroupcount', () => 1),
  define(
    'MmGetSystemRoutineAddress',
    PASSIVE,
    'wdm/nf-wdm-mmgetsystemroutineaddress',
    (guest, call) => guest.imports.resolve('ntoskrnl.exe', readUnicodeString(guest, call.pointer(0))) ?? 0n,
  ),
  define(
    'RtlFindExportedRoutineByName',
    PASSIVE,
    'wdm/nf-wdm-mmgetsystemroutineaddress',
    (guest, call) => guest.imports.resolve('ntoskrnl.exe', readNarrow(guest, call.pointer(1))) ?? 0n,
  ),
];

/** Object types and the table of well-known SIDs: variables whose values are pointers to something opaque. */
export const systemVariables: readonly DataExport<Guest>[] = [
  'IoFileObjectType',
  'IoDeviceObjectType',
  'IoDriverObjectType',
  'ExEventObjectType',
  'ExSemaphoreObjectType',
  'PsThreadType',
  'PsProcessType',
]
  .map((name): DataExport<Guest> => ({
    name,
    size: 8,
    initialise: (guest, at) => guest.memory.setU64(at, guest.address(guest.allocate(0x200))),
  }))
  .concat({
    name: 'SeExports',
    size: 8,
    initialise: (guest, at) => guest.memory.setU64(at, guest.address(newSeExports(guest))),
  });

/** Variables by themselves. Of `NtBuildNumber`, free builds have the top bits set. */
export const systemValues: readonly DataExport<Guest>[] = (
  [
    ['NtBuildNumber', 4, BigInt((0xf000_0000 | VERSION.build) >>> 0)],
    ['MmUserProbeAddress', 8, USER_PROBE_ADDRESS],
    ['MmHighestUserAddress', 8, USER_PROBE_ADDRESS - 1n],
    ['MmSystemRangeStart', 8, SYSTEM_RANGE_START],
  ] as const
).map(([name, size, value]) => ({
  name,
  size,
  initialise: (guest, at) => (size === 4 ? guest.memory.setU32(at, Number(value)) : guest.memory.setU64(at, value)),
}));
