import type { DataExport, GuestCall } from '../contract';
import type { Guest } from '../guest';
import { PROCESSORS } from '../layout';
import { STATUS } from '../status';
import { VERSION } from '../time';
import { SYSTEM_RANGE_START, USER_PROBE_ADDRESS } from '../user-memory';
import { COUNTED, readNarrow, readUnicodeString } from '../text';
import { checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';
import { ObjectTypes } from './references';
import { newSeExports } from './security-descriptor';
import { Processes } from './threads';

const OSVERSIONINFOW = 0x114;
const OSVERSIONINFOEXW = 0x11c;
const VER_NT_SERVER = 3;

/** Versions, processors, routines by name. */
export const systemExports: readonly GuestExport[] = [
  define('PsGetVersion', HIGH, 'ntddk/nf-ntddk-psgetversion', (guest, call) => {
    const values = [VERSION.major, VERSION.minor, VERSION.build];
    values.forEach((value, index) => {
      if (call.u64(index) !== 0n) guest.memory.setU32(checked(guest, call, index, 'write', 4), value);
    });
    if (call.u64(3) !== 0n) guest.memory.fill(checked(guest, call, 3, 'write', COUNTED.size), COUNTED.size, 0);
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
  define('VerSetConditionMask', HIGH, 'winnt/nf-winnt-versetconditionmask', (_, call) =>
    VERSION_MEMBERS.filter(({ mask }) => (call.u32(1) & mask) !== 0).reduce(
      (masks, { shift }) => masks | (BigInt(call.u8(2) & 7) << BigInt(shift)),
      call.u64(0),
    ),
  ),
  define('ExUuidCreate', PASSIVE, 'ntifs/nf-ntifs-exuuidcreate', (guest, call) => {
    const at = checked(guest, call, 0, 'write', 16);
    const ids = guest.part(Uuids);
    ids.made += 1;
    guest.memory.fill(at, 16, 0);
    guest.memory.setU32(at, ids.made);
    // A random one, by its version and variant.
    guest.memory.setU8(at + 7, 0x40);
    guest.memory.setU8(at + 8, 0x80);
    return STATUS.SUCCESS;
  }),
  define('__chkstk', HIGH, 'cpp/build/prolog-and-epilog', reserveStack),
  define('RtlVerifyVersionInfo', PASSIVE, 'wdm/nf-wdm-rtlverifyversioninfo', verifyVersion),
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
  define('KdRefreshDebuggerNotPresent', HIGH, 'ntddk/nf-ntddk-kdrefreshdebuggernotpresent', () => true),
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

class Uuids {
  made = 0;
}

/** A function is about to take more than a page of the stack, rax bytes: they must be there. No register changes. */
function reserveStack(guest: Guest): void {
  const running = guest.threads.of(guest.kernel.thread);
  const registers = running?.activations.at(-1)?.registers;
  if (!running || !registers) return;
  const lowest = registers.get('rsp') + 8n - registers.get('rax');
  const offset = guest.memory.offsetOf(lowest);
  if (offset === undefined || offset < running.stack) throw guest.faults.stackOverflow(lowest);
}

/** Members of OSVERSIONINFOEXW by their VER_… mask: offset, bytes, value here, and where the mask of conditions has theirs. */
const VERSION_MEMBERS = [
  { mask: 0x02, at: 0x04, size: 4, value: VERSION.major, shift: 3 },
  { mask: 0x01, at: 0x08, size: 4, value: VERSION.minor, shift: 0 },
  { mask: 0x20, at: 0x114, size: 2, value: 0, shift: 15 },
  { mask: 0x10, at: 0x116, size: 2, value: 0, shift: 12 },
  { mask: 0x04, at: 0x0c, size: 4, value: VERSION.build, shift: 6 },
  { mask: 0x08, at: 0x10, size: 4, value: 2, shift: 9 },
  { mask: 0x80, at: 0x11a, size: 1, value: VER_NT_SERVER, shift: 21 },
] as const;
/** Versions and service packs are compared from the left to the right, as one number. */
const LEXICAL = 0x33;
const CONDITIONS: Readonly<Record<number, (here: number, asked: number) => boolean>> = {
  1: (here, asked) => here === asked,
  2: (here, asked) => here > asked,
  3: (here, asked) => here >= asked,
  4: (here, asked) => here < asked,
  5: (here, asked) => here <= asked,
};

function verifyVersion(guest: Guest, call: GuestCall): number {
  const { memory } = guest;
  const at = checked(guest, call, 0, 'read', OSVERSIONINFOEXW);
  const asked = VERSION_MEMBERS.filter(({ mask }) => (call.u32(1) & mask) !== 0).map(
    ({ at: from, size, shift, ...member }) => ({
      ...member,
      condition: CONDITIONS[Number((call.u64(2) >> BigInt(shift)) & 7n)],
      wanted: size === 4 ? memory.u32(at + from) : size === 2 ? memory.u16(at + from) : memory.u8(at + from),
    }),
  );
  const lexical = asked.filter(({ mask }) => (mask & LEXICAL) !== 0);
  const deciding = lexical.find(({ value, wanted }) => value !== wanted) ?? lexical.at(-1);
  const others = asked.filter(({ mask }) => (mask & LEXICAL) === 0);
  const checks = [...(deciding ? [{ ...deciding, condition: lexical[0]?.condition }] : []), ...others];
  if (checks.length === 0 || checks.some(({ condition }) => !condition)) return STATUS.INVALID_PARAMETER;
  const holds = checks.every(({ condition, value, wanted }) => condition?.(value, wanted));
  return holds ? STATUS.SUCCESS : STATUS.REVISION_MISMATCH;
}

/** Object types and the table of well-known SIDs: variables whose values are pointers to something opaque. */
export const systemVariables: readonly DataExport<Guest>[] = [
  'IoFileObjectType',
  'IoDeviceObjectType',
  'IoDriverObjectType',
  'ExEventObjectType',
  'ExSemaphoreObjectType',
  'PsThreadType',
  'PsProcessType',
  'CmKeyObjectType',
  'SeTokenObjectType',
  'MmSectionObjectType',
]
  .map((name): DataExport<Guest> => ({
    name,
    size: 8,
    initialise: (guest, at) => guest.memory.setU64(at, guest.part(ObjectTypes).of(name)),
  }))
  .concat({
    name: 'PsInitialSystemProcess',
    size: 8,
    initialise: (guest, at) => guest.memory.setU64(at, guest.address(guest.part(Processes).system)),
  })
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
    ['KdDebuggerEnabled', 4, 0n],
    ['KdDebuggerNotPresent', 4, 1n],
    ['InitSafeBootMode', 4, 0n],
  ] as const
).map(([name, size, value]) => ({
  name,
  size,
  initialise: (guest, at) => (size === 4 ? guest.memory.setU32(at, Number(value)) : guest.memory.setU64(at, value)),
}));
