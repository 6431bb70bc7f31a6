/** Receives, originated and passed up: RO-02 to RO-05, RET-03, RP-01, RP-03 to RP-05 and RP-07. */
import type { Crossing, NblView } from '../../trace';
import type { ModuleBook, Relation } from './books/module-book';
import { NBL_FREE_KEYS } from './books/nbl-calls';
import { flagsOf, hasResources, PENDING } from './books/statuses';
import type { Court, Hearing, Judge } from './court';
import { differenceFrom } from './snapshots';

const RETURN_HANDLER = 'FilterReturnNetBufferLists';

export function judgeReceives(court: Court): Judge {
  const { books } = court;
  const tested = {
    untouched: court.tested('RO-02'),
    regained: court.tested('RO-03'),
    counted: court.tested('RO-04'),
    oneNetBuffer: court.tested('RO-05'),
    hasWayBack: court.tested('RET-03'),
    fate: court.tested('RP-01'),
    notKept: court.tested('RP-03'),
    whole: court.tested('RP-04'),
    lentOn: court.tested('RP-05'),
    restored: court.tested('RP-06'),
    swift: court.tested('RP-07'),
  };

  // ---- going up --------------------------------------------------------------------------------------------

  const indicates: Hearing = (crossing, module) => {
    const { nbls } = crossing;
    if (module === undefined || nbls === undefined) return;
    countIsTrue(crossing, nbls.length);
    for (const view of nbls) {
      const relation = books.nbls.relationAtHandOver(module, view, crossing);
      if (relation?.kind === 'own') ownGoesUp(module, view, relation, crossing);
      else if (relation?.kind === 'receive') foreignGoesUp(module, relation, crossing);
    }
  };

  const countIsTrue = (crossing: Crossing, length: number): void => {
    const count = crossing.args?.['count'];
    if (typeof count !== 'number') return;
    tested.counted.count += 1;
    if (count === length) return;
    court.charge('RO-04', {
      at: crossing,
      witnesses: [books.threads.rootOf(crossing)],
      message: `The filter indicated a chain of ${length} at #${crossing.seq} and said that it had ${count}`,
    });
  };

  const ownGoesUp = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    if (hasResources(crossing.args?.['flags'])) tested.regained.count += 1;
    else tested.untouched.count += 1;
    if (relation.place === 'above') reused(view.nbl, relation, crossing, 'indicated');
    if (view.nbs) {
      tested.oneNetBuffer.count += 1;
      if (view.nbs.length !== 1) severalNetBuffers(view, relation, crossing);
    }
    if (module.handlers === undefined) return;
    tested.hasWayBack.count += 1;
    if (module.handlers.has(RETURN_HANDLER)) return;
    court.charge('RET-03', {
      at: crossing,
      witnesses: [relation.since],
      message: `The filter originated receive ${view.nbl} at #${crossing.seq}, but ${module.name} has no ${RETURN_HANDLER}`,
    });
  };

  const severalNetBuffers = (view: NblView, relation: Relation, crossing: Crossing): void =>
    court.charge('RO-05', {
      at: crossing,
      witnesses: [relation.since],
      message: `Receive ${view.nbl}, which the filter originated at #${crossing.seq}, has ${view.nbs?.length ?? 0} net buffers instead of one`,
    });

  /** With RESOURCES the call has to return first, without it FilterReturnNetBufferLists has to come. */
  const reused = (nbl: string, relation: Relation, crossing: Crossing, did: string, module = crossing.module): void => {
    const until = relation.resources ? 'the call that indicated it had not returned' : 'it had not come back';
    court.charge(relation.resources ? 'RO-03' : 'RO-02', {
      at: crossing,
      ...(module !== undefined && { module }),
      witnesses: [relation.since, relation.moved],
      message: `The filter indicated ${nbl} at #${relation.moved.seq} and ${did} it at #${crossing.seq} although ${until}`,
    });
  };

  const foreignGoesUp = (module: ModuleBook, relation: Relation, crossing: Crossing): void => {
    const { nbl, place, resources, since, moved } = relation;
    if (place === 'held' || place === 'back' || !module.known) return;
    if (!resources) {
      court.charge('RP-01', {
        at: crossing,
        witnesses: [since, moved],
        message: `The filter indicated receive ${nbl} at #${crossing.seq} although it had ${place === 'above' ? 'indicated' : 'returned'} it at #${moved.seq}: two fates for one NBL`,
      });
    } else if (place === 'home') {
      kept(module, relation, crossing, 'indicated');
    }
  };

  const kept = (module: ModuleBook, { nbl, since, moved }: Relation, crossing: Crossing, did: string): void =>
    court.charge('RP-03', {
      at: crossing,
      module: module.name,
      witnesses: [since, moved],
      message: `The filter ${did} ${nbl} at #${crossing.seq}, which had been lent to it with the RESOURCES flag at #${since.seq} only until its handler returned at #${moved.seq}`,
    });

  // ---- coming in -------------------------------------------------------------------------------------------

  const delivered = (crossing: Crossing): void => {
    const count = crossing.nbls?.length ?? 0;
    tested.swift.count += 1;
    if (hasResources(crossing.args?.['flags'])) {
      tested.notKept.count += 1;
      tested.lentOn.count += 1;
    } else {
      tested.fate.count += count;
    }
  };

  /** Before the books take the chain back to the driver below. */
  const handlerLeft = (crossing: Crossing): void => {
    const entry = books.threads.openerOf(crossing);
    const module = books.moduleOf(crossing);
    if (module === undefined || entry?.nbls === undefined || !hasResources(entry.args?.['flags'])) return;
    for (const view of entry.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.since === entry && relation.place === 'above') stillAbove(relation, crossing);
    }
    if (crossing.nbls) chainIsWhole(module, entry, entry.nbls, crossing, crossing.nbls);
  };

  const stillAbove = ({ nbl, since, moved }: Relation, crossing: Crossing): void => {
    const flags = flagsOf(moved.args?.['flags']);
    if (flags === undefined || hasResources(flags)) return;
    court.charge('RP-05', {
      at: crossing,
      witnesses: [since, moved],
      message: `The filter was lent ${nbl} with the RESOURCES flag at #${since.seq}, indicated it without the flag at #${moved.seq} and had not got it back when its handler returned at #${crossing.seq}`,
    });
  };

  const chainIsWhole = (
    module: ModuleBook,
    entry: Crossing,
    before: readonly NblView[],
    crossing: Crossing,
    after: readonly NblView[],
  ): void => {
    tested.whole.count += 1;
    if (!sameChain(before, after)) {
      court.charge('RP-04', {
        at: crossing,
        witnesses: [entry],
        message: `The chain that was lent with the RESOURCES flag at #${entry.seq} was ${chainText(before)}, and is ${chainText(after)} when the handler returns at #${crossing.seq}`,
      });
    }
    for (const view of after) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.since !== entry) continue;
      tested.restored.count += 1;
      const difference = differenceFrom(relation.snapshot, view);
      if (difference === undefined) continue;
      court.charge('RP-06', {
        at: crossing,
        witnesses: [entry],
        message: `The handler returned at #${crossing.seq} and left ${view.nbl} with ${difference} than when it came at #${entry.seq}: the change was not undone`,
      });
    }
  };

  const waits = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, 'FilterReceiveNetBufferLists');
    if (entry === undefined) return;
    court.charge('RP-07', {
      at: crossing,
      reading: 'strict',
      witnesses: [entry],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} inside the FilterReceiveNetBufferLists of #${entry.seq}: nothing bounds the time of the receive`,
    });
  };

  // ---- what the filter does not hold -----------------------------------------------------------------------

  const touched = (crossing: Crossing): void => {
    const object = crossing.args?.['object'];
    if (crossing.args?.['what'] !== 'nbl' || typeof object !== 'string') return;
    const did = `${crossing.args['access'] === 'read' ? 'read' : 'changed'} ${String(crossing.args['field'] ?? 'something')} of`;
    for (const module of books.answerableFor(crossing, object)) {
      const relation = module.nbls.get(object);
      if (relation === undefined) continue;
      if (relation.kind === 'own') {
        if (relation.place === 'above') reused(object, relation, crossing, did, module.name);
      } else if (relation.kind === 'receive') {
        foreignTouched(module, relation, crossing, did);
      }
    }
  };

  const foreignTouched = (module: ModuleBook, relation: Relation, crossing: Crossing, did: string): void => {
    const { nbl, place, resources, since, moved } = relation;
    if (place !== 'above' && place !== 'home') return;
    if (place === 'home' && resources) {
      kept(module, relation, crossing, did);
      return;
    }
    court.charge(resources ? 'RP-05' : 'RP-01', {
      at: crossing,
      module: module.name,
      witnesses: [since, moved],
      message: `The filter ${place === 'above' ? 'indicated' : 'returned'} receive ${nbl} at #${moved.seq} and ${did} it at #${crossing.seq}: it had given it away`,
    });
  };

  const frees = (crossing: Crossing): void => {
    for (const view of crossing.nbls ?? []) {
      for (const module of books.modules.values()) {
        const relation = module.nbls.get(view.nbl);
        if (relation?.kind === 'own' && relation.place === 'above')
          reused(view.nbl, relation, crossing, 'freed', module.name);
      }
    }
  };

  // ---- what is lost ----------------------------------------------------------------------------------------

  const lost = new WeakSet<Relation>();

  /** A receive that is still here when the module is gone, or when a pause that came after it is over, has missed its fate. */
  const accuseLost = (module: ModuleBook, crossing: Crossing, when: string, before = crossing): void => {
    if (!module.known || module.heldReceives === 0) return;
    for (const relation of module.nbls.values()) {
      const { nbl, kind, place, resources, since } = relation;
      if (kind !== 'receive' || place !== 'held' || resources || since.seq > before.seq) continue;
      if (lost.has(relation) || books.threads.isOpen(since)) continue;
      lost.add(relation);
      court.charge('RP-01', {
        at: crossing,
        module: module.name,
        witnesses: [since, module.detachEntry ?? module.pauseEnd],
        message: `Receive ${nbl}, handed to the filter at #${since.seq}, had been neither indicated nor returned ${when} (#${crossing.seq}): it is lost`,
      });
    }
  };

  const detached = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module) accuseLost(module, crossing, 'when FilterDetach returned');
  };

  const waitedForInVain = new WeakSet<Crossing>();

  /** A pause that waits although nothing is out, with receives at home that the filter seems to miss. */
  const quiet = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      const { pauseEntry, pauseExit } = module;
      if (module.state === 'Paused' && pauseEntry && module.heldReceives > 0 && !books.threads.someoneIsInside())
        accuseLost(module, crossing, 'when its pause was over and all was quiet', pauseEntry);
      if (module.state !== 'Pausing' || !pauseEntry || waitedForInVain.has(pauseEntry)) continue;
      if (pauseExit && pauseExit.status !== PENDING) continue;
      if (module.ownSendsOut + module.ownReceivesOut + module.heldSends + module.heldReceives > 0) continue;
      if (books.threads.someoneElseIsInside(pauseEntry)) continue;
      const missed = firstRegained(module);
      if (!missed) continue;
      waitedForInVain.add(pauseEntry);
      court.charge('RO-03', {
        at: crossing,
        module: module.name,
        witnesses: [missed.moved, pauseEntry],
        message: `The pause that began at #${pauseEntry.seq} waits for ever: ${missed.nbl}, indicated with the RESOURCES flag, was the filter's again when the call returned at #${missed.moved.seq}, and it was not taken back`,
      });
    }
  };

  return {
    before: {
      '=>NdisFIndicateReceiveNetBufferLists': indicates,
      '<-FilterReceiveNetBufferLists': handlerLeft,
      '=>NdisWaitEvent': waits,
      '=>NdisMSleep': waits,
      '<-FilterDetach': detached,
      '!!Access': touched,
      '!!Quiescent': quiet,
    },
    beforeAny: [{ keys: NBL_FREE_KEYS, hear: frees }],
    after: { '->FilterReceiveNetBufferLists': delivered },
  };
}

/** An own receive that came home with the return of a RESOURCES call and that nothing has happened to since. */
function firstRegained(module: ModuleBook): Relation | undefined {
  for (const relation of module.nbls.values()) {
    if (relation.kind === 'own' && relation.place === 'held' && relation.resources && relation.moved.dir === '<=')
      return relation;
  }
  return undefined;
}

function sameChain(before: readonly NblView[], after: readonly NblView[]): boolean {
  if (before.length !== after.length) return false;
  for (let index = 0; index < before.length; index += 1) {
    if (before[index]?.nbl !== after[index]?.nbl) return false;
  }
  return true;
}

function chainText(chain: readonly NblView[]): string {
  return `[${chain.map((view) => view.nbl).join(', ')}]`;
}
