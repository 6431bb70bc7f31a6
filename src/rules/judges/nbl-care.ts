/** What a filter leaves on an NBL: SC-03, SC-04, NBL-05, NBL-07 and NBL-08. */
import type { ArgValue, Crossing, NblView } from '../../trace';
import type { Relation } from './books/module-book';
import { NBL_FREE_KEYS } from './books/nbl-calls';
import { hasResources, PENDING } from './books/statuses';
import type { Court, Hearing, Judge } from './court';
import { Moves } from './nbl-moves';

const CHAIN_CALLS = [
  '=>NdisFSendNetBufferLists',
  '=>NdisFSendNetBufferListsComplete',
  '=>NdisFIndicateReceiveNetBufferLists',
  '=>NdisFReturnNetBufferLists',
] as const;

const DELIVERIES: ReadonlySet<string> = new Set(['FilterSendNetBufferLists', 'FilterReceiveNetBufferLists']);
const RESERVED: ReadonlySet<string> = new Set(['ProtocolReserved', 'MiniportReserved', 'NdisReserved']);

export function judgeNblCare(court: Court): Judge {
  const { books } = court;
  const status = court.tested('SC-03');
  const chain = court.tested('SC-04');
  const context = court.tested('NBL-05');
  const balance = court.tested('NBL-07');
  const reserved = court.tested('NBL-08');
  /** Context space that the filter took and has not given back, by NBL, and how far it moved the data start, by net buffer. */
  const contexts = new Moves();
  const retreats = new Moves();
  const hasMoved = (): boolean => !contexts.areNone || !retreats.areNone;

  const call = (crossing: Crossing): void => {
    if (crossing.nbls === undefined) return;
    chain.count += 1;
    if (crossing.nbls.length > 0) return;
    court.charge('SC-04', {
      at: crossing,
      witnesses: [books.threads.rootOf(crossing)],
      message: `The filter called ${crossing.ddi} with no NBL at #${crossing.seq}`,
    });
  };

  const completes: Hearing = (crossing, module) => {
    for (const view of crossing.nbls ?? []) {
      const relation = module?.nbls.get(view.nbl);
      if (relation?.kind !== 'send') continue;
      goesHome(view, relation, crossing);
      if (relation.place !== 'held' || view.status === undefined) continue;
      status.count += 1;
      if (view.status !== PENDING) continue;
      court.charge('SC-03', {
        at: crossing,
        witnesses: [relation.since],
        message: `The filter completed ${view.nbl} at #${crossing.seq} with NDIS_STATUS_PENDING, which is no final status`,
      });
    }
  };

  const returns: Hearing = (crossing, module) => {
    for (const view of crossing.nbls ?? []) {
      const relation = module?.nbls.get(view.nbl);
      if (relation?.kind === 'receive') goesHome(view, relation, crossing);
    }
  };

  const goesHome = (view: NblView, { since }: Relation, crossing: Crossing): void => {
    if (!contexts.areNone) contextIsGiven(view, crossing);
    if (!retreats.areNone) dataStartIsBack(view, DELIVERIES.has(since.ddi) ? since : undefined, crossing);
  };

  const contextIsGiven = (view: NblView, crossing: Crossing): void => {
    const taken = contexts.get(view.nbl);
    if (!taken || taken.bytes <= 0 || taken.unsure) return;
    contexts.settle(view.nbl);
    court.charge('NBL-05', {
      at: crossing,
      witnesses: [taken.at],
      message: `The filter handed ${view.nbl} home at #${crossing.seq} with ${taken.bytes} bytes of context space that it took at #${taken.at.seq}`,
    });
  };

  const dataStartIsBack = (view: NblView, since: Crossing | undefined, crossing: Crossing): void => {
    for (const { nb } of view.nbs ?? []) {
      const moved = retreats.get(nb);
      if (!moved || moved.bytes === 0 || moved.unsure) continue;
      // What the filter did before it got the NBL this time, or before the trace began, is unknown.
      if (moved.bytes < 0 && !(since && since.seq < moved.at.seq)) continue;
      retreats.settle(nb);
      court.charge('NBL-07', {
        at: crossing,
        witnesses: [moved.at],
        message: `The filter handed ${view.nbl} home at #${crossing.seq} with the data start of ${nb} ${Math.abs(moved.bytes)} bytes ${moved.bytes > 0 ? 'before' : 'behind'} where it was (#${moved.at.seq})`,
      });
    }
  };

  /** Taken space counts when the call returns, given space when it is called. */
  const contextTaken = (crossing: Crossing): void => {
    const { opener } = books.threads;
    const nbl = opener?.nbls?.[0]?.nbl ?? crossing.nbls?.[0]?.nbl;
    const size = opener?.args?.['size'] ?? crossing.args?.['size'];
    if (nbl !== undefined) contexts.returned(nbl, size, crossing);
    context.count += 1;
  };

  const contextGiven = (crossing: Crossing): void => {
    const nbl = crossing.nbls?.[0]?.nbl;
    if (nbl !== undefined) contexts.adds(nbl, negative(crossing.args?.['size']), crossing);
  };

  const retreated = (crossing: Crossing): void => {
    const { opener } = books.threads;
    const nb = opener?.args?.['nb'] ?? crossing.args?.['nb'];
    const delta = opener?.args?.['delta'] ?? crossing.args?.['delta'];
    if (typeof nb === 'string') retreats.returned(nb, delta, crossing);
    balance.count += 1;
  };

  const advanced = (crossing: Crossing): void => {
    const nb = crossing.args?.['nb'];
    if (typeof nb === 'string') retreats.adds(nb, negative(crossing.args?.['delta']), crossing);
    balance.count += 1;
  };

  const touched = (crossing: Crossing): void => {
    const field = crossing.args?.['field'];
    if (crossing.args?.['what'] !== 'nbl' || crossing.args['access'] !== 'write' || typeof field !== 'string') return;
    if (!RESERVED.has(field)) return;
    court.charge('NBL-08', {
      at: crossing,
      // On an NBL of its own nobody else's data is lost: the documentation forbids it, and nothing comes of it.
      reading: isForeign(crossing.args['object']) ? 'default' : 'strict',
      witnesses: [books.threads.rootOf(crossing)],
      message: `The filter wrote ${field} of ${String(crossing.args['object'] ?? 'an NBL')} at #${crossing.seq}; what a filter wants to remember of an NBL belongs into NBL context`,
    });
  };

  const isForeign = (nbl: unknown): boolean => {
    for (const module of books.modules.values()) {
      const kind = module.nbls.get(String(nbl))?.kind;
      if (kind === 'send' || kind === 'receive') return true;
    }
    return false;
  };

  /** An NBL that comes to a module anew has nothing of that module on it. */
  const arrives = (crossing: Crossing): void => {
    reserved.count += 1;
    const { nbls, module } = crossing;
    if (nbls === undefined || !hasMoved()) return;
    for (const view of nbls) {
      const from = waitingFor(view.nbl, module);
      contexts.arrives(view.nbl, from);
      for (const { nb } of view.nbs ?? []) retreats.arrives(nb, from);
    }
  };

  /** The module of the driver that handed the NBL on last and has not got it back. */
  const waitingFor = (nbl: string, arrivesAt: string | undefined): string | undefined => {
    let last: Relation | undefined;
    let name: string | undefined;
    for (const module of books.modules.values()) {
      const relation = module.name === arrivesAt ? undefined : module.nbls.get(nbl);
      if (relation?.place !== 'below' && relation?.place !== 'above') continue;
      if (last && last.moved.seq > relation.moved.seq) continue;
      last = relation;
      ({ name } = module);
    }
    return name;
  };

  const areBack = (nbls: readonly NblView[] | undefined, module: string | undefined): void => {
    for (const view of nbls ?? []) {
      contexts.isBack(view.nbl, module);
      for (const { nb } of view.nbs ?? []) retreats.isBack(nb, module);
    }
  };

  const comeBack = ({ nbls, module }: Crossing): void => {
    if (hasMoved()) areBack(nbls, module);
  };

  /** With RESOURCES the NBLs are back when the call returns. */
  const indicated = ({ module }: Crossing): void => {
    if (!hasMoved()) return;
    const { opener } = books.threads;
    if (opener && hasResources(opener.args?.['flags'])) areBack(opener.nbls, module);
  };

  /** Nothing of the filter is on an NBL that is freed. */
  const freed = (crossing: Crossing): void => {
    if (!hasMoved()) return;
    for (const view of crossing.nbls ?? []) {
      contexts.arrives(view.nbl, undefined);
      for (const { nb } of view.nbs ?? []) retreats.arrives(nb, undefined);
    }
  };

  return {
    forget: () => {
      contexts.forget();
      retreats.forget();
    },
    before: {
      '=>NdisFSendNetBufferListsComplete': (crossing, module) => {
        call(crossing);
        completes(crossing, module);
      },
      '=>NdisFReturnNetBufferLists': (crossing, module) => {
        call(crossing);
        returns(crossing, module);
      },
      '=>NdisAllocateNetBufferListContext': (crossing) => contexts.asks(crossing.nbls?.[0]?.nbl, crossing),
      '=>NdisFreeNetBufferListContext': contextGiven,
      '=>NdisRetreatNetBufferDataStart': (crossing) => retreats.asks(crossing.args?.['nb'], crossing),
      '=>NdisAdvanceNetBufferDataStart': advanced,
      '!!Access': touched,
    },
    beforeAny: [
      { keys: CHAIN_CALLS, hear: call },
      { keys: NBL_FREE_KEYS, hear: freed },
    ],
    after: {
      '<=NdisAllocateNetBufferListContext': contextTaken,
      '<=NdisRetreatNetBufferDataStart': retreated,
      '->FilterSendNetBufferLists': arrives,
      '->FilterReceiveNetBufferLists': arrives,
      '->FilterSendNetBufferListsComplete': comeBack,
      '->FilterReturnNetBufferLists': comeBack,
      '<=NdisFIndicateReceiveNetBufferLists': indicated,
    },
  };
}

function negative(value: ArgValue | undefined): number | undefined {
  return typeof value === 'number' ? -value : undefined;
}
