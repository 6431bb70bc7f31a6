/** Sends, originated and passed through: SO-02 to SO-05, SP-01 to SP-05, SC-01, SC-02, and PAU-21 for what comes back late. */
import type { Crossing, NblView } from '../../trace';
import { NBL_FREE_KEYS } from './books/nbl-calls';
import type { ModuleBook, Relation } from './books/module-book';
import type { Court, Hearing, Judge } from './court';
import { differenceFrom, sameNetBuffers } from './snapshots';

const RETURNS = ['->FilterSendNetBufferListsComplete', '->FilterReturnNetBufferLists'] as const;

export function judgeSends(court: Court): Judge {
  const { books } = court;
  const tested = {
    source: court.tested('SO-02'),
    untouched: court.tested('SO-03'),
    consumed: court.tested('SO-04'),
    split: court.tested('SO-05'),
    fate: court.tested('SP-01'),
    keptSource: court.tested('SP-02'),
    restored: court.tested('SP-03'),
    netBuffers: court.tested('SP-04'),
    passedDown: court.tested('SP-05'),
    handedUp: court.tested('SC-01'),
    mayComplete: court.tested('SC-02'),
  };

  // ---- handing to NDIS -------------------------------------------------------------------------------------

  const sends: Hearing = (crossing, module) => {
    if (module === undefined) return;
    for (const view of crossing.nbls ?? []) {
      const relation = books.nbls.relationAtHandOver(module, view, crossing);
      if (relation?.kind === 'own') ownGoesDown(module, view, relation, crossing);
      else if (relation?.kind === 'send') foreignGoesDown(module, view, relation, crossing);
    }
  };

  const ownGoesDown = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    tested.untouched.count += 1;
    if (relation.place === 'below') {
      court.charge('SO-03', {
        at: crossing,
        witnesses: [relation.moved],
        message: `The filter sent ${view.nbl} again at #${crossing.seq} although it had been out since #${relation.moved.seq}`,
      });
    } else if (relation.place === 'above') {
      court.charge(relation.resources ? 'RO-03' : 'RO-02', {
        at: crossing,
        witnesses: [relation.moved],
        message: `The filter sent ${view.nbl} at #${crossing.seq} although it had been indicated at #${relation.moved.seq} and not come back`,
      });
    }
    sourceIsOwn(module, view, relation, crossing);
  };

  const indicates: Hearing = (crossing, module) => {
    if (module === undefined) return;
    for (const view of crossing.nbls ?? []) {
      const relation = books.nbls.relationAtHandOver(module, view, crossing);
      if (relation?.kind === 'own') ownGoesUpward(module, view, relation, crossing);
      else if (relation?.kind === 'receive') keepsIdentity(view, relation, crossing);
    }
  };

  const ownGoesUpward = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    if (relation.place === 'below') {
      court.charge('SO-03', {
        at: crossing,
        witnesses: [relation.moved],
        message: `The filter indicated ${view.nbl} at #${crossing.seq} although it had been out as a send since #${relation.moved.seq}`,
      });
    }
    sourceIsOwn(module, view, relation, crossing);
  };

  const sourceIsOwn = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    const handle = crossing.args?.['handle'] ?? module.handle;
    if (view.source === undefined || typeof handle !== 'string') return;
    tested.source.count += 1;
    if (view.source === handle) return;
    court.charge('SO-02', {
      at: crossing,
      witnesses: [relation.since],
      message: `${view.nbl}, which the filter originates at #${crossing.seq}, has the SourceHandle ${view.source} instead of its NdisFilterHandle ${handle}`,
    });
  };

  const foreignGoesDown = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    keepsIdentity(view, relation, crossing);
    if (relation.place === 'held' || relation.place === 'back') return;
    if (!module.known && relation.place === 'home') return;
    court.charge('SP-01', {
      at: crossing,
      witnesses: [relation.since, relation.moved],
      message: `The filter passed ${view.nbl} down at #${crossing.seq} although it had ${relation.place === 'below' ? 'passed it down' : 'completed it'} at #${relation.moved.seq}`,
    });
  };

  // ---- completing upward -----------------------------------------------------------------------------------

  const completes: Hearing = (crossing, module) => {
    if (module === undefined) return;
    const mixed = mixedChain(crossing);
    for (const view of crossing.nbls ?? []) {
      const relation = module.nbls.get(view.nbl);
      tested.mayComplete.count += 1;
      if (relation?.kind === 'send') foreignGoesUp(view, relation, crossing);
      else if (relation?.kind === 'own' || isOwnByAllocation(module, view)) ownGoesUp(view, relation, crossing, mixed);
      else if (relation || module.known) strangerGoesUp(view, relation, crossing);
    }
  };

  const isOwnByAllocation = (module: ModuleBook, view: NblView): boolean => {
    const allocation = books.nbls.allocations.get(view.nbl);
    return allocation !== undefined && (allocation.module === undefined || allocation.module === module.name);
  };

  const ownGoesUp = (
    view: NblView,
    relation: Relation | undefined,
    crossing: Crossing,
    mixed: Crossing | undefined,
  ): void => {
    const message = `The filter completed its own send ${view.nbl} upward at #${crossing.seq}; it must consume it`;
    court.charge('SO-04', { at: crossing, witnesses: [relation?.since, relation?.moved], message });
    if (mixed) {
      court.charge('SO-05', {
        at: crossing,
        witnesses: [mixed],
        message: `${message}: the chain completed at #${mixed.seq} mixes own and pass-through sends, and the filter did not split it`,
      });
    }
  };

  const foreignGoesUp = (view: NblView, relation: Relation, crossing: Crossing): void => {
    keepsIdentity(view, relation, crossing);
    if (relation.place === 'below' || relation.place === 'home') {
      const did = relation.place === 'below' ? 'passed it down' : 'completed it';
      const witnesses = [relation.since, relation.moved];
      const message = `The filter completed ${view.nbl} at #${crossing.seq} although it had ${did} at #${relation.moved.seq}`;
      court.charge('SC-02', { at: crossing, witnesses, message: `${message} and no longer held it` });
      court.charge('SP-01', { at: crossing, witnesses, message: `${message}: two fates for one NBL` });
      if (relation.place === 'home' && relation.handedOn)
        court.charge('SC-01', { at: crossing, witnesses, message: `${message}: a completion goes up once` });
      return;
    }
    tested.restored.count += 1;
    const difference = differenceFrom(relation.snapshot, view);
    if (difference === undefined) return;
    court.charge('SP-03', {
      at: crossing,
      witnesses: [relation.since, relation.moved],
      message: `The filter completed ${view.nbl} at #${crossing.seq} with ${difference} than when it came at #${relation.since.seq}: the change was not undone`,
    });
  };

  const strangerGoesUp = (view: NblView, relation: Relation | undefined, crossing: Crossing): void => {
    court.charge('SC-02', {
      at: crossing,
      witnesses: [relation?.since],
      message: relation
        ? `The filter completed ${view.nbl} as a send at #${crossing.seq}, but it is a receive that came at #${relation.since.seq}`
        : `The filter completed ${view.nbl} at #${crossing.seq}, which no one had sent through it`,
    });
  };

  const keepsIdentity = (view: NblView, relation: Relation, crossing: Crossing): void => {
    const { snapshot, since } = relation;
    if (view.source !== undefined && snapshot.source !== undefined) {
      tested.keptSource.count += 1;
      if (view.source !== snapshot.source) {
        court.charge('SP-02', {
          at: crossing,
          witnesses: [since],
          message: `The filter changed the SourceHandle of ${view.nbl}, which it did not originate, from ${snapshot.source} to ${view.source} between #${since.seq} and #${crossing.seq}`,
        });
      }
    }
    if (view.nbs === undefined || snapshot.nbs === undefined) return;
    tested.netBuffers.count += 1;
    if (sameNetBuffers(snapshot, view)) return;
    court.charge('SP-04', {
      at: crossing,
      witnesses: [since],
      message: `The filter changed the net buffers of ${view.nbl}, which it did not originate: ${names(snapshot)} at #${since.seq}, ${names(view)} at #${crossing.seq}`,
    });
  };

  const returns: Hearing = (crossing, module) => {
    for (const view of crossing.nbls ?? []) {
      const relation = module?.nbls.get(view.nbl);
      if (relation?.kind === 'receive') keepsIdentity(view, relation, crossing);
    }
  };

  // ---- coming back -----------------------------------------------------------------------------------------

  const delivered = (crossing: Crossing): void => {
    tested.fate.count += crossing.nbls?.length ?? 0;
  };

  const cameBack: Hearing = (crossing, module) => {
    if (module === undefined || crossing.nbls === undefined) return;
    let own = false;
    let foreign = false;
    for (const view of crossing.nbls) {
      const kind = module.nbls.get(view.nbl)?.kind;
      if (kind === 'own') own = true;
      else if (kind === 'send') foreign = true;
    }
    if (own) tested.consumed.count += 1;
    if (foreign) tested.handedUp.count += 1;
    if (!own || !foreign) return;
    tested.split.count += 1;
    hasMixed = true;
    mixedChains.add(crossing);
  };

  /** Entries of completion handlers whose chain mixes own and pass-through sends. */
  const mixedChains = new WeakSet<Crossing>();
  let hasMixed = false;

  /** The completion this thread works on, when its chain mixes own and pass-through sends. */
  const mixedChain = (crossing: Crossing): Crossing | undefined => {
    if (!hasMixed) return undefined;
    const entry = books.threads.inside(crossing, 'FilterSendNetBufferListsComplete');
    return entry && mixedChains.has(entry) ? entry : undefined;
  };

  const frees = (crossing: Crossing): void => {
    for (const view of crossing.nbls ?? []) {
      for (const module of books.modules.values()) {
        const relation = module.nbls.get(view.nbl);
        if (relation) freedInHand(view, relation, crossing);
      }
    }
  };

  const freedInHand = (view: NblView, relation: Relation, crossing: Crossing): void => {
    if (relation.kind === 'own' && relation.place === 'below') {
      court.charge('SO-03', {
        at: crossing,
        witnesses: [relation.moved],
        message: `The filter freed ${view.nbl} at #${crossing.seq} although it had been out since #${relation.moved.seq}`,
      });
    } else if (relation.kind === 'send' && relation.place !== 'home') {
      const mixed = mixedChain(crossing);
      if (!mixed) return;
      court.charge('SO-05', {
        at: crossing,
        witnesses: [mixed, relation.since],
        message: `The filter freed ${view.nbl} at #${crossing.seq}, a send that it passed through: the chain completed at #${mixed.seq} mixes own and pass-through sends, and it did not split it`,
      });
    }
  };

  const touched = (crossing: Crossing): void => {
    const object = crossing.args?.['object'];
    if (crossing.args?.['what'] !== 'nbl' || typeof object !== 'string') return;
    // Another module of the driver, further down, may have it in its hands.
    if (books.moduleOf(crossing)?.nbls.get(object)?.place === 'held') return;
    const did = crossing.args['access'] === 'read' ? 'read' : 'changed';
    const what = `${did} ${String(crossing.args['field'] ?? 'something')} of ${object} at #${crossing.seq}`;
    let isOut = false;
    let given: ModuleBook | undefined;
    for (const module of books.answerableFor(crossing, object)) {
      const relation = module.nbls.get(object);
      if (relation?.place === 'home' && relation.kind === 'send') given = module;
      if (relation?.place !== 'below') continue;
      isOut = true;
      court.charge(relation.kind === 'own' ? 'SO-03' : 'SP-05', {
        at: crossing,
        module: module.name,
        witnesses: [relation.moved],
        message: `The filter ${what}, which it had handed to NDIS at #${relation.moved.seq} and not got back`,
      });
    }
    const relation = given?.nbls.get(object);
    if (isOut || !given || relation === undefined) return;
    court.charge('SP-01', {
      at: crossing,
      module: given.name,
      witnesses: [relation.since, relation.moved],
      message: `The filter ${what}, which it had completed at #${relation.moved.seq}: it had given it away`,
    });
  };

  /** NBLs that were never handed on, and what moved them last: told once. */
  const lost = new WeakMap<Relation, Crossing>();

  const quiet = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      if (module.heldSends === 0 && module.heldReceives === 0) continue;
      if (books.threads.someoneIsInside()) return;
      for (const relation of module.nbls.values()) {
        if (relation.place === 'back') neverHandedOn(module, relation, crossing);
        else if (isForgotten(module, relation)) hasNoFate(module, relation, crossing);
      }
    }
  };

  /** A pause gives back what is held; what was there before it and is there when it is over was forgotten. */
  const isForgotten = ({ known, state, pauseEntry }: ModuleBook, { kind, place, since }: Relation): boolean =>
    known && state === 'Paused' && kind === 'send' && place === 'held' && !!pauseEntry && since.seq < pauseEntry.seq;

  /** The last moment at which anything can still go where it belongs. */
  const detached = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined || (module.heldSends === 0 && module.heldReceives === 0)) return;
    for (const relation of module.nbls.values()) {
      if (books.threads.isOpen(relation.moved)) continue;
      if (relation.place === 'back') neverHandedOn(module, relation, crossing);
      else if (relation.kind === 'send' && relation.place === 'held') hasNoFate(module, relation, crossing);
    }
  };

  const hasNoFate = (module: ModuleBook, relation: Relation, crossing: Crossing): void => {
    const { nbl, since } = relation;
    if (lost.get(relation) === since) return;
    lost.set(relation, since);
    const when =
      crossing.ddi === 'FilterDetach' ? 'when FilterDetach returned' : 'when its pause was over and all was quiet';
    court.charge('SP-01', {
      at: crossing,
      module: module.name,
      witnesses: [since, module.pauseEnd],
      message: `Send ${nbl}, handed to the filter at #${since.seq}, had been neither passed down nor completed ${when} (#${crossing.seq}): it is lost`,
    });
  };

  const neverHandedOn = (module: ModuleBook, relation: Relation, crossing: Crossing): void => {
    const { nbl, kind, moved, since } = relation;
    if (lost.get(relation) === moved) return;
    lost.set(relation, moved);
    const where = kind === 'send' ? 'up with NdisFSendNetBufferListsComplete' : 'down with NdisFReturnNetBufferLists';
    const charge = {
      at: crossing,
      module: module.name,
      witnesses: [since, moved],
      message: `${nbl} came back to the filter at #${moved.seq} and was never handed ${where}`,
    };
    if (kind === 'send') court.charge('SC-01', charge);
    if (kind === 'send' && mixedChains.has(moved)) court.charge('SO-05', charge);
    const { pauseEntry } = module;
    if (pauseEntry && moved.seq > pauseEntry.seq && module.state !== 'Running') {
      court.charge('PAU-21', {
        ...charge,
        witnesses: [pauseEntry, moved],
        message: `${charge.message}, although a pause does not end that duty`,
      });
    }
  };

  const late = court.tested('PAU-21');
  const cameBackLate: Hearing = (crossing, module) => {
    const state = module?.state;
    if (state === 'Pausing' || state === 'Paused') late.count += 1;
  };

  return {
    before: {
      '=>NdisFSendNetBufferLists': sends,
      '=>NdisFIndicateReceiveNetBufferLists': indicates,
      '=>NdisFSendNetBufferListsComplete': completes,
      '=>NdisFReturnNetBufferLists': returns,
      '!!Access': touched,
      '!!Quiescent': quiet,
      '<-FilterDetach': detached,
      '->FilterSendNetBufferListsComplete': cameBack,
    },
    beforeAny: [{ keys: NBL_FREE_KEYS, hear: frees }],
    after: {
      '->FilterSendNetBufferLists': delivered,
      '=>NdisFSendNetBufferLists': () => {
        tested.passedDown.count += 1;
      },
    },
    afterAny: [{ keys: RETURNS, hear: cameBackLate, unlessRunning: true }],
  };
}

function names(view: NblView): string {
  return `[${(view.nbs ?? []).map((nb) => nb.nb).join(', ')}]`;
}
