import type { Call, SpinLock } from '../../../../src/kernel';
import { DISPATCH_LEVEL } from '../../../../src/trace';
import type { Guest } from '../guest';

/** LOCK_STATE_EX and LOCK_STATE: the IRQL before is in different places; the rest is NDIS's own. */
const LOCK_STATE = { size: 3, oldIrql: 0, state: 1 } as const;
const RW_LOCK_SIZE = 0x40;
const HELD_FOR_READING = 2;
const HELD_FOR_WRITING = 4;

interface RwLock {
  /** Stands for the lock in traces; its owner is the writer. */
  readonly lock: SpinLock;
  readers: number;
}

export interface Acquisition {
  readonly write: boolean;
  /** False when the caller says that it is at DISPATCH_LEVEL already. */
  readonly raise: boolean;
}

/** Reader/writer locks: many readers or one writer, at DISPATCH_LEVEL. */
export class RwLocks {
  private readonly locks = new Map<number, RwLock>();

  constructor(private readonly guest: Guest) {}

  /** @returns the offset of an opaque NDIS_RW_LOCK_EX */
  allocate(): number {
    const at = this.guest.allocate(RW_LOCK_SIZE, 64);
    this.initialize(at);
    return at;
  }

  initialize(at: number): void {
    this.guest.touch('write', at, 8);
    this.locks.set(at, { lock: this.guest.kernel.newSpinLock(), readers: 0 });
  }

  free(at: number): void {
    this.at(at);
    this.locks.delete(at);
    this.guest.bury(at, RW_LOCK_SIZE, 'a reader/writer lock that has been freed');
  }

  /** @returns false when an acquisition would have to wait */
  isFree(at: number, write: boolean): boolean {
    const { lock, readers } = this.at(at);
    return lock.owner === undefined && (!write || readers === 0);
  }

  *acquire(at: number, state: number, { write, raise }: Acquisition): Call<void> {
    const { guest } = this;
    const { kernel } = guest;
    const known = this.at(at);
    const { lock } = known;
    guest.touch('write', state, LOCK_STATE.size);
    const { thread } = kernel;
    const oldIrql = thread.irql;
    const free = (): boolean => this.isFree(at, write);
    kernel.spend();
    if (kernel.interruptible || !free()) yield { point: 'NdisAcquireSpinLock', ready: free, lock };
    if (write) lock.owner = thread;
    else known.readers += 1;
    if (raise) thread.irql = Math.max(oldIrql, DISPATCH_LEVEL);
    thread.locks.push(lock);
    guest.memory.setU8(state + LOCK_STATE.oldIrql, oldIrql);
    guest.memory.setU8(state + LOCK_STATE.state, write ? HELD_FOR_WRITING : HELD_FOR_READING);
  }

  /** @throws Bugcheck 0x10 when the thread does not hold it */
  *release(at: number, state: number): Call<void> {
    const { guest } = this;
    const { kernel } = guest;
    const known = this.at(at);
    yield* kernel.point('NdisReleaseSpinLock');
    guest.touch('read', state, LOCK_STATE.size);
    const { thread } = kernel;
    const index = thread.locks.lastIndexOf(known.lock);
    if (index < 0) {
      throw guest.stop('0x10', 'SPIN_LOCK_NOT_OWNED', 'a reader/writer lock was released by a thread without it', [
        known.lock.id,
      ]);
    }
    thread.locks.splice(index, 1);
    if (known.lock.owner === thread) known.lock.owner = undefined;
    else known.readers -= 1;
    thread.irql = guest.memory.u8(state + LOCK_STATE.oldIrql);
  }

  private at(at: number): RwLock {
    this.guest.touch('write', at, 8);
    const known = this.locks.get(at);
    if (known) return known;
    throw this.guest.faults.badAccess('read', this.guest.address(at), 1);
  }
}
