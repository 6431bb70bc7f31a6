/** Processes: there is the system, and one application, which may do everything and is never somewhere else. */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { PROCESSORS } from '../layout';
import { STATUS } from '../status';
import { COUNTED, utf16 } from '../text';
import { APC, checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';
import { requireSwitch } from './switches';

const IMAGE = 'app.exe';
const IMAGE_PATH = `\\Device\\HarddiskVolume1\\Program Files\\${IMAGE}`;
/** IRQL of an interrupt between processors. */
const IPI_LEVEL = 14;

/** What there is one of: made when first asked for. */
class Singletons {
  readonly imageName: bigint;
  readonly token: bigint;

  constructor(guest: Guest) {
    const name = Buffer.from(`${IMAGE}\0`, 'latin1');
    const at = guest.allocate(16);
    guest.memory.write(at, name);
    this.imageName = guest.address(at);
    this.token = guest.address(guest.allocate(0x40));
  }
}

const page = (name: string): string => `ntifs/nf-ntifs-${name.toLowerCase()}`;
const always = (answer: number | bigint | boolean | undefined, irql: number, names: readonly string[]): GuestExport[] =>
  names.map((name) => define(name, irql, page(name), () => answer));

export const processExports: readonly GuestExport[] = [
  // The address space is the same everywhere.
  ...['KeStackAttachProcess', 'KeAttachProcess'].map((name) =>
    define(name, HIGH, page(name), (guest) => requireSwitch(guest, name)),
  ),
  ...always(undefined, DISPATCH, ['KeUnstackDetachProcess', 'KeDetachProcess']),

  define(
    'PsGetProcessImageFileName',
    DISPATCH,
    page('PsGetProcessImageFileName'),
    (guest) => guest.part(Singletons).imageName,
  ),
  define('SeLocateProcessImageName', PASSIVE, page('SeLocateProcessImageName'), imagePath),
  ...always(0n, DISPATCH, [
    'PsGetCurrentProcessWow64Process',
    'PsGetProcessWow64Process',
    'PsGetProcessCreateTimeQuadPart',
  ]),
  ...always(STATUS.PENDING, DISPATCH, ['PsGetProcessExitStatus']),
  ...always(false, DISPATCH, ['PsIsProtectedProcess', 'PsIsProtectedProcessLight', 'PsIsThreadTerminating']),
  define('PsReferencePrimaryToken', APC, page('PsReferencePrimaryToken'), (guest) => guest.part(Singletons).token),
  ...always(0n, APC, ['PsReferenceImpersonationToken']),
  ...always(undefined, APC, ['PsDereferencePrimaryToken', 'PsDereferenceImpersonationToken']),
  ...always(STATUS.NOT_SUPPORTED, PASSIVE, ['SeQueryInformationToken']),

  // No containers.
  ...always(0n, DISPATCH, [
    'PsGetCurrentServerSilo',
    'PsGetHostSilo',
    'PsGetCurrentSilo',
    'PsAttachSiloToCurrentThread',
  ]),
  ...always(undefined, DISPATCH, ['PsDetachSiloFromCurrentThread', 'PsUnregisterSiloMonitor']),
  define('PsIsHostSilo', DISPATCH, page('PsIsHostSilo'), (_, call) => call.u64(0) === 0n),
  define('PsRegisterSiloMonitor', PASSIVE, page('PsRegisterSiloMonitor'), (guest, call) => {
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), guest.address(guest.allocate(0x40)));
    return STATUS.SUCCESS;
  }),
  ...always(STATUS.SUCCESS, PASSIVE, ['PsStartSiloMonitor']),

  define('KeIpiGenericCall', DISPATCH, 'wdm/nf-wdm-keipigenericcall', onEachProcessor),
];

function* imagePath(guest: Guest, call: GuestCall): Call<number> {
  const out = checked(guest, call, 1, 'write', 8);
  const text = utf16(IMAGE_PATH, true);
  const length = COUNTED.size + text.length;
  const at = yield* guest.pool.allocate({ length, tag: 'Pat ', pageable: true, caller: call.caller });
  guest.memory.setU64(out, guest.address(at));
  if (at === 0) return STATUS.INSUFFICIENT_RESOURCES;
  guest.memory.setU16(at + COUNTED.length, text.length - 2);
  guest.memory.setU16(at + COUNTED.maximumLength, text.length);
  guest.memory.setU64(at + COUNTED.buffer, guest.address(at + COUNTED.size));
  guest.memory.write(at + COUNTED.size, text);
  return STATUS.SUCCESS;
}

/** One processor after another, each once; the answer is that of the one that asked. */
function* onEachProcessor(guest: Guest, call: GuestCall): Call<bigint> {
  const { thread } = guest.kernel;
  const { cpu, irql } = thread;
  const [routine, context] = [call.u64(0), call.u64(1)];
  thread.irql = IPI_LEVEL;
  let answer = 0n;
  for (let turn = 0; turn < PROCESSORS; turn += 1) {
    // The one that asked comes last, and is on its own processor when it goes on.
    thread.cpu = (cpu + 1 + turn) % PROCESSORS;
    answer = yield* guest.call(routine, context);
  }
  thread.cpu = cpu;
  thread.irql = irql;
  return answer;
}
