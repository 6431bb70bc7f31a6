import type { Bugcheck, Thread, Witness } from '../../../src/kernel';
import type { ArgValue } from '../../../src/trace';
import { evidenceOf, GuestBugcheck } from './crash';
import { hexOf, WATCHDOG } from './faults';
import type { Guest } from './guest';
import { GuestIrps } from './io/irps';
import { SpinLocks } from './ntoskrnl/locks';

/** The driver was caught at taking a lock that it holds: what Driver Verifier calls it. */
const SELF_DEADLOCK = '0x1000';

/** Tells of the guest what the model cannot know when something stops the system. */
export class GuestWitness implements Witness {
  constructor(private readonly guest: Guest) {}

  whereabouts(): Readonly<Record<string, ArgValue>> {
    return evidenceOf(this.guest.faults.details());
  }

  explain(bugcheck: Bugcheck): Bugcheck {
    if (bugcheck instanceof GuestBugcheck) return bugcheck;
    const { code, bugcheckName, reason, parameters } = bugcheck;
    const known = parameters.map((parameter) => this.addressOfId(parameter) ?? parameter);
    return new GuestBugcheck(code, bugcheckName, reason, known, this.guest.faults.details());
  }

  /** The model knows blocks, IRPs and locks by names of its own. */
  private addressOfId(id: string): string | undefined {
    const { guest } = this;
    const offset =
      guest.pool.offsetOfId(id) ?? guest.part(GuestIrps).offsetOfId(id) ?? guest.part(SpinLocks).offsetOfId(id);
    return offset === undefined ? undefined : hexOf(guest.address(offset));
  }

  /** Spinning at DISPATCH_LEVEL is what the watchdog of the system ends. */
  hung(thread: Thread): Bugcheck | undefined {
    const lock = thread.step?.lock;
    if (!lock?.owner || !this.guest.threads.of(thread)) return undefined;
    const details = this.guest.faults.details(thread);
    if (lock.owner !== thread) {
      const reason = `the driver spins for ${lock.id}, which ${lock.owner.name} never releases`;
      return new GuestBugcheck('0x133', 'DPC_WATCHDOG_VIOLATION', reason, WATCHDOG, details);
    }
    const reason = `the driver spins for ${lock.id}, which the same thread holds already`;
    const parameters = [SELF_DEADLOCK, this.addressOfId(lock.id) ?? lock.id];
    return new GuestBugcheck('0xC4', 'DRIVER_VERIFIER_DETECTED_VIOLATION', reason, parameters, details);
  }
}
