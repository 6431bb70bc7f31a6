/** OID requests are served in Pausing, Paused and Restarting as at any other time: PAU-16 and RST-07. */
import type { Crossing } from '../../trace';
import { MEMORY_RETURNS } from './books/ledger';
import type { ModuleBook, OidRelation, State } from './books/module-book';
import { Recent, remember } from './books/recent';
import { PAUSED, PENDING } from './books/statuses';
import type { Court, Judge } from './court';
import { aRequestIsBelow } from './outstanding';
import { isKeptForTheState, isOwed } from './owed-oids';

const REQUEST_ABORTED = 'NDIS_STATUS_REQUEST_ABORTED';

/** Answers that say "not now" or "not here", and that may have to do with the state of the module. */
const REFUSALS: ReadonlySet<string> = new Set([
  PAUSED,
  REQUEST_ABORTED,
  'NDIS_STATUS_NOT_ACCEPTED',
  'NDIS_STATUS_FAILURE',
  'NDIS_STATUS_NOT_SUPPORTED',
  'NDIS_STATUS_ADAPTER_NOT_READY',
  'NDIS_STATUS_RESET_IN_PROGRESS',
  'NDIS_STATUS_INVALID_STATE',
  'NDIS_STATUS_CLOSING',
]);

interface Refusal {
  readonly rule: string;
  readonly relation: OidRelation;
  readonly module: ModuleBook;
  readonly state: State;
  readonly at: Crossing;
  readonly status: string;
}

export function judgeOidsWhileNotRunning(court: Court): Judge {
  const { books } = court;
  const tested = { pause: court.tested('PAU-16'), restart: court.tested('RST-07') };
  const { stopping } = books;
  /** By OID and type of request: where the driver forwarded one while Running. */
  const forwarded = new Recent<Crossing>();
  /** Refusals that nothing could be compared with yet. */
  const open = new Recent<Refusal[]>();
  let shortage: Crossing | undefined;
  const cancels = new Recent<Crossing>();

  const delivered = (crossing: Crossing): void => {
    const rule = ruleFor(books.moduleOf(crossing)?.state);
    if (rule === 'PAU-16') tested.pause.count += 1;
    else if (rule === 'RST-07') tested.restart.count += 1;
  };

  const relationOf = (module: ModuleBook | undefined, request: unknown): OidRelation | undefined =>
    typeof request === 'string' ? module?.oids.get(request) : undefined;

  // ---- refused ---------------------------------------------------------------------------------------------

  const returns = (crossing: Crossing): void => {
    const entry = books.threads.openerOf(crossing);
    const module = books.moduleOf(crossing);
    const relation = relationOf(module, entry?.args?.['request']);
    if (module && relation && relation.since === entry && crossing.status !== PENDING)
      finishes(module, relation, crossing, crossing.status);
  };

  const completes = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const relation = relationOf(module, crossing.args?.['request']);
    if (module && relation) finishes(module, relation, crossing, crossing.args?.['status']);
  };

  const finishes = (module: ModuleBook, relation: OidRelation, at: Crossing, status: unknown): void => {
    const { state } = module;
    const rule = ruleFor(relation.arrivedIn);
    if (relation.kind !== 'upper' || relation.place === 'home' || rule === undefined || ruleFor(state) === undefined)
      return;
    if (typeof status !== 'string' || !REFUSALS.has(status) || relation.forward || isExcused(module, relation, status))
      return;
    const refusal: Refusal = { rule, relation, module, state, at, status };
    const key = keyOf(relation);
    const before = forwarded.get(key);
    if (before || status === PAUSED) accuse(refusal, before);
    else remember(open, key, refusal);
  };

  /** Reasons to refuse that have nothing to do with the state. */
  const isExcused = (module: ModuleBook, relation: OidRelation, status: string): boolean => {
    if (stopping.since(module.name) || relation.cloneFailed) return true;
    if (shortage && shortage.seq > relation.since.seq) return true;
    const cancel = cancels.get(module.name);
    return status === REQUEST_ABORTED && cancel !== undefined && cancel.seq > relation.since.seq;
  };

  const accuse = ({ rule, relation, module, state, at, status }: Refusal, forward: Crossing | undefined): void =>
    court.charge(rule, {
      at,
      module: module.name,
      witnesses: [relation.since, forward],
      message: `${relation.request} (${relation.oid}) came at #${relation.since.seq}, when ${module.name} was ${state}, and the filter refused it with ${status} at #${at.seq}${forward ? ` although it forwards this OID while Running (#${forward.seq})` : ''}`,
    });

  const issues = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const clone = relationOf(module, crossing.args?.['request']);
    const original = relationOf(module, clone?.kind === 'clone' ? clone.original : undefined);
    if (!module || original?.kind !== 'upper') return;
    if (module.state === 'Running' && original.arrivedIn === 'Running') {
      const key = keyOf(original);
      if (!forwarded.has(key)) forwarded.set(key, crossing);
      for (const refusal of open.get(key) ?? []) accuse(refusal, crossing);
      open.delete(key);
    } else {
      keptForTheRestart(module, original, crossing);
    }
  };

  // ---- kept ------------------------------------------------------------------------------------------------

  /** FilterRestart itself goes on with a request that came while the module was paused. */
  const keptForTheRestart = (module: ModuleBook, original: OidRelation, crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, 'FilterRestart');
    if (!entry || entry !== module.restartEntry || original.since.seq > entry.seq) return;
    if (original.pended !== true || ruleFor(original.arrivedIn) !== 'PAU-16') return;
    court.charge('PAU-16', {
      at: crossing,
      witnesses: [original.since, entry],
      message: `${original.request} came at #${original.since.seq}, when ${module.name} was ${original.arrivedIn ?? 'not Running'}, and the filter kept it until FilterRestart was entered at #${entry.seq}`,
    });
  };

  const told = new WeakSet<OidRelation>();

  const quiet = (crossing: Crossing): void => {
    if (books.oids.unnamedClones > 0 || books.threads.someoneIsInside()) return;
    for (const module of books.modules.values()) {
      const rule = module.known ? ruleFor(module.state) : undefined;
      if (rule === undefined || !module.oids.areUnderWay || aRequestIsBelow(module)) continue;
      for (const relation of module.oids.underWay()) {
        if (!isOwed(relation) || !isKeptForTheState(relation, module) || told.has(relation)) continue;
        told.add(relation);
        court.charge(rule, {
          at: crossing,
          module: module.name,
          witnesses: [relation.since, module.pauseEntry ?? module.attach],
          message: `${relation.request} (${relation.oid}) came at #${relation.since.seq}, and the filter has neither forwarded nor finished it while ${module.name} is ${module.state}`,
        });
      }
    }
  };

  const runsShort = (crossing: Crossing): void => {
    if (crossing.args?.['memory'] === null) shortage = crossing;
  };

  const cancelled = (crossing: Crossing): void => {
    if (crossing.module !== undefined) cancels.set(crossing.module, crossing);
  };

  return {
    before: {
      '<-FilterOidRequest': returns,
      '<-FilterDirectOidRequest': returns,
      '=>NdisFOidRequestComplete': completes,
      '=>NdisFDirectOidRequestComplete': completes,
      '=>NdisFOidRequest': issues,
      '=>NdisFDirectOidRequest': issues,
      '->FilterCancelOidRequest': cancelled,
      '->FilterCancelDirectOidRequest': cancelled,
      '!!Quiescent': quiet,
    },
    beforeAny: [{ keys: MEMORY_RETURNS, hear: runsShort }],
    after: { '->FilterOidRequest': delivered, '->FilterDirectOidRequest': delivered },
  };
}

/** The rule that speaks of requests that arrive in this state. */
function ruleFor(state: State | undefined): 'PAU-16' | 'RST-07' | undefined {
  if (state === 'Pausing' || state === 'Paused') return 'PAU-16';
  return state === 'Restarting' ? 'RST-07' : undefined;
}

function keyOf({ oid, since }: OidRelation): string {
  return `${String(since.args?.['type'] ?? '')} ${oid}`;
}
