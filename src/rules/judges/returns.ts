/** Receives on their way back down: RET-01, RET-02, RO-06, RP-02, RP-06, and what RP-01, RP-03 and RP-05 say of it. */
import type { Crossing, NblView } from '../../trace';
import type { ModuleBook, Relation } from './books/module-book';
import { hasResources } from './books/statuses';
import type { Court, Hearing, Judge } from './court';
import { differenceFrom } from './snapshots';

export function judgeReturns(court: Court): Judge {
  const { books } = court;
  const tested = {
    handedDown: court.tested('RET-01'),
    mayReturn: court.tested('RET-02'),
    consumed: court.tested('RO-06'),
    byReturning: court.tested('RP-02'),
    restored: court.tested('RP-06'),
  };

  const returns: Hearing = (crossing, module) => {
    if (module === undefined) return;
    for (const view of crossing.nbls ?? []) {
      tested.mayReturn.count += 1;
      const relation = module.nbls.get(view.nbl);
      if (relation?.kind === 'own' || books.nbls.allocations.get(view.nbl)?.module === module.name)
        ownGoesDown(view, relation, crossing);
      else if (relation?.kind === 'receive') foreignGoesDown(module, view, relation, crossing);
      else if (relation || module.known) strangerGoesDown(view, relation, crossing);
    }
  };

  const accuse = (rule: string, relation: Relation | undefined, crossing: Crossing, message: string): void => {
    const charge = { at: crossing, witnesses: [relation?.since, relation?.moved], message };
    court.charge(rule, charge);
    court.charge('RET-02', charge);
  };

  const ownGoesDown = (view: NblView, relation: Relation | undefined, crossing: Crossing): void =>
    accuse(
      'RO-06',
      relation,
      crossing,
      `The filter returned its own receive ${view.nbl} downward at #${crossing.seq}; it must consume it`,
    );

  const foreignGoesDown = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    const { place, since, moved } = relation;
    if (relation.resources) {
      lentGoesDown(relation, crossing);
    } else if (place === 'above') {
      const message = `The filter returned ${view.nbl} at #${crossing.seq} although it had indicated it at #${moved.seq} and not got it back: two fates for one NBL`;
      accuse('RP-01', relation, crossing, message);
    } else if (place === 'home') {
      if (!module.known) return;
      const rule = isComingBack(view, crossing) ? 'RET-01' : 'RP-01';
      accuse(
        rule,
        relation,
        crossing,
        `The filter returned ${view.nbl} twice: at #${moved.seq} and at #${crossing.seq}`,
      );
    } else {
      tested.restored.count += 1;
      const difference = differenceFrom(relation.snapshot, view);
      if (difference === undefined) return;
      court.charge('RP-06', {
        at: crossing,
        witnesses: [since, moved],
        message: `The filter returned ${view.nbl} at #${crossing.seq} with ${difference} than when it came at #${since.seq}: the change was not undone`,
      });
    }
  };

  const lentGoesDown = (relation: Relation, crossing: Crossing): void => {
    const { nbl, since, moved, place } = relation;
    const lent = `${nbl}, which had been lent to it with the RESOURCES flag at #${since.seq}`;
    accuse('RP-02', relation, crossing, `The filter called NdisFReturnNetBufferLists at #${crossing.seq} for ${lent}`);
    if (place !== 'home' || moved.dir !== '<-') return;
    court.charge('RP-03', {
      at: crossing,
      witnesses: [since, moved],
      message: `The filter still had ${lent}, at #${crossing.seq}, after its handler had returned at #${moved.seq}`,
    });
  };

  /** The thread is working on a chain from above that has this NBL in it. */
  const isComingBack = (view: NblView, crossing: Crossing): boolean => {
    const entry = books.threads.inside(crossing, 'FilterReturnNetBufferLists');
    return entry?.nbls?.some(({ nbl }) => nbl === view.nbl) ?? false;
  };

  const strangerGoesDown = (view: NblView, relation: Relation | undefined, crossing: Crossing): void =>
    court.charge('RET-02', {
      at: crossing,
      witnesses: [relation?.since],
      message: relation
        ? `The filter returned ${view.nbl} as a receive at #${crossing.seq}, but it is a send that came at #${relation.since.seq}`
        : `The filter returned ${view.nbl} at #${crossing.seq}, which no one had indicated to ${crossing.module ?? 'it'}`,
    });

  // ---- coming back -----------------------------------------------------------------------------------------

  const cameBack: Hearing = (crossing, module) => {
    if (module === undefined) return;
    for (const view of crossing.nbls ?? []) {
      const kind = module.nbls.get(view.nbl)?.kind;
      if (kind === 'own') tested.consumed.count += 1;
      else if (kind === 'receive') tested.handedDown.count += 1;
    }
  };

  const delivered = (crossing: Crossing): void => {
    if (hasResources(crossing.args?.['flags'])) tested.byReturning.count += 1;
  };

  // ---- what is lost ----------------------------------------------------------------------------------------

  const lost = new WeakMap<Relation, Crossing>();

  const quiet = (crossing: Crossing): void => {
    if (books.threads.someoneIsInside()) return;
    for (const module of books.modules.values()) notHandedDown(module, crossing);
  };

  const notHandedDown = (module: ModuleBook, crossing: Crossing): void => {
    if (!module.known || module.heldReceives === 0) return;
    for (const relation of module.nbls.values()) {
      if (
        relation.kind !== 'receive' ||
        relation.place !== 'back' ||
        relation.resources ||
        lost.get(relation) === relation.moved
      )
        continue;
      if (books.threads.isOpen(relation.moved)) continue;
      lost.set(relation, relation.moved);
      const { nbl, since, moved } = relation;
      // Back from a call means that the filter itself had added the RESOURCES flag.
      const fromCall = moved.dir === '<=';
      const charge = {
        at: crossing,
        module: module.name,
        witnesses: [since, moved],
        message: fromCall
          ? `The filter indicated ${nbl} with the RESOURCES flag, which it had added itself, had it back at #${moved.seq} and never returned it`
          : `${nbl} came back to the filter at #${moved.seq} and was never handed down with NdisFReturnNetBufferLists`,
      };
      court.charge(fromCall ? 'RP-05' : 'RET-01', charge);
    }
  };

  return {
    before: {
      '=>NdisFReturnNetBufferLists': returns,
      '->FilterReturnNetBufferLists': cameBack,
      '<-FilterDetach': (crossing) => {
        const module = books.moduleOf(crossing);
        if (module) notHandedDown(module, crossing);
      },
      '!!Quiescent': quiet,
    },
    after: { '->FilterReceiveNetBufferLists': delivered },
  };
}
