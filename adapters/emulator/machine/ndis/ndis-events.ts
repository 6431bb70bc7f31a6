import type { Event } from '../../../../src/kernel';
import type { Guest } from '../guest';

/** NDIS_EVENT is a KEVENT: a DISPATCHER_HEADER. */
const KEVENT = { size: 0x18, type: 0x00, length: 0x02, signalState: 0x04, waitListHead: 0x08 } as const;
const NOTIFICATION_EVENT = 0;

/** Events in memory of the driver, each with the event of the kernel model that stands for it. */
export class NdisEvents {
  private readonly events = new Map<number, Event>();

  constructor(private readonly guest: Guest) {}

  /** NdisInitializeEvent: a notification event that is not signalled; what was in that place before is another one. */
  initialize(at: number): void {
    const { guest } = this;
    const { memory } = guest;
    guest.touch('write', at, KEVENT.size);
    memory.setU8(at + KEVENT.type, NOTIFICATION_EVENT);
    memory.setU8(at + KEVENT.length, KEVENT.size / 4);
    memory.setU32(at + KEVENT.signalState, 0);
    memory.setU64(at + KEVENT.waitListHead, guest.address(at + KEVENT.waitListHead));
    memory.setU64(at + KEVENT.waitListHead + 8, guest.address(at + KEVENT.waitListHead));
    this.events.set(at, guest.kernel.newEvent());
  }

  /** @returns the event at an offset. @throws Bugcheck when its memory is gone, or nobody has initialised it */
  at(at: number): Event {
    const { guest } = this;
    guest.touch('write', at, KEVENT.size);
    const event = this.events.get(at);
    if (event) return event;
    throw guest.stop('0x7C', 'BUGCODE_NDIS_DRIVER', 'an NDIS_EVENT was used that had not been initialised', [
      `0x${guest.address(at).toString(16)}`,
    ]);
  }

  /** Brings SignalState up to date, which drivers read. */
  show(at: number): void {
    this.guest.memory.setU32(at + KEVENT.signalState, this.events.get(at)?.signaled === true ? 1 : 0);
  }
}
