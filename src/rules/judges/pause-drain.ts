/** What must be home before a pause completes: PAU-09 to PAU-12. */
import type { Crossing } from '../../trace';
import type { ModuleBook, Relation } from './books/module-book';
import { PENDING } from './books/statuses';
import type { Court, Judge } from './court';

interface Debt {
  readonly rule: string;
  readonly owes: (relation: Relation) => boolean;
  readonly left: (module: ModuleBook) => number;
  readonly said: (relation: Relation) => string;
}

const DEBTS: readonly Debt[] = [
  {
    rule: 'PAU-09',
    owes: ({ kind, place }) => kind === 'send' && place === 'held',
    left: (module) => module.heldSends,
    said: ({ nbl, since }) => `send ${nbl} from above, handed in at #${since.seq}, was still held`,
  },
  {
    rule: 'PAU-10',
    owes: ({ kind, place, resources }) => kind === 'receive' && place === 'held' && !resources,
    left: (module) => module.heldReceives,
    said: ({ nbl, since }) => `receive ${nbl} from below, handed in at #${since.seq}, was still held`,
  },
  {
    rule: 'PAU-11',
    owes: ({ kind, place }) => kind === 'own' && place === 'below',
    left: (module) => module.ownSendsOut,
    said: ({ nbl, moved }) => `send ${nbl}, originated at #${moved.seq}, was outstanding`,
  },
  {
    rule: 'PAU-12',
    owes: ({ kind, place }) => kind === 'own' && place === 'above',
    left: (module) => module.ownReceivesOut,
    said: ({ nbl, moved }) => `receive ${nbl}, originated at #${moved.seq}, was outstanding`,
  },
];

export function judgePauseDrain(court: Court): Judge {
  const { books } = court;
  const tests = DEBTS.map((debt) => court.tested(debt.rule));

  const completes = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module?.state !== 'Pausing') return;
    DEBTS.forEach((debt, index) => {
      if (debt.left(module) === 0) return;
      for (const relation of module.nbls.values()) {
        if (!debt.owes(relation) || isInProgress(court, relation, module)) continue;
        (tests[index] as { count: number }).count += 1;
        court.charge(debt.rule, {
          at: crossing,
          witnesses: [module.pauseEntry, relation.moved],
          message: `${how(crossing)} at #${crossing.seq} while ${debt.said(relation)}`,
        });
        return;
      }
    });
  };

  /** The rule is put to the test when a pause begins, or ends pending, with something out. */
  const begins = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module) return;
    DEBTS.forEach((debt, index) => {
      if (debt.left(module) > 0) (tests[index] as { count: number }).count += 1;
    });
  };

  return {
    before: {
      '<-FilterPause': (crossing) => {
        if (crossing.status !== undefined && crossing.status !== PENDING) completes(crossing);
      },
      '=>NdisFPauseComplete': completes,
    },
    after: { '->FilterPause': begins },
  };
}

/** A delivery that another thread is still working on is not "held": its handler has not returned. */
function isInProgress(court: Court, relation: Relation, module: ModuleBook): boolean {
  if (relation.kind === 'own' || relation.place !== 'held') return false;
  for (const open of court.books.threads.open()) {
    if (open === relation.since && open.module === module.name) return true;
  }
  return false;
}

function how(crossing: Crossing): string {
  return crossing.dir === '<-'
    ? `FilterPause returned ${crossing.status ?? 'a final status'}`
    : 'The filter called NdisFPauseComplete';
}
