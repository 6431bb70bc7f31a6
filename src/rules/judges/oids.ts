/** OID requests from above: OP-01 to OP-07, OP-09, DO-01, DO-02, and OO-03 for own ones that are taken for clones. */
import type { Crossing } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import { PENDING, SUCCESS } from './books/statuses';
import type { Court, Judge } from './court';
import { missingResults } from './oid-results';
import { isKeptForTheState, isOwed, somethingIsBelow } from './owed-oids';

const TOO_SHORT: ReadonlySet<string> = new Set(['NDIS_STATUS_BUFFER_TOO_SHORT', 'NDIS_STATUS_INVALID_LENGTH']);
const UNKNOWN_OID: ReadonlySet<string> = new Set(['NDIS_STATUS_NOT_SUPPORTED', 'NDIS_STATUS_INVALID_OID']);

const REGULAR = '';
const DIRECT = 'Direct';
type Family = typeof REGULAR | typeof DIRECT;

export function judgeOids(court: Court): Judge {
  const { books } = court;
  const tested = {
    once: court.tested('OP-01'),
    cloned: court.tested('OP-02'),
    results: court.tested('OP-03'),
    answer: court.tested('OP-04'),
    noClone: court.tested('OP-05'),
    lengths: court.tested('OP-06'),
    forwarded: court.tested('OP-07'),
    reentrant: court.tested('DO-01'),
    family: court.tested('DO-02'),
    consumed: court.tested('OO-03'),
  };

  const relationOf = (
    module: ModuleBook | undefined,
    crossing: Crossing,
    name = 'request',
  ): OidRelation | undefined => {
    const request = crossing.args?.[name];
    return typeof request === 'string' ? module?.oids.get(request) : undefined;
  };

  // ---- going down ------------------------------------------------------------------------------------------

  const issues =
    (family: Family) =>
    (crossing: Crossing): void => {
      const module = books.moduleOf(crossing);
      const relation = relationOf(module, crossing);
      if (!module || !relation || relation.kind === 'own' || relation.place === 'home') return;
      tested.cloned.count += 1;
      if (relation.kind === 'upper') {
        court.charge('OP-02', {
          at: crossing,
          witnesses: [relation.since],
          message: `The filter passed ${relation.request}, which it was given at #${relation.since.seq}, to ${crossing.ddi} at #${crossing.seq} itself instead of a clone`,
        });
        return;
      }
      const original = relation.original === undefined ? undefined : module.oids.get(relation.original);
      if (original?.kind === 'upper') sameFamily(original, family, crossing);
    };

  const sameFamily = (original: OidRelation, family: Family, crossing: Crossing): void => {
    if (!isDirect(original) && family === REGULAR) return;
    tested.family.count += 1;
    if (isDirect(original) === (family === DIRECT)) return;
    court.charge('DO-02', {
      at: crossing,
      witnesses: [original.since],
      message: `${original.request} came in through ${original.since.ddi} at #${original.since.seq}, and the filter goes on with ${crossing.ddi} at #${crossing.seq}`,
    });
  };

  /** What NdisFOidRequest answers decides who finishes the original. */
  const answered = (crossing: Crossing): void => {
    const { opener } = books.threads;
    const relation = opener && relationOf(books.moduleOf(crossing), opener);
    if (relation?.kind === 'clone' && crossing.status !== undefined) tested.answer.count += 1;
  };

  const cloned = (crossing: Crossing): void => {
    const { opener } = books.threads;
    const original = opener && relationOf(books.moduleOf(crossing), opener);
    if (original?.cloneFailed === crossing) tested.noClone.count += 1;
  };

  const freesClone = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const name = crossing.args?.['clone'];
    if (!module || typeof name !== 'string') return;
    const clone = module.oids.get(name);
    if (clone?.kind === 'clone') {
      if (isStillBelow(clone, crossing)) early(clone, crossing, `freed clone ${name}`);
    } else if (module.known && books.unnamedClones === 0) {
      court.charge('OP-03', {
        at: crossing,
        witnesses: [clone?.since],
        message: `The filter freed ${name} at #${crossing.seq} as a clone, which it is not, or no longer is`,
      });
    }
  };

  /** NDIS has the clone, and its answer was, or is going to be, NDIS_STATUS_PENDING. */
  const isStillBelow = (clone: OidRelation, crossing: Crossing): boolean =>
    clone.place === 'below' &&
    (clone.pended === true || (clone.moved.thread !== crossing.thread && books.threads.isOpen(clone.moved)));

  const early = (clone: OidRelation, crossing: Crossing, did: string): void =>
    court.charge('OP-04', {
      at: crossing,
      witnesses: [clone.since, clone.moved],
      message: `The filter ${did} at #${crossing.seq} although clone ${clone.request}, which it issued at #${clone.moved.seq}, had not come back`,
    });

  // ---- finishing -------------------------------------------------------------------------------------------

  const delivered = (crossing: Crossing): void => {
    tested.once.count += 1;
    tested.forwarded.count += 1;
  };

  const deliveredDirect = (crossing: Crossing): void => {
    tested.once.count += 1;
    tested.family.count += 1;
    const module = books.moduleOf(crossing);
    if (!module) return;
    for (const other of module.oids.values()) {
      if (other.kind !== 'upper' || other.place === 'home' || other.since === crossing) continue;
      tested.reentrant.count += 1;
      crowded.add(other.since).add(crossing);
    }
  };

  /** Deliveries of direct requests, and of what was in the filter at the same time. */
  const crowded = new WeakSet<Crossing>();

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
        sameFamily(relation, family, crossing);
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
    const relation = entry && relationOf(module, entry);
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
    } else if (isStillBelow(forward, crossing)) {
      early(forward, crossing, `finished ${relation.request}`);
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

  // ---- coming back -----------------------------------------------------------------------------------------

  const cameBack = (crossing: Crossing): void => {
    if (relationOf(books.moduleOf(crossing), crossing)?.kind === 'own') tested.consumed.count += 1;
  };

  const touched = (crossing: Crossing): void => {
    const object = crossing.args?.['object'];
    if (crossing.args?.['what'] !== 'oid' || typeof object !== 'string') return;
    // A request of one module can be a request from above for the next: whoever issued it answers for it.
    if (!touchedByIssuer(object, crossing)) touchedFromAbove(object, crossing);
  };

  const touchedByIssuer = (object: string, crossing: Crossing): boolean => {
    for (const module of books.modules.values()) {
      const relation = module.oids.get(object);
      if (relation?.kind === 'own') return true;
      if (relation?.kind === 'clone') {
        if (relation.place === 'below' && crossing.args?.['access'] !== 'free')
          early(relation, crossing, `touched ${String(crossing.args?.['field'] ?? '')} of clone ${object}`);
        return true;
      }
      for (const { forward } of module.oids.values()) {
        if (forward?.request !== object) continue;
        touchedTooLate(module, forward, crossing, 'freed');
        return true;
      }
    }
    return false;
  };

  const touchedFromAbove = (object: string, crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      const relation = module.oids.get(object);
      if (relation?.place === 'home') touchedTooLate(module, relation, crossing, 'finished');
    }
  };

  const touchedTooLate = (module: ModuleBook, relation: OidRelation, crossing: Crossing, what: string): void =>
    court.charge('OP-03', {
      at: crossing,
      module: module.name,
      witnesses: [relation.since, relation.moved],
      message: `The filter touched ${String(crossing.args?.['field'] ?? 'something')} of ${relation.request} at #${crossing.seq}, after it had ${what} it`,
    });

  // ---- what is lost ----------------------------------------------------------------------------------------

  const lost = new WeakSet<OidRelation>();

  const quiet = (crossing: Crossing): void => {
    if (books.unnamedClones > 0 || books.threads.someoneIsInside()) return;
    for (const module of books.modules.values()) {
      if (!module.known || module.oids.size === 0) continue;
      const owed = [...module.oids.values()].filter((relation) => isOwed(relation) && !lost.has(relation));
      if (owed.length === 0 || somethingIsBelow(module)) continue;
      for (const relation of owed) neverFinished(relation, module, crossing);
    }
  };

  const neverFinished = (relation: OidRelation, module: ModuleBook, crossing: Crossing): void => {
    // A rule of its own, as long as the state lasts.
    if (isKeptForTheState(relation, module)) return;
    lost.add(relation);
    const { request, since, forward, cloneFailed } = relation;
    const accuse = (rule: string, why: string, witness: Crossing | undefined): void =>
      court.charge(rule, {
        at: crossing,
        module: module.name,
        witnesses: [since, witness],
        message: `${since.ddi} kept ${request}, which came at #${since.seq}, and it was never finished${why}`,
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
      '=>NdisFOidRequestComplete': completes(REGULAR),
      '=>NdisFDirectOidRequestComplete': completes(DIRECT),
      '=>NdisFreeCloneOidRequest': freesClone,
      '<-FilterOidRequest': returns,
      '<-FilterDirectOidRequest': returns,
      '=>NdisFOidRequest': issues(REGULAR),
      '=>NdisFDirectOidRequest': issues(DIRECT),
      '->FilterOidRequestComplete': cameBack,
      '->FilterDirectOidRequestComplete': cameBack,
      '!!Access': touched,
      '!!Quiescent': quiet,
    },
    after: {
      '->FilterOidRequest': delivered,
      '->FilterDirectOidRequest': deliveredDirect,
      '<=NdisFOidRequest': answered,
      '<=NdisFDirectOidRequest': answered,
      '<=NdisAllocateCloneOidRequest': cloned,
    },
  };
}

function isDirect({ since }: OidRelation): boolean {
  return since.ddi === 'FilterDirectOidRequest';
}
