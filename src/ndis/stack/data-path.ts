import type { Call } from '../../kernel';
import { requireAlive } from '../custody';
import { alienObject, badPointer } from '../faults';
import { handleName } from '../handle';
import type { Nbl } from '../nbl';
import type { Adapter } from './adapter';
import { FilterModule } from './module';
import type { StackFilter } from './filter';

/**
 * How NBLs travel through one stack. Sends go down and receives go up through the modules that have the handler; on the
 * way home each driver sees only what it passed on or originated, and NDIS regroups chains by destination.
 */
export class DataPath {
  constructor(private readonly adapter: Adapter) {}

  /** @param from the layer that sends; undefined for the protocol */
  *sendDown(from: StackFilter | undefined, nbls: readonly Nbl[], flags: number): Call<void> {
    const next = this.adapter.below(from, 'send');
    yield* (next ?? this.adapter.miniport).send(nbls, flags);
  }

  /** @param from the layer that completes; undefined for the miniport */
  *completeUp(from: StackFilter | undefined, nbls: readonly Nbl[], flags: number): Call<void> {
    const { adapter } = this;
    requireAlive(adapter.kernel, nbls, from?.name ?? 'the miniport');
    for (const [target, group] of grouped(nbls, (nbl) => this.completionTarget(nbl, from))) {
      yield* (target ?? adapter.protocol).sendComplete(group, flags);
    }
  }

  /** @param from the layer that indicates; undefined for the miniport */
  *indicateUp(from: StackFilter | undefined, nbls: readonly Nbl[], count: number, flags: number): Call<void> {
    const next = this.adapter.above(from, 'receive');
    yield* (next ?? this.adapter.protocol).receive(nbls, count, flags);
  }

  /** @param from the layer that returns; undefined for the protocol */
  *returnDown(from: StackFilter | undefined, nbls: readonly Nbl[], flags: number): Call<void> {
    const { adapter } = this;
    requireAlive(adapter.kernel, nbls, from?.name ?? 'the protocol');
    for (const [target, group] of grouped(nbls, (nbl) => this.returnTarget(nbl, from))) {
      yield* (target ?? adapter.miniport).return(group, flags);
    }
  }

  /** @param from the layer that asks; undefined for the protocol */
  *cancelDown(from: StackFilter | undefined, cancelId: string): Call<void> {
    const next = this.adapter.below(from, 'cancelSend');
    yield* (next ?? this.adapter.miniport).cancelSend(cancelId);
  }

  /** @returns the filter that gets the completion; undefined for the protocol */
  private completionTarget(nbl: Nbl, from: StackFilter | undefined): StackFilter | undefined {
    const passer = this.passerWith(nbl, 'sendComplete');
    if (passer) return passer;
    const { kernel, protocol } = this.adapter;
    if (nbl.origin === protocol) {
      if (nbl.source === protocol.handle) return undefined;
      throw badPointer(kernel, `${nbl.id} came home with the SourceHandle ${handleName(nbl.source)}`, nbl.id);
    }
    const next = this.adapter.above(from, 'sendComplete');
    if (next) return next;
    throw alienObject(kernel, `the protocol got the completion of ${nbl.id}, which it never sent`, nbl.id);
  }

  /** @returns the filter that gets the NBL back; undefined for the miniport */
  private returnTarget(nbl: Nbl, from: StackFilter | undefined): StackFilter | undefined {
    const passer = this.passerWith(nbl, 'return');
    if (passer) return passer;
    const { kernel, miniport } = this.adapter;
    if (nbl.origin === miniport) return undefined;
    const next = this.adapter.below(from, 'return');
    if (next) return next;
    throw alienObject(kernel, `the miniport got back ${nbl.id}, which it never indicated`, nbl.id);
  }

  /** The last layer on the NBL's route that has the handler; layers without it are skipped. */
  private passerWith(nbl: Nbl, entry: 'sendComplete' | 'return'): StackFilter | undefined {
    for (let passer = nbl.route.pop(); passer; passer = nbl.route.pop()) {
      const filter = passer as StackFilter;
      const home = nbl.origin.isDriver && nbl.route.length === 0 ? this.originator(nbl, filter) : filter;
      if (home.has(entry)) return home;
    }
    return undefined;
  }

  /** NDIS finds the driver that originated an NBL by its SourceHandle, whoever really did. */
  private originator(nbl: Nbl, sender: StackFilter): StackFilter {
    const named = FilterModule.of(nbl.source);
    if (named === sender) return sender;
    if (named && named.state !== 'Detached') return named;
    throw badPointer(
      this.adapter.kernel,
      `NDIS looked for the originator of ${nbl.id} by its SourceHandle, which is ${handleName(nbl.source) ?? 'NULL'}`,
      nbl.id,
    );
  }
}

function grouped<T>(nbls: readonly Nbl[], targetOf: (nbl: Nbl) => T): Map<T, Nbl[]> {
  const groups = new Map<T, Nbl[]>();
  for (const nbl of nbls) {
    const target = targetOf(nbl);
    const group = groups.get(target);
    if (group) group.push(nbl);
    else groups.set(target, [nbl]);
  }
  return groups;
}
