/** OID requests of the filter's own: OO-01, OO-02, OO-04, and the OID part of ATT-05, DET-05, PNP-03, PNP-04, PNP-05. */
import type { Crossing } from '../../trace';
import { PASSIVE_LEVEL } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import { Recent } from './books/recent';
import { ControlPath } from './control-path';
import type { Court, Judge } from './court';
import { isIssuersOwn } from './oid-forwards';
import { isDrained } from './outstanding';

/** Handlers that have to return before a regular OID request can go on. */
const IN_THE_WAY = ['FilterOidRequest', 'FilterOidRequestComplete'] as const;

/** The answer of a call that originated a request. */
interface Answer {
  readonly relation: OidRelation;
  readonly call: Crossing;
  /** The handler that led to it. */
  readonly root: Crossing | undefined;
}

export function judgeOidOrigination(court: Court): Judge {
  const { books } = court;
  const controlPath = new ControlPath(court, 'OO-01');
  const { lowPower } = books;
  const tested = {
    states: court.tested('OO-01'),
    alive: court.tested('OO-02'),
    waits: court.tested('OO-04'),
    notInDetach: court.tested('DET-05'),
    preDetach: court.tested('PNP-05'),
  };

  // ---- when ------------------------------------------------------------------------------------------------

  const issues = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const request = crossing.args?.['request'];
    if (!module || typeof request !== 'string') return;
    const relation = books.oids.atIssue(module, request, crossing);
    if (relation?.kind !== 'own' || isPerhapsAClone(module, relation)) return;
    tested.states.count += 1;
    if (relation.place === 'below') notAlive(relation, crossing, 'issued it again');
    hasRequestHandle(request, crossing);
    mayOriginate(module, request, crossing);
  };

  /** Each call is an origination: no filter forwards such a request. */
  const issuesSynchronously = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const request = crossing.args?.['request'];
    if (!module || typeof request !== 'string') return;
    tested.states.count += 1;
    mayOriginate(module, request, crossing);
  };

  const mayOriginate = (module: ModuleBook, request: string, crossing: Crossing): void => {
    stateAllows(module, request, crossing);
    const sleep = lowPower.forbids(module.name, crossing);
    if (!sleep) return;
    for (const rule of ['OO-01', 'PNP-03', ...(module.state === 'Running' ? ['PNP-04'] : [])]) {
      court.charge(rule, {
        at: crossing,
        reading: sleep.reading,
        witnesses: [sleep.event, books.threads.rootOf(crossing)],
        message: `The filter originated OID request ${request} at #${crossing.seq} although the adapter has been going to sleep since #${sleep.event.seq}`,
      });
    }
  };

  const stateAllows = (module: ModuleBook, request: string, crossing: Crossing): void =>
    controlPath.allows(module, crossing, `The filter originated OID request ${request} at #${crossing.seq}`);

  // ---- alive until it is over ------------------------------------------------------------------------------

  const notAlive = (relation: OidRelation, crossing: Crossing, did: string, module = crossing.module): void =>
    court.charge('OO-02', {
      at: crossing,
      ...(module !== undefined && { module }),
      witnesses: [relation.since, relation.moved],
      message: `The filter originated OID request ${relation.request} at #${relation.moved.seq} and ${did} at #${crossing.seq} although it had not come back`,
    });

  /** Known from the field only: no page asks for it, so only the strict reading does. */
  const hasRequestHandle = (request: string, crossing: Crossing): void => {
    const requestHandle = crossing.args?.['requestHandle'];
    if (requestHandle === undefined) return;
    tested.alive.count += 1;
    if (requestHandle !== null) return;
    court.charge('OO-02', {
      at: crossing,
      reading: 'strict',
      witnesses: [books.threads.rootOf(crossing)],
      message: `The filter originated OID request ${request} at #${crossing.seq} with RequestHandle NULL: those who handle it below look into it`,
    });
  };

  const touched = (crossing: Crossing): void => {
    const object = crossing.args?.['object'];
    if (crossing.args?.['what'] !== 'oid' || typeof object !== 'string' || isIssuersOwn(crossing)) return;
    for (const module of books.modules.values()) {
      const relation = module.oids.get(object);
      if (relation?.kind !== 'own' || relation.place !== 'below') continue;
      const access = crossing.args['access'];
      const field = String(crossing.args['field'] ?? 'something');
      const did = access === 'free' ? 'freed it' : `${access === 'read' ? 'read' : 'changed'} ${field} of it`;
      notAlive(relation, crossing, did, module.name);
    }
  };

  const answered = (crossing: Crossing): void => {
    const { opener } = books.threads;
    const request = opener?.args?.['request'];
    const relation = typeof request === 'string' ? books.moduleOf(crossing)?.oids.get(request) : undefined;
    if (!opener || relation?.kind !== 'own' || crossing.status === undefined) return;
    if (relation.pended === true) tested.alive.count += 1;
    answers.set(crossing.thread ?? '', { relation, call: opener, root: books.threads.rootOf(crossing) });
  };

  // ---- waiting for it --------------------------------------------------------------------------------------

  /** The own request that each thread issued last and has not waited for. */
  const answers = new Recent<Answer>();
  /** Waits for requests whose answer was there already. */
  const needless = new Map<Crossing, Crossing>();

  const waits = (crossing: Crossing): void => {
    const thread = crossing.thread ?? '';
    const answer = answers.get(thread);
    if (!answer) return;
    answers.delete(thread);
    // The thread has been elsewhere since.
    if (answer.root !== books.threads.rootOf(crossing)) return;
    tested.waits.count += 1;
    const { relation, call } = answer;
    if (relation.pended === false) {
      needless.set(crossing, call);
      return;
    }
    const why = wrongPlace(crossing);
    if (why === undefined) return;
    court.charge('OO-04', {
      at: crossing,
      witnesses: [call],
      message: `The filter waited at #${crossing.seq} after it had originated OID request ${relation.request} at #${call.seq}: ${why}`,
    });
  };

  const wrongPlace = (crossing: Crossing): string | undefined => {
    if (crossing.irql !== undefined && crossing.irql > PASSIVE_LEVEL) return `it ran at IRQL ${crossing.irql}`;
    const [lock] = crossing.locks ?? [];
    if (lock !== undefined) return `it held lock ${lock}`;
    for (const handler of IN_THE_WAY) {
      const entry = books.threads.inside(crossing, handler);
      if (entry) return `it was inside ${handler}, entered at #${entry.seq}`;
    }
    return undefined;
  };

  const waited = (): void => {
    const { opener } = books.threads;
    if (opener) needless.delete(opener);
  };

  /** Who still waits now waits for ever. */
  const quiet = (crossing: Crossing): void => {
    for (const [wait, call] of needless) {
      needless.delete(wait);
      const module = books.moduleOf(call);
      // As long as a neighbour has something, the wait may be for that.
      if (!books.threads.isOpen(wait) || !module || !isDrained(module, books.threads)) continue;
      court.charge('OO-04', {
        at: crossing,
        ...(call.module !== undefined && { module: call.module }),
        witnesses: [call, wait],
        message: `The filter waits since #${wait.seq} for OID request ${String(call.args?.['request'])}, which it originated at #${call.seq} and whose answer it had at once: nothing will complete it`,
      });
    }
  };

  const endOfLife = (): void => {
    tested.states.count += 1;
    tested.notInDetach.count += 1;
    tested.preDetach.count += 1;
  };

  return {
    forget: () => {
      controlPath.forget();
      answers.clear();
      needless.clear();
    },
    before: {
      '=>NdisFOidRequest': issues,
      '=>NdisFDirectOidRequest': issues,
      '=>NdisFSynchronousOidRequest': issuesSynchronously,
      '=>NdisWaitEvent': waits,
      '<-FilterAttach': (crossing) => controlPath.attached(crossing),
      '!!Access': touched,
      '!!Quiescent': quiet,
    },
    after: {
      '<=NdisFOidRequest': answered,
      '<=NdisFDirectOidRequest': answered,
      '<=NdisWaitEvent': waited,
      '->FilterDetach': endOfLife,
    },
  };
}

/** A trace that leaves out allocations does not tell an own request from the clone of one that waits to be forwarded. */
function isPerhapsAClone(module: ModuleBook, { oid }: OidRelation): boolean {
  for (const other of module.oids.underWay()) {
    if (other.kind === 'upper' && other.place === 'held' && !other.forward && other.oid === oid) return true;
  }
  return false;
}
