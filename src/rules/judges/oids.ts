/** How OID requests from above end: OP-01, OP-03 to OP-07, DO-01, DO-02, and OO-03 for own ones that are taken for clones. */
import type { Crossing } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import { PENDING, SUCCESS, TOO_SHORT } from './books/statuses';
import type { Court, Judge } from './court';
import { chargeTooEarly, isDirect, isStillBelow, judgeFamily, requestOf, type Family } from './oid-forwards';
import { missingResults } from './oid-results';
import { aRequestIsBelow } from './outstanding';
import { isKeptForTheState, isOwed } from './owed-oids';

const UNKNOWN_OID: ReadonlySet<string> = new Set(['NDIS_STATUS_NOT_SUPPORTED', 'NDIS_STATUS_INVALID_OID']);

export function judgeOids(court: Court): Judge {
  const { books } = court;
  const tested = {
    once: court.tested('OP-01'),
    results: court.tested('OP-03'),
    lengths: court.tested('OP-06'),
    forwarded: court.tested('OP-07'),
    reentrant: court.tested('DO-01'),
    family: court.tested('DO-02'),
    consumed: court.tested('OO-03'),
  };

  // ---- finishing -------------------------------------------------------------------------------------------

  const delivered = (): void => {
    tested.once.count += 1;
    tested.forwarded.count += 1;
  };

  /** Deliveries of direct requests, and of what was in the filter at the same time. */
  const crowded = new WeakSet<Crossing>();

  const deliveredDirect = (crossing: Crossing): void => {
    tested.once.count += 1;
    tested.family.count += 1;
    for (const other of books.moduleOf(crossing)?.oids.underWay() ?? []) {
      if (other.kind !== 'upper' || other.place === 'home' || other.since === crossing) continue;
      tested.reentrant.count += 1;
      crowded.add(other.since).add(crossing);
    }
  };

  const completes =
    (family: Family) =>
    (crossing: Crossing): void => {
      const module = books.moduleOf(crossing);
      const request = crossing.args?.['request'];
      if (!module || typeof request !== 'string') return;
      const relation = module.oids.get(request);
      if (!relation) {
        if (module.known) notTheOriginal(request, undefined, crossing, `which no one had handed to ${module.name}`);
      } else if (relation.kind === 'own') {
        ownGoesUp(relation, crossing);
      } else if (relation.kind === 'clone') {
        notTheOriginal(request, relation, crossing, 'a clone, instead of the original');
      } else {
        judgeFamily(court, relation, family, crossing);
        completesUpper(relation, module, crossing);
      }
    };

  const notTheOriginal = (request: string, relation: OidRelation | undefined, crossing: Crossing, what: string): void =>
    court.charge('OP-01', {
      at: crossing,
      witnesses: [relation?.since, relation?.moved],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} with ${request}, ${what}`,
    });

  const ownGoesUp = (relation: OidRelation, crossing: Crossing): void =>
    court.charge('OO-03', {
      at: crossing,
      witnesses: [relation.since, relation.moved],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} with ${relation.request}, which it originated at #${relation.since.seq}; it must consume it`,
    });

  const completesUpper = (relation: OidRelation, module: ModuleBook, crossing: Crossing): void => {
    const { request, since, moved } = relation;
    const status = crossing.args?.['status'];
    if (relation.place === 'home') {
      court.charge('OP-01', {
        at: crossing,
        witnesses: [since, moved],
        message: `The filter completed ${request} at #${crossing.seq} although it had ${moved.dir === '<-' ? `returned ${moved.status ?? 'a final status'} for` : 'completed'} it at #${moved.seq}`,
      });
    } else if (status === PENDING) {
      court.charge('OP-01', {
        at: crossing,
        witnesses: [since],
        message: `The filter completed ${request} at #${crossing.seq} with ${PENDING}, which is no final status`,
      });
    } else {
      finishes(relation, module, crossing, typeof status === 'string' ? status : undefined);
    }
  };

  const returns = (crossing: Crossing): void => {
    const entry = books.threads.openerOf(crossing);
    const module = books.moduleOf(crossing);
    const relation = requestOf(module, entry);
    if (!module || relation?.kind !== 'upper' || relation.since !== entry) return;
    const { status } = crossing;
    if (status === undefined || status === PENDING) return;
    if (relation.place === 'home') {
      court.charge('OP-01', {
        at: crossing,
        witnesses: [entry, relation.moved],
        message: `The filter completed ${relation.request} at #${relation.moved.seq}, and ${crossing.ddi} returned ${status} for it at #${crossing.seq} instead of ${PENDING}`,
      });
    } else {
      finishes(relation, module, crossing, status);
    }
  };

  /** The request ends here, by a call or by the return of the handler. */
  const finishes = (
    relation: OidRelation,
    module: ModuleBook,
    crossing: Crossing,
    status: string | undefined,
  ): void => {
    const { forward } = relation;
    if (!forward) {
      finishedAlone(relation, crossing, status);
    } else if (isStillBelow(court, forward, crossing)) {
      chargeTooEarly(court, forward, crossing, `finished ${relation.request}`);
    } else if (forward.place === 'back') {
      finishedAfterClone(relation, forward, module, crossing, status);
    }
  };

  const finishedAfterClone = (
    relation: OidRelation,
    clone: OidRelation,
    module: ModuleBook,
    crossing: Crossing,
    status: string | undefined,
  ): void => {
    tested.results.count += 1;
    const witnesses = [clone.moved, relation.since];
    if (module.oids.get(clone.request) === clone) {
      court.charge('OP-03', {
        at: crossing,
        witnesses,
        message: `The filter finished ${relation.request} at #${crossing.seq} before it had freed clone ${clone.request}, which came back at #${clone.moved.seq}`,
      });
    }
    const missing = missingResults(clone.moved, crossing, status);
    if (!missing) return;
    court.charge('OP-03', {
      at: crossing,
      witnesses,
      reading: missing.reading,
      message: `Clone ${clone.request} came back at #${clone.moved.seq} with ${missing.expected}, and the filter finished ${relation.request} at #${crossing.seq} with ${missing.found}`,
    });
  };

  /** The filter answers by itself. */
  const finishedAlone = (relation: OidRelation, crossing: Crossing, status: string | undefined): void => {
    if (status === undefined) return;
    const { cloneFailed, request, since } = relation;
    if (cloneFailed) {
      notCloned(relation, cloneFailed, crossing, status);
      return;
    }
    if (TOO_SHORT.has(status) && typeof crossing.args?.['bytesNeeded'] === 'number') {
      tested.lengths.count += 1;
      if (crossing.args['bytesNeeded'] === 0) {
        court.charge('OP-06', {
          at: crossing,
          witnesses: [since],
          message: `The filter finished ${request} with ${status} at #${crossing.seq} and did not say how many bytes are needed`,
        });
      }
    }
    if (!UNKNOWN_OID.has(status)) return;
    court.charge('OP-07', {
      at: crossing,
      reading: 'strict',
      witnesses: [since],
      message: `The filter finished ${request} (${relation.oid}) with ${status} at #${crossing.seq} and did not forward it`,
    });
  };

  const notCloned = (relation: OidRelation, failed: Crossing, crossing: Crossing, status: string): void => {
    const written = crossing.args?.['bytesWritten'];
    const read = crossing.args?.['bytesRead'];
    const nothing = written === 0 && read === 0;
    const something = (typeof written === 'number' && written > 0) || (typeof read === 'number' && read > 0);
    const good = status === SUCCESS;
    if (good ? !nothing : status === failed.status && !something) return;
    court.charge('OP-05', {
      at: crossing,
      reading: good ? 'default' : 'strict',
      witnesses: [relation.since, failed],
      message: `${relation.request} could not be cloned at #${failed.seq} (${failed.status ?? 'no status'}), and the filter finished it at #${crossing.seq} with ${status}${something ? ' and byte counts that are not zero' : ''}`,
    });
  };

  const cameBack = (crossing: Crossing): void => {
    if (requestOf(books.moduleOf(crossing), crossing)?.kind === 'own') tested.consumed.count += 1;
  };

  // ---- what is lost ----------------------------------------------------------------------------------------

  const lost = new WeakSet<OidRelation>();

  const quiet = (crossing: Crossing): void => {
    if (books.oids.unnamedClones > 0 || books.threads.someoneIsInside()) return;
    for (const module of books.modules.values()) {
      if (!module.known || !module.oids.areUnderWay) continue;
      const owed = [...module.oids.underWay()].filter((relation) => isOwed(relation) && !lost.has(relation));
      if (owed.length === 0 || aRequestIsBelow(module)) continue;
      for (const relation of owed) neverFinished(relation, module, crossing);
    }
  };

  /** After it nobody can finish them: the filter may no longer call NDIS for the module. */
  const detached = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module?.known || books.oids.unnamedClones > 0 || aRequestIsBelow(module)) return;
    for (const relation of module.oids.underWay())
      if (isOwed(relation) && !lost.has(relation)) neverFinished(relation, module, crossing);
  };

  const neverFinished = (relation: OidRelation, module: ModuleBook, crossing: Crossing): void => {
    // A rule of its own, as long as the state lasts.
    if (isKeptForTheState(relation, module)) return;
    lost.add(relation);
    const when = crossing.dir === '<-' ? `had not been finished when ${crossing.ddi} returned` : 'was never finished';
    const { request, since, forward, cloneFailed } = relation;
    const accuse = (rule: string, why: string, witness: Crossing | undefined): void =>
      court.charge(rule, {
        at: crossing,
        module: module.name,
        witnesses: [since, witness],
        message: `${since.ddi} kept ${request}, which came at #${since.seq}, and it ${when}${why}`,
      });
    if (forward?.pended === false)
      accuse('OP-04', ` although the answer for its clone was there at #${forward.moved.seq}`, forward.moved);
    else if (cloneFailed && !forward) accuse('OP-05', `: cloning it had failed at #${cloneFailed.seq}`, cloneFailed);
    if (isDirect(relation) && crowded.has(since))
      accuse('DO-01', ', with other requests in the filter at the time', undefined);
    accuse('OP-01', '', forward?.moved ?? cloneFailed);
  };

  return {
    before: {
      '=>NdisFOidRequestComplete': completes('regular'),
      '=>NdisFDirectOidRequestComplete': completes('direct'),
      '<-FilterOidRequest': returns,
      '<-FilterDirectOidRequest': returns,
      '->FilterOidRequestComplete': cameBack,
      '->FilterDirectOidRequestComplete': cameBack,
      '<-FilterDetach': detached,
      '!!Quiescent': quiet,
    },
    after: {
      '->FilterOidRequest': delivered,
      '->FilterDirectOidRequest': deliveredDirect,
    },
  };
}
