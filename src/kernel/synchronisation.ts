import { APC_LEVEL, DISPATCH_LEVEL, PASSIVE_LEVEL } from '../trace/crossing';
import { Bugcheck } from './bugcheck';
import type { Event, RundownRef, SpinLock } from './locks';
import type { Call, Thread } from './thread';

/** What waiting needs of the kernel. */
interface System {
  readonly now: number;
  readonly thread: Thread;
  readonly interruptible: boolean;
  identity(kind: string): string;
  stop(bugcheck: Bugcheck): Bugcheck;
  spend(): void;
  point(name: string): Call<void>;
  until(what: string, ready: () => boolean): Call<void>;
}

/** What threads of the driver keep each other waiting with. */
export class Synchronisation {
  constructor(private readonly kernel: System) {}

  newSpinLock(): SpinLock {
    return { id: this.kernel.identity('lock'), owner: undefined, oldIrql: PASSIVE_LEVEL };
  }

  /** Raises to DISPATCH_LEVEL and takes the lock; taking a lock twice on one thread hangs, as on a real machine. */
  *acquire(lock: SpinLock): Call<void> {
    const thread = this.kernel.thread;
    const oldIrql = thread.irql;
    this.kernel.spend();
    if (this.kernel.interruptible || lock.owner) {
      yield { point: 'NdisAcquireSpinLock', ready: () => lock.owner === undefined, lock };
    }
    lock.owner = thread;
    lock.oldIrql = oldIrql;
    thread.irql = Math.max(thread.irql, DISPATCH_LEVEL);
    thread.locks.push(lock);
  }

  /** @throws Bugcheck 0x10 when the thread does not own the lock */
  *release(lock: SpinLock): Call<void> {
    yield* this.kernel.point('NdisReleaseSpinLock');
    const thread = this.kernel.thread;
    if (lock.owner !== thread) {
      throw this.kernel.stop(
        new Bugcheck('0x10', 'SPIN_LOCK_NOT_OWNED', `${lock.id} was released by a thread that does not own it`, [
          lock.id,
        ]),
      );
    }
    lock.owner = undefined;
    thread.locks.splice(thread.locks.indexOf(lock), 1);
    thread.irql = lock.oldIrql;
  }

  newEvent(signaled = false): Event {
    return { id: this.kernel.identity('event'), signaled };
  }

  /**
   * Waits for an event.
   * @param timeoutMs 0 waits for ever
   * @returns true when the event was signaled, false on timeout
   * @throws Bugcheck 0x7C/0x14 above PASSIVE_LEVEL (NdisWaitEvent; bugcheck 0x7C page)
   */
  *wait(event: Event, timeoutMs = 0): Call<boolean> {
    this.requirePassiveWait('NdisWaitEvent');
    this.kernel.spend();
    if (!event.signaled || this.kernel.interruptible) {
      const deadline = timeoutMs > 0 ? this.kernel.now + timeoutMs : undefined;
      yield { point: 'NdisWaitEvent', ready: () => event.signaled, ...(deadline !== undefined && { deadline }) };
    }
    return event.signaled;
  }

  /** Sleeps for virtual milliseconds, one at least: a thread that polls must let time pass. */
  *sleep(milliseconds: number): Call<void> {
    this.requirePassiveWait('NdisMSleep');
    yield { point: 'NdisMSleep', ready: () => false, deadline: this.kernel.now + Math.max(1, milliseconds) };
  }

  newRundownRef(): RundownRef {
    return { id: this.kernel.identity('rundown'), references: 0, rundown: false };
  }

  /** @returns false once the rundown has begun */
  *acquireRundown(ref: RundownRef): Call<boolean> {
    yield* this.kernel.point('ExAcquireRundownProtection');
    if (ref.rundown) return false;
    ref.references += 1;
    return true;
  }

  /** @throws Bugcheck 0x18 when there is no reference to release */
  *releaseRundown(ref: RundownRef): Call<void> {
    yield* this.kernel.point('ExReleaseRundownProtection');
    if (ref.references === 0) {
      throw this.kernel.stop(
        new Bugcheck('0x18', 'REFERENCE_BY_POINTER', `${ref.id} was released more often than acquired`, [ref.id]),
      );
    }
    ref.references -= 1;
  }

  /**
   * Begins the rundown and waits until the last reference is gone.
   * @throws Bugcheck 0xA above APC_LEVEL (ExWaitForRundownProtectionRelease page)
   */
  *waitForRundown(ref: RundownRef): Call<void> {
    const { irql } = this.kernel.thread;
    if (irql > APC_LEVEL) {
      const reason = `ExWaitForRundownProtectionRelease was called at IRQL ${irql}: it may wait up to APC_LEVEL`;
      throw this.kernel.stop(new Bugcheck('0xA', 'IRQL_NOT_LESS_OR_EQUAL', reason, ['0x0', `0x${irql.toString(16)}`]));
    }
    ref.rundown = true;
    yield* this.kernel.until('ExWaitForRundownProtectionRelease', () => ref.references === 0);
  }

  private requirePassiveWait(what: string): void {
    const { irql } = this.kernel.thread;
    if (irql === PASSIVE_LEVEL) return;
    throw this.kernel.stop(new Bugcheck('0x7C', 'BUGCODE_NDIS_DRIVER', `${what} was called at IRQL ${irql}`, ['0x14']));
  }
}
