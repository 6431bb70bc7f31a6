import type { Call, Thread } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';

/** Who is inside a lock that threads may share and that may wait. */
interface Holders {
  exclusive: Thread | undefined;
  depth: number;
  readonly shared: Thread[];
}

/** ERESOURCEs, push locks and mutexes of the fast kinds by their address. */
export class SharedLocks {
  private readonly holders = new Map<number, Holders>();

  constructor(private readonly guest: Guest) {}

  at(offset: number): Holders {
    this.guest.touch('write', offset, 8);
    const known = this.holders.get(offset);
    if (known) return known;
    const holders: Holders = { exclusive: undefined, depth: 0, shared: [] };
    this.holders.set(offset, holders);
    return holders;
  }

  forget(offset: number): void {
    this.holders.delete(offset);
  }

  /** @returns false when it would have to wait and may not */
  *exclusive(offset: number, name: string, mayWait: boolean, recursive: boolean): Call<boolean> {
    const { thread } = this.guest.kernel;
    const holders = this.at(offset);
    if (recursive && holders.exclusive === thread) {
      holders.depth += 1;
      return true;
    }
    const free = () => holders.exclusive === undefined && holders.shared.length === 0;
    if (!free() && !mayWait) return false;
    yield* this.guest.kernel.point(name);
    if (!free()) yield { point: name, ready: free };
    holders.exclusive = thread;
    holders.depth = 1;
    return true;
  }

  *shared(offset: number, name: string, mayWait: boolean): Call<boolean> {
    const { thread } = this.guest.kernel;
    const holders = this.at(offset);
    const free = () => holders.exclusive === undefined || holders.exclusive === thread;
    if (!free() && !mayWait) return false;
    yield* this.guest.kernel.point(name);
    if (!free()) yield { point: name, ready: free };
    holders.shared.push(thread);
    return true;
  }

  /** Who has the lock alone has it shared from now on. */
  share(offset: number): void {
    const holders = this.at(offset);
    if (holders.exclusive === undefined) return;
    for (let left = holders.depth; left > 0; left -= 1) holders.shared.push(holders.exclusive);
    holders.exclusive = undefined;
    holders.depth = 0;
  }

  /** @throws Bugcheck 0xE3 when the thread is not inside */
  release(offset: number, name: string): void {
    const { guest } = this;
    const { thread } = guest.kernel;
    const holders = this.at(offset);
    const index = holders.shared.indexOf(thread);
    if (index >= 0) holders.shared.splice(index, 1);
    else if (holders.exclusive === thread) {
      holders.depth -= 1;
      if (holders.depth === 0) holders.exclusive = undefined;
    } else {
      throw guest.stop('0xE3', 'RESOURCE_NOT_OWNED', `${name}: the thread does not own the lock`, [
        `0x${guest.address(offset).toString(16)}`,
      ]);
    }
  }
}

/** An export that lets the thread into the lock that its first argument points to. */
export function* acquire(guest: Guest, call: GuestCall, isExclusive: boolean): Call<void> {
  const locks = guest.part(SharedLocks);
  if (isExclusive) yield* locks.exclusive(call.pointer(0), call.name, true, false);
  else yield* locks.shared(call.pointer(0), call.name, true);
}

/** An export by which the thread leaves the lock that its first argument points to. */
export function release(guest: Guest, call: GuestCall): void {
  guest.part(SharedLocks).release(call.pointer(0), call.name);
}
