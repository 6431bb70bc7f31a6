/**
 * Timers of the executive.
 * @see https://learn.microsoft.com/windows-hardware/drivers/kernel/exxxxtimer-routines-and-ex-timer-objects
 */
import type { Call } from '../../../../src/kernel';
import type { GuestCall, Result } from '../contract';
import type { Guest } from '../guest';
import { UNITS_PER_MS } from '../time';
import { checked, define, DISPATCH, type GuestExport } from './define';
import { DispatcherObjects, OBJECT } from './objects';
import { millisecondsUntil } from './time';

const SIZE = 0x88;
const NOTIFICATION = 0x8000_0000;
/** EXT_DELETE_PARAMETERS. */
const DELETE = { size: 0x18, callback: 0x08, context: 0x10 };

interface Timer {
  readonly callback: bigint;
  readonly context: bigint;
  token: number | undefined;
  /** Calls of its routine that have not returned. */
  running: number;
}

class ExTimers {
  private readonly timers = new Map<number, Timer>();

  constructor(private readonly guest: Guest) {}

  allocate(callback: bigint, context: bigint, isNotification: boolean): number {
    const at = this.guest.allocate(SIZE);
    const type = isNotification ? OBJECT.notificationTimer : OBJECT.synchronizationTimer;
    this.guest.part(DispatcherObjects).initialise(at, type, SIZE, 0);
    this.timers.set(at, { callback, context, token: undefined, running: 0 });
    return at;
  }

  /** @throws Bugcheck when it is no timer, or one that was deleted */
  at(offset: number): Timer {
    this.guest.touch('write', offset, SIZE);
    const known = this.timers.get(offset);
    if (!known) throw this.guest.faults.badAccess('read', this.guest.address(offset), 1);
    return known;
  }

  set(offset: number, due: number, period: number): boolean {
    const { guest } = this;
    const wasSet = this.cancel(offset);
    const timer = this.at(offset);
    guest.part(DispatcherObjects).setState(offset, 0);
    timer.token = guest.kernel.setTimer(due, period, () => {
      if (period === 0) timer.token = undefined;
      guest.part(DispatcherObjects).setState(offset, 1);
      if (timer.callback !== 0n) this.call(offset, timer);
    });
    return wasSet;
  }

  /** @returns whether it was set */
  cancel(offset: number): boolean {
    const timer = this.at(offset);
    if (timer.token === undefined) return false;
    const wasSet = this.guest.kernel.cancelTimer(timer.token);
    timer.token = undefined;
    return wasSet;
  }

  delete(offset: number): void {
    this.timers.delete(offset);
    this.guest.bury(offset, SIZE, 'a timer that has been deleted');
  }

  private call(offset: number, timer: Timer): void {
    const { guest } = this;
    timer.running += 1;
    guest.wdk.StartRoutine('CustomDpc', DISPATCH, function* (): Call<void> {
      try {
        yield* guest.call(timer.callback, guest.address(offset), timer.context);
      } finally {
        timer.running -= 1;
      }
    });
  }
}

export const exTimerExports: readonly GuestExport[] = [
  define('ExAllocateTimer', DISPATCH, 'wdm/nf-wdm-exallocatetimer', (guest, call) =>
    guest.address(guest.part(ExTimers).allocate(call.u64(0), call.u64(1), (call.u32(2) & NOTIFICATION) !== 0)),
  ),
  define('ExSetTimer', DISPATCH, 'wdm/nf-wdm-exsettimer', (guest, call) => {
    const period = Math.ceil(Number(BigInt.asIntN(64, call.u64(2))) / Number(UNITS_PER_MS));
    return guest.part(ExTimers).set(call.pointer(0), millisecondsUntil(guest, call.u64(1)), period);
  }),
  define('ExCancelTimer', DISPATCH, 'wdm/nf-wdm-excanceltimer', (guest, call) =>
    guest.part(ExTimers).cancel(call.pointer(0)),
  ),
  define('ExDeleteTimer', DISPATCH, 'wdm/nf-wdm-exdeletetimer', remove),
];

/** Without a wait the routine may still run: what follows the last call is told by the delete callback. */
function* remove(guest: Guest, call: GuestCall): Call<Result> {
  const timers = guest.part(ExTimers);
  const at = call.pointer(0);
  const timer = timers.at(at);
  const [cancels, waits] = [call.bool(1), call.bool(2)];
  const parameters = call.pointer(3) === 0 ? 0 : checked(guest, call, 3, 'read', DELETE.size);
  const callback = parameters === 0 ? 0n : guest.memory.u64(parameters + DELETE.callback);
  const context = parameters === 0 ? 0n : guest.memory.u64(parameters + DELETE.context);
  const wasSet = cancels && timers.cancel(at);
  const finish = function* (): Call<void> {
    yield* guest.kernel.until(call.name, () => timer.token === undefined && timer.running === 0);
    timers.delete(at);
    if (callback !== 0n) yield* guest.call(callback, context);
  };
  if (waits || (timer.token === undefined && timer.running === 0)) yield* finish();
  else guest.wdk.StartRoutine('CustomDpc', DISPATCH, finish);
  return wasSet;
}
