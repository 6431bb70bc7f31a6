import type { Call, Thread } from '../../../../src/kernel';
import { ThreadEnded } from '../crash';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { ETHREAD_SIZE } from '../threads';
import { isOfApplication } from '../user-memory';
import { APC, checked, define, HIGH, DISPATCH, PASSIVE, type GuestExport } from './define';
import { Handles } from './handles';
import { DispatcherObjects, OBJECT } from './objects';
import { References } from './references';

const THREAD_HEADER = 0x18;
/** Of the system process, where drivers' own threads run. */
const SYSTEM_PROCESS_ID = 4n;
/** Of the application that every request comes from. */
const APPLICATION_PROCESS_ID = 0x1234n;
/** Number of the threads that are not the driver's own; theirs follow. */
const FIRST_THREAD = 0x400n;

/** Processes: drivers only compare their addresses. */
export class Processes {
  readonly system: number;

  constructor(guest: Guest) {
    this.system = guest.allocate(0x100);
  }
}

/** Threads that the driver has made: only they can end themselves. */
class SystemThreads {
  readonly running = new WeakMap<Thread, bigint>();
  private made = 0n;

  /** @returns the id of a new thread: ids are multiples of four */
  newId(): bigint {
    this.made += 1n;
    return 4n * (FIRST_THREAD + this.made);
  }
}

/** Threads of the system, and who is asking. */
export const threadExports: readonly GuestExport[] = [
  define('PsCreateSystemThread', PASSIVE, 'wdm/nf-wdm-pscreatesystemthread', (guest, call) => {
    const out = checked(guest, call, 0, 'write', 8);
    const objects = guest.part(DispatcherObjects);
    const object = guest.threads.newObject();
    const references = guest.part(References);
    references.begin(object, ETHREAD_SIZE, 'a thread');
    objects.initialise(guest.offset(object), OBJECT.thread, THREAD_HEADER, 0);
    const [routine, context] = [call.u64(5), call.u64(6)];
    const thread = guest.wdk.StartRoutine('SystemThread', PASSIVE, function* (): Call<void> {
      try {
        yield* guest.call(routine, context);
      } catch (failure) {
        if (!(failure instanceof ThreadEnded)) throw failure;
      }
      objects.setState(guest.offset(object), 1);
      references.remove(object);
    });
    thread.background = true;
    references.add(object);
    guest.threads.adopt(thread, object);
    const threads = guest.part(SystemThreads);
    const id = threads.newId();
    threads.running.set(thread, id);
    if (call.u64(4) !== 0n) {
      const clientId = checked(guest, call, 4, 'write', 0x10);
      guest.memory.setU64(clientId, SYSTEM_PROCESS_ID);
      guest.memory.setU64(clientId + 8, id);
    }
    guest.memory.setU64(out, guest.part(Handles).open({ kind: 'thread', object }));
    return STATUS.SUCCESS;
  }),
  define('PsTerminateSystemThread', PASSIVE, 'wdm/nf-wdm-psterminatesystemthread', (guest) => {
    if (!guest.part(SystemThreads).running.has(guest.kernel.thread)) return STATUS.INVALID_PARAMETER;
    throw new ThreadEnded('the thread of the driver has ended itself');
  }),
  define(
    'PsGetCurrentThread',
    DISPATCH,
    'wdm/nf-wdm-psgetcurrentthread',
    (guest) => guest.threads.enter(guest.kernel.thread).object,
  ),
  define(
    'PsGetCurrentThreadId',
    HIGH,
    'ntddk/nf-ntddk-psgetcurrentthreadid',
    (guest) => guest.part(SystemThreads).running.get(guest.kernel.thread) ?? 4n * FIRST_THREAD,
  ),
  define('PsLookupProcessByProcessId', APC, 'ntifs/nf-ntifs-pslookupprocessbyprocessid', (guest, call) => {
    if (![SYSTEM_PROCESS_ID, APPLICATION_PROCESS_ID].includes(call.u64(0))) return STATUS.INVALID_CID;
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), guest.address(guest.part(Processes).system));
    return STATUS.SUCCESS;
  }),
  define('PsLookupThreadByThreadId', APC, 'ntifs/nf-ntifs-pslookupthreadbythreadid', () => STATUS.INVALID_CID),
  define('PsGetCurrentProcess', DISPATCH, 'ntddk/nf-ntddk-psgetcurrentprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  // IoGetRemainingStackSize asks it.
  define('IoGetStackLimits', HIGH, 'ntifs/nf-ntifs-iogetstacklimits', (guest, call) => {
    const running = guest.threads.of(guest.kernel.thread);
    guest.memory.setU64(checked(guest, call, 0, 'write', 8), guest.address(running?.stack ?? 0));
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), running?.top ?? 0n);
  }),
  define('IoGetCurrentProcess', DISPATCH, 'wdm/nf-wdm-iogetcurrentprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  define('PsGetCurrentProcessId', DISPATCH, 'ntddk/nf-ntddk-psgetcurrentprocessid', processId),
  define('PsGetThreadProcessId', DISPATCH, 'ntddk/nf-ntddk-psgetthreadprocessid', processId),
  define('PsGetThreadProcess', DISPATCH, 'ntifs/nf-ntifs-psgetthreadprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  define('IoThreadToProcess', DISPATCH, 'ntifs/nf-ntifs-iothreadtoprocess', (guest) =>
    guest.address(guest.part(Processes).system),
  ),
  // A call on a larger stack: here every stack is large enough for what is documented to fit.
  ...(['KeExpandKernelStackAndCallout', 'KeExpandKernelStackAndCalloutEx'] as const).map((name) =>
    define(name, DISPATCH, `ntddk/nf-ntddk-${name.toLowerCase()}`, function* (guest, call) {
      yield* guest.call(call.u64(0), call.u64(1));
      return STATUS.SUCCESS;
    }),
  ),
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
