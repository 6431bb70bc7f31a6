/** What a filter leaves on an NBL: SC-03, SC-04, NBL-05, NBL-07 and NBL-08. */
import type { Crossing, NblView } from '../../trace';
import { PENDING } from './books/statuses';
import type { Court, Judge } from './court';

const CHAIN_CALLS = [
  'NdisFSendNetBufferLists',
  'NdisFSendNetBufferListsComplete',
  'NdisFIndicateReceiveNetBufferLists',
  'NdisFReturnNetBufferLists',
] as const;

const RESERVED: ReadonlySet<string> = new Set(['ProtocolReserved', 'MiniportReserved', 'NdisReserved']);

export function judgeNblCare(court: Court): Judge {
  const { books } = court;
  const status = court.tested('SC-03');
  const chain = court.tested('SC-04');
  const context = court.tested('NBL-05');
  const balance = court.tested('NBL-07');
  const reserved = court.tested('NBL-08');
  /** Context space that the filter took and has not given back, and how far it moved the data start. */
  const contexts = new Map<string, { bytes: number; at: Crossing }>();
  const retreats = new Map<string, { bytes: number; at: Crossing }>();

  const call = (crossing: Crossing): void => {
    if (!crossing.nbls) return;
    chain.count += 1;
    if (crossing.nbls.length > 0) return;
    court.charge('SC-04', {
      at: crossing,
      witnesses: [books.threads.rootOf(crossing)],
      message: `The filter called ${crossing.ddi} with no NBL at #${crossing.seq}`,
    });
  };

  const completes = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    for (const view of crossing.nbls ?? []) {
      const relation = module?.nbls.get(view.nbl);
      if (relation?.kind !== 'send') continue;
      goesHome(view, crossing);
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

  const returns = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    for (const view of crossing.nbls ?? []) {
      if (module?.nbls.get(view.nbl)?.kind === 'receive') goesHome(view, crossing);
    }
  };

  const goesHome = (view: NblView, crossing: Crossing): void => {
    if (contexts.size > 0) contextIsGiven(view, crossing);
    if (retreats.size > 0) dataStartIsBack(view, crossing);
  };

  const contextIsGiven = (view: NblView, crossing: Crossing): void => {
    const taken = contexts.get(view.nbl);
    if (!taken || taken.bytes === 0) return;
    contexts.delete(view.nbl);
    court.charge('NBL-05', {
      at: crossing,
      witnesses: [taken.at],
      message: `The filter handed ${view.nbl} home at #${crossing.seq} with ${taken.bytes} bytes of context space that it took at #${taken.at.seq}`,
    });
  };

  const dataStartIsBack = (view: NblView, crossing: Crossing): void => {
    for (const { nb } of view.nbs ?? []) {
      const moved = retreats.get(nb);
      if (!moved || moved.bytes === 0) continue;
      retreats.delete(nb);
      court.charge('NBL-07', {
        at: crossing,
        witnesses: [moved.at],
        message: `The filter handed ${view.nbl} home at #${crossing.seq} with the data start of ${nb} ${Math.abs(moved.bytes)} bytes ${moved.bytes > 0 ? 'before' : 'behind'} where it was (#${moved.at.seq})`,
      });
    }
  };

  const contextMoves =
    (sign: 1 | -1) =>
    (crossing: Crossing): void => {
      const nbl = (sign === 1 ? books.threads.opener : crossing)?.nbls?.[0]?.nbl ?? crossing.nbls?.[0]?.nbl;
      const size = (sign === 1 ? books.threads.opener : crossing)?.args?.['size'] ?? crossing.args?.['size'];
      if (nbl === undefined || typeof size !== 'number') return;
      if (sign === 1 && crossing.status !== undefined && !/SUCCESS$/.test(crossing.status)) return;
      context.count += 1;
      const bytes = (contexts.get(nbl)?.bytes ?? 0) + sign * size;
      if (bytes === 0) contexts.delete(nbl);
      else contexts.set(nbl, { bytes, at: contexts.get(nbl)?.at ?? crossing });
    };

  const dataStartMoves =
    (sign: 1 | -1) =>
    (crossing: Crossing): void => {
      const source = sign === 1 ? (books.threads.opener ?? crossing) : crossing;
      const nb = source.args?.['nb'];
      const delta = source.args?.['delta'];
      if (typeof nb !== 'string' || typeof delta !== 'number') return;
      if (sign === 1 && crossing.status !== undefined && !/SUCCESS$/.test(crossing.status)) return;
      balance.count += 1;
      const bytes = (retreats.get(nb)?.bytes ?? 0) + sign * delta;
      if (bytes === 0) retreats.delete(nb);
      else retreats.set(nb, { bytes, at: retreats.get(nb)?.at ?? crossing });
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

  const delivered = (): void => {
    reserved.count += 1;
  };

  /** An NBL that comes to the filter anew, or is freed, has nothing of the filter on it. */
  const anew = (crossing: Crossing): void => {
    if (contexts.size > 0) for (const view of crossing.nbls ?? []) contexts.delete(view.nbl);
    if (retreats.size > 0)
      for (const view of crossing.nbls ?? []) for (const { nb } of view.nbs ?? []) retreats.delete(nb);
  };

  return {
    before: {
      ...Object.fromEntries(CHAIN_CALLS.map((ddi) => [`=>${ddi}`, call])),
      '=>NdisFSendNetBufferListsComplete': (crossing) => {
        call(crossing);
        completes(crossing);
      },
      '=>NdisFReturnNetBufferLists': (crossing) => {
        call(crossing);
        returns(crossing);
      },
      '=>NdisFreeNetBufferListContext': contextMoves(-1),
      '=>NdisAdvanceNetBufferDataStart': dataStartMoves(-1),
      '=>NdisFreeNetBufferList': anew,
      '!!Access': touched,
    },
    after: {
      '<=NdisAllocateNetBufferListContext': contextMoves(1),
      '<=NdisRetreatNetBufferDataStart': dataStartMoves(1),
      '->FilterSendNetBufferLists': (crossing) => {
        delivered();
        anew(crossing);
      },
      '->FilterReceiveNetBufferLists': (crossing) => {
        delivered();
        anew(crossing);
      },
    },
  };
}
