import type { Event, Thread } from '../../../../src/kernel';
import { hexOf } from '../faults';
import type { Guest } from '../guest';

/** DISPATCHER_HEADER. */
export const HEADER = { size: 0x18, type: 0x00, length: 0x02, signalState: 0x04, waitListHead: 0x08 } as const;

export const OBJECT = {
  notificationEvent: 0,
  synchronizationEvent: 1,
  mutant: 2,
  semaphore: 5,
  thread: 6,
  notificationTimer: 8,
  synchronizationTimer: 9,
} as const;

/** Kernel objects that threads wait for. Their state is where drivers expect it: in their own memory. */
export class DispatcherObjects {
  private readonly events = new Map<number, Event>();
  /** Who has each mutex. */
  private readonly owners = new Map<number, Thread>();

  constructor(private readonly guest: Guest) {}

  /** Writes the header of an object. @param length of the object in bytes */
  initialise(offset: number, type: number, length: number, state: number): void {
    const { guest } = this;
    const { memory } = guest;
    guest.touch('write', offset, length);
    memory.fill(offset, length, 0);
    memory.setU8(offset + HEADER.type, type);
    memory.setU8(offset + HEADER.length, length / 4);
    memory.setU32(offset + HEADER.signalState, state >>> 0);
    const list = guest.address(offset + HEADER.waitListHead);
    memory.setU64(offset + HEADER.waitListHead, list);
    memory.setU64(offset + HEADER.waitListHead + 8, list);
    this.events.delete(offset);
    this.owners.delete(offset);
  }

  /** Would a wait of this thread be satisfied? One that has a mutex may take it again. */
  isSatisfied(offset: number): boolean {
    return this.state(offset) > 0 || this.owners.get(offset) === this.guest.kernel.running;
  }

  isOwned(offset: number): boolean {
    return this.owners.get(offset) === this.guest.kernel.running;
  }

  /** A mutex was given back once. @returns the state before */
  giveBack(offset: number): number {
    const before = this.setState(offset, this.state(offset) + 1);
    if (before === 0) this.owners.delete(offset);
    return before;
  }

  /**
   * Who waits or signals goes through the list of those who wait, which memory that was never initialised does not have.
   * @throws Bugcheck 0xA as following that list does
   */
  requireInitialised(offset: number, name: string): void {
    const { guest } = this;
    const at = offset + HEADER.waitListHead;
    const first = guest.memory.u64(at);
    if (first === guest.address(at)) return;
    const reason = `${name} was given the object at ${hexOf(guest.address(offset))}, which was never initialised`;
    const parameters = [hexOf(first), '0x2', '0x0', hexOf(guest.faults.instruction)];
    throw guest.stop('0xA', 'IRQL_NOT_LESS_OR_EQUAL', reason, parameters);
  }

  state(offset: number): number {
    return this.guest.memory.i32(offset + HEADER.signalState);
  }

  /** @returns the state before */
  setState(offset: number, state: number): number {
    const before = this.state(offset);
    this.guest.memory.setU32(offset + HEADER.signalState, state >>> 0);
    return before;
  }

  /** @returns the object as an event of the model: what waits for one waits for the other */
  event(offset: number): Event {
    const known = this.events.get(offset);
    if (known) return known;
    const isSignaled = () => this.state(offset) > 0;
    const signal = (signaled: boolean) => void this.setState(offset, signaled ? 1 : 0);
    const event: Event = {
      id: this.guest.kernel.identity('event'),
      get signaled() {
        return isSignaled();
      },
      set signaled(signaled) {
        signal(signaled);
      },
    };
    this.events.set(offset, event);
    return event;
  }

  /** A wait was satisfied by the object. */
  consume(offset: number): void {
    const type = this.guest.memory.u8(offset + HEADER.type) & 0x7f;
    if (type === OBJECT.synchronizationEvent || type === OBJECT.synchronizationTimer) this.setState(offset, 0);
    else if (type === OBJECT.semaphore || type === OBJECT.mutant) this.setState(offset, this.state(offset) - 1);
    if (type === OBJECT.mutant) this.owners.set(offset, this.guest.kernel.thread);
  }
}
