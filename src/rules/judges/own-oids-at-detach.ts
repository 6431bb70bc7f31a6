/** DET-04: no OID request of the filter's own is out when FilterDetach returns. */
import type { Crossing } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import type { Court, Judge } from './court';
import { requestOf } from './oid-forwards';
import { synchronousCallsOut } from './outstanding';

/**
 * The documentation has the filter wait for its synchronous requests only. NDIS may have waited for the others before it called FilterDetach
 * (dispute U17), but not for one that was issued after that.
 */
export function judgeOwnOidsAtDetach(court: Court): Judge {
  const { books } = court;
  const tested = court.tested('DET-04');
  /** Calls that issued a request after FilterDetach had been entered. */
  const late = new WeakSet<Crossing>();
  /** Modules whose FilterDetach may return too early, in the reading that everybody shares. */
  const atStake = new Set<string>();

  const issued = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const relation = requestOf(module, crossing);
    if (!module || relation?.kind !== 'own' || !isLate(module, crossing)) return;
    late.add(crossing);
    atStake.add(module.name);
  };

  const isLate = (module: ModuleBook, crossing: Crossing): boolean => {
    if (module.state !== 'Detaching' || !module.detachEntry) return false;
    if (books.threads.inside(crossing, 'FilterDetach')?.module === module.name) return true;
    const root = books.threads.rootOf(crossing);
    return root !== undefined && root.seq > module.detachEntry.seq;
  };

  const issuedSynchronously = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module?.state === 'Detaching') atStake.add(module.name);
  };

  /** NDIS is about to detach the module: FilterDetach and the event before it are where a filter waits. */
  const announced = (crossing: Crossing): void => {
    if (crossing.args?.['event'] === 'NetEventFilterPreDetach') entered(crossing);
  };

  const entered = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module && synchronousCallsOut(module, books.threads).length > 0) atStake.add(module.name);
  };

  const left = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module) return;
    if (atStake.delete(module.name)) tested.count += 1;
    for (const call of synchronousCallsOut(module, books.threads)) {
      court.charge('DET-04', {
        at: crossing,
        witnesses: [call, module.detachEntry],
        message: `FilterDetach of ${module.name} returned at #${crossing.seq} while the synchronous OID request that was originated at #${call.seq} was outstanding`,
      });
    }
    for (const relation of module.oids.underWay()) {
      if (relation.kind !== 'own' || relation.place !== 'below' || !isSurelyOut(relation)) continue;
      court.charge('DET-04', {
        at: crossing,
        reading: late.has(relation.moved) ? 'default' : 'strict',
        witnesses: [relation.moved, module.detachEntry],
        message: `FilterDetach of ${module.name} returned at #${crossing.seq} while OID request ${relation.request}, originated at #${relation.moved.seq}, was outstanding`,
      });
    }
  };

  /** Where the answer of the call is not written down, it may have been there at once. */
  const isSurelyOut = ({ pended, moved }: OidRelation): boolean => pended === true || books.threads.isOpen(moved);

  return {
    forget: () => atStake.clear(),
    after: {
      '=>NdisFOidRequest': issued,
      '=>NdisFDirectOidRequest': issued,
      '=>NdisFSynchronousOidRequest': issuedSynchronously,
      '->FilterNetPnPEvent': announced,
      '->FilterDetach': entered,
      '<-FilterDetach': left,
    },
  };
}
