/** What FilterOidRequest and FilterCancelOidRequest may do while they run: OP-08, OP-09, OP-10. */
import type { Crossing } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import type { Court, Judge } from './court';

const HANDLER = 'FilterOidRequest';

/** A cancel, and the request from above that it was for. */
interface Cancel {
  readonly entry: Crossing;
  readonly module: ModuleBook;
  readonly relation: OidRelation;
  passedOn: boolean;
}

export function judgeOidHandlers(court: Court): Judge {
  const { books } = court;
  const tested = { swift: court.tested('OP-08'), cancel: court.tested('OP-09'), noEvent: court.tested('OP-10') };
  /** Cancels whose request has not come to its end. Empty but for a few moments of a trace. */
  const open = new Set<Cancel>();

  const delivered = (): void => {
    tested.swift.count += 1;
    tested.noEvent.count += 1;
  };

  const waits = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, HANDLER);
    if (!entry) return;
    court.charge('OP-08', {
      at: crossing,
      witnesses: [entry],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} inside ${HANDLER}, entered at #${entry.seq}`,
    });
  };

  const sendsEvent = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, HANDLER);
    if (!entry) return;
    court.charge('OP-10', {
      at: crossing,
      witnesses: [entry],
      message: `The filter called NdisFNetPnPEvent at #${crossing.seq} inside ${HANDLER}, entered at #${entry.seq}`,
    });
  };

  /** Which request a cancel is for is known only where the trace shows the ids of requests. */
  const cancelled = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const id = crossing.args?.['requestId'];
    if (!module || id === undefined || id === null) return;
    for (const relation of module.oids.underWay()) {
      if (relation.kind !== 'upper' || relation.place !== 'held' || relation.since.args?.['requestId'] !== id) continue;
      tested.cancel.count += 1;
      open.add({ entry: crossing, module, relation, passedOn: false });
    }
  };

  const passesOn = (crossing: Crossing): void => {
    for (const cancel of open) if (cancel.module.name === crossing.module) cancel.passedOn = true;
  };

  const quiet = (crossing: Crossing): void => {
    if (open.size === 0 || books.threads.someoneIsInside()) return;
    for (const cancel of open) {
      const { relation, module, entry, passedOn } = cancel;
      open.delete(cancel);
      if (relation.place !== 'held' || relation.pended !== true || module.oids.get(relation.request) !== relation)
        continue;
      const below = relation.forward?.place === 'below';
      if (below && passedOn) continue;
      court.charge('OP-09', {
        at: crossing,
        module: module.name,
        witnesses: [relation.since, entry],
        message: below
          ? `The cancel of ${relation.request} that came in at #${entry.seq} was not passed on with NdisFCancelOidRequest, although clone ${relation.forward?.request ?? ''} is below`
          : `${relation.request}, which came at #${relation.since.seq}, was still in the filter's hands after its cancel at #${entry.seq}`,
      });
    }
  };

  return {
    forget: () => open.clear(),
    before: {
      '=>NdisWaitEvent': waits,
      '=>NdisMSleep': waits,
      '=>ExWaitForRundownProtectionRelease': waits,
      '=>NdisFNetPnPEvent': sendsEvent,
      '->FilterCancelOidRequest': cancelled,
      '->FilterCancelDirectOidRequest': cancelled,
      '=>NdisFCancelOidRequest': passesOn,
      '=>NdisFCancelDirectOidRequest': passesOn,
      '!!Quiescent': quiet,
    },
    after: { '->FilterOidRequest': delivered },
  };
}
