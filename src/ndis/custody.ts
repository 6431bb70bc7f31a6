import type { Kernel } from '../kernel';
import { Bugcheck, KitError } from '../kernel';
import { alienObject, badPointer } from './faults';
import type { Holder } from './holder';
import { NDIS } from './holder';
import { Nbl } from './nbl';
import type { NetBufferList } from './wdk';

/** An NBL changes hands inside the kit. @throws KitError when it was not where the model believed it to be */
export function handOver(nbls: readonly Nbl[], from: Holder, to: Holder): void {
  for (const nbl of nbls) {
    if (nbl.holder !== from) {
      throw new KitError(`${nbl.id} should be with ${from.name}, but is with ${nbl.holder.name}`);
    }
    nbl.holder = to;
  }
}

/**
 * The driver hands a chain to NDIS.
 * @param head the argument as the driver passed it
 * @returns the NBLs of the chain, now in the hands of NDIS
 * @throws Bugcheck where a real NDIS would follow a bad pointer or corrupt a list
 */
export function takeFromDriver(kernel: Kernel, ddi: string, head: NetBufferList | null): Nbl[] {
  const nbls: Nbl[] = [];
  for (let next: unknown = head; nbls.length === 0 || next !== null;) {
    if (!(next instanceof Nbl)) {
      throw badPointer(kernel, `${ddi} was given a chain with an address that is no NET_BUFFER_LIST`, String(next));
    }
    if (next.freed) throw badPointer(kernel, `${ddi} was given ${next.id}, which had been freed`, next.id);
    if (nbls.includes(next)) {
      throw kernel.stop(
        new Bugcheck('0x133', 'DPC_WATCHDOG_VIOLATION', `${ddi} was given a chain that runs in a circle`, ['0x0']),
      );
    }
    if (!next.holder.isDriver) {
      throw alienObject(
        kernel,
        `${ddi} was given ${next.id}, which the driver does not have (it is with ${next.holder.name})`,
        next.id,
      );
    }
    nbls.push(next);
    next = next.next;
  }
  for (const nbl of nbls) {
    nbl.holder = NDIS;
    // Scratch belongs to whoever has the NBL: the next one overwrites it.
    nbl.scratch = null;
  }
  return nbls;
}

/** Someone uses an NBL that the driver may have freed under him. */
export function requireAlive(kernel: Kernel, nbls: readonly Nbl[], who: string): void {
  const freed = nbls.find((nbl) => nbl.freed);
  if (freed) throw alienObject(kernel, `${who} used ${freed.id}, which the driver had freed meanwhile`, freed.id);
}
