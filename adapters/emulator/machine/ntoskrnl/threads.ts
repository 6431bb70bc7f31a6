import type { Call } from '../../../../src/kernel';
import { ThreadEnded } from '../crash';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { isOfApplication } from '../user-memory';
import { checked, define, HIGH, DISPATCH, PASSIVE, type GuestExport } from './define';
import { Handles } from './handles';
import { DispatcherObjects, OBJECT } from './objects';

const THREAD_HEADER = 0x18;
/** Of the system process, where drivers' own threads run. */
const SYSTEM_PROCESS_ID = 4n;
/** Of the application that every request comes from. */
const APPLICATION_PROCESS_ID = 0x1234n;

/** Processes: drivers only compare their addresses. */
class Processes {
  readonly system: number;

  constructor(guest: Guest) {
    this.system = guest.allocate(0x100);
  }
}

/** Threads of the system, and who is asking. */
export const threadExports: readonly GuestExport[] = [
  define('PsCreateSystemThread', PASSIVE, 'wdm/nf-wdm-pscreatesystemthread', (guest, call) => {
    const out = checked(guest, call, 0, 'write', 8);
    const objects = guest.part(DispatcherObjects);
    const object = guest.threads.newObject();
    objects.initialise(guest.offset(object), OBJECT.thread, THREAD_HEADER, 0);
    const [routine, context] = [call.u64(5), call.u64(6)];
    const thread = guest.wdk.StartRoutine('SystemThread', PASSIVE, function* (): Call<void> {
      try {
        yield* guest.call(routine, context);
      } catch (failure) {
        if (!(failure instanceof ThreadEnded)) throw failure;
      }
      objects.setState(guest.offset(object), 1);
    });
    guest.threads.adopt(thread, object);
    guest.memory.setU64(out, guest.part(Handles).open({ kind: 'thread', object }));
    return STATUS.SUCCESS;
  }),
  define('PsTerminateSystemThread', PASSIVE, 'wdm/nf-wdm-psterminatesystemthread', () => {
    throw new ThreadEnded('the thread of the driver has ended itself');
  }),
  define(
    'PsGetCurrentThread',
    DISPATCH,
    'wdm/nf-wdm-psgetcurrentthread',
    (guest) => guest.threads.enter(guest.kernel.thread).object,
  ),
  define('PsGetCurrentProcess', DISPATCH, 'ntddk/nf-ntddk-psgetcurrentprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  define('IoGetCurrentProcess', DISPATCH, 'wdm/nf-wdm-iogetcurrentprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  define('PsGetCurrentProcessId', DISPATCH, 'ntddk/nf-ntddk-psgetcurrentprocessid', processId),
  define('PsGetProcessId', DISPATCH, 'ntddk/nf-ntddk-psgetprocessid', () => SYSTEM_PROCESS_ID),
  define('IoGetRequestorProcessId', DISPATCH, 'ntifs/nf-ntifs-iogetrequestorprocessid', () =>
    Number(APPLICATION_PROCESS_ID),
  ),
  define('IoGetRequestorProcess', DISPATCH, 'ntifs/nf-ntifs-iogetrequestorprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  define('IoIs32bitProcess', HIGH, 'ntddk/nf-ntddk-iois32bitprocess', () => false),
  define('ExGetPreviousMode', DISPATCH, 'wdm/nf-wdm-exgetpreviousmode', (guest) =>
    isOfApplication(guest.kernel) ? 1 : 0,
  ),
];

function processId(guest: Guest): bigint {
  return isOfApplication(guest.kernel) ? APPLICATION_PROCESS_ID : SYSTEM_PROCESS_ID;
}
