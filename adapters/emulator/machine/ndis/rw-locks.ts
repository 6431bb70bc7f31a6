import type { Call } from '../../../../src/kernel';
import type { Guest } from '../guest';
import { ReaderWriterLock } from '../reader-writer-lock';

/** LOCK_STATE_EX and LOCK_STATE: the IRQL before is in different places; the rest is NDIS's own. */
const LOCK_STATE = { size: 3, oldIrql: 0, state: 1 } as const;
const RW_LOCK_SIZE = 0x40;
const HELD_FOR_READING = 2;
const HELD_FOR_WRITING = 4;

export interface Acquisition {
  readonly write: boolean;
  /** False when the caller says that it is at DISPATCH_LEVEL already. */
  readonly raise: boolean;
}

/** Reader/writer locks: many readers or one writer, at DISPATCH_LEVEL. */
export class RwLocks {
  private readonly locks = new Map<number, ReaderWriterLock>();

  constructor(private readonly guest: Guest) {}

  /** @returns the offset of an opaque NDIS_RW_LOCK_EX */
  allocate(): number {
    const at = this.guest.allocate(RW_LOCK_SIZE, 64);
    this.initialize(at);
    return at;
  }

  initialize(at: number): void {
    this.guest.touch('write', at, 8);
    this.locks.set(at, new ReaderWriterLock(this.guest));
  }

  free(at: number): void {
    this.at(at);
    this.locks.delete(at);
    this.guest.bury(at, RW_LOCK_SIZE, 'a reader/writer lock that has been freed');
  }

  /** @returns false when an acquisition would have to wait */
  isFree(at: number, write: boolean): boolean {
    return this.at(at).isFree(write);
  }

  *acquire(at: number, state: number, { write, raise }: Acquisition): Call<void> {
    const { guest } = this;
    const lock = this.at(at);
    guest.touch('write', state, LOCK_STATE.size);
    const oldIrql = yield* lock.acquire(write, raise);
    guest.memory.setU8(state + LOCK_STATE.oldIrql, oldIrql);
    guest.memory.setU8(state + LOCK_STATE.state, write ? HELD_FOR_WRITING : HELD_FOR_READING);
  }

  /** @throws Bugcheck 0x10 when the thread does not hold it */
  *release(at: number, state: number): Call<void> {
    const { guest } = this;
    yield* this.at(at).release('a reader/writer lock', () => {
      guest.touch('read', state, LOCK_STATE.size);
      return guest.memory.u8(state + LOCK_STATE.oldIrql);
    });
  }

  private at(at: number): ReaderWriterLock {
    this.guest.touch('write', at, 8);
    const known = this.locks.get(at);
    if (known) return known;
    throw this.guest.faults.badAccess('read', this.guest.address(at), 1);
  }
}
