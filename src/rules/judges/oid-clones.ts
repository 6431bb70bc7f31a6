/** Forwarding OID requests: OP-02, the clones of OP-03 and OP-04, and DO-02 on the way down. */
import type { Crossing } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import type { Court, Judge } from './court';
import { chargeTooEarly, isIssuersOwn, isStillBelow, judgeFamily, requestOf, type Family } from './oid-forwards';

export function judgeOidClones(court: Court): Judge {
  const { books } = court;
  const tested = {
    cloned: court.tested('OP-02'),
    answer: court.tested('OP-04'),
    noClone: court.tested('OP-05'),
  };

  // ---- going down ------------------------------------------------------------------------------------------

  const issues =
    (family: Family) =>
    (crossing: Crossing): void => {
      const module = books.moduleOf(crossing);
      const relation = requestOf(module, crossing);
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
      if (original?.kind === 'upper') judgeFamily(court, original, family, crossing);
    };

  /** What NdisFOidRequest answers decides who finishes the original. */
  const answered = (crossing: Crossing): void => {
    const relation = requestOf(books.moduleOf(crossing), books.threads.opener);
    if (relation?.kind === 'clone' && crossing.status !== undefined) tested.answer.count += 1;
  };

  const cloned = (crossing: Crossing): void => {
    const original = requestOf(books.moduleOf(crossing), books.threads.opener);
    if (original?.cloneFailed === crossing) tested.noClone.count += 1;
  };

  // ---- the end of a clone ----------------------------------------------------------------------------------

  const freesClone = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const name = crossing.args?.['clone'];
    if (!module || typeof name !== 'string') return;
    const clone = module.oids.get(name);
    if (clone?.kind === 'clone') {
      if (isStillBelow(court, clone, crossing)) chargeTooEarly(court, clone, crossing, `freed clone ${name}`);
    } else if (module.known && books.oids.unnamedClones === 0) {
      court.charge('OP-03', {
        at: crossing,
        witnesses: [clone?.since],
        message: `The filter freed ${name} at #${crossing.seq} as a clone, which it is not, or no longer is`,
      });
    }
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
        if (relation.place === 'below' && crossing.args?.['access'] !== 'free' && !isIssuersOwn(crossing))
          chargeTooEarly(court, relation, crossing, `touched ${fieldOf(crossing)} of clone ${object}`);
        return true;
      }
      for (const { forward } of module.oids.remembered()) {
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
      message: `The filter touched ${fieldOf(crossing)} of ${relation.request} at #${crossing.seq}, after it had ${what} it`,
    });

  return {
    before: {
      '=>NdisFOidRequest': issues('regular'),
      '=>NdisFDirectOidRequest': issues('direct'),
      '=>NdisFreeCloneOidRequest': freesClone,
      '!!Access': touched,
    },
    after: {
      '<=NdisFOidRequest': answered,
      '<=NdisFDirectOidRequest': answered,
      '<=NdisAllocateCloneOidRequest': cloned,
    },
  };
}

function fieldOf({ args }: Crossing): string {
  return String(args?.['field'] ?? 'something');
}
