/**
 * Traces by hand, in the notation in which the kit quotes crossings:
 *
 *     t2: m1 ->FilterSendNetBufferLists [n1 PAUSED cancelId=k, n2 nbs=b1@0+60/d1|b2] flags=1
 *     m1 <-FilterPause = PENDING irql=0
 *     miniport ->MiniportPause
 *     !!Quiescent
 *
 * A line without a thread is on `t1`. Empty lines and lines that begin with `#` are left out.
 */
import { createJudges } from '../../../src/rules/judges';
import type { Judges, Violation } from '../../../src/rules';
import type { ArgValue, Crossing, Direction, NblView, NetBufferView } from '../../../src/trace';
import { normaliseStatus } from '../../../src/trace';

const LINE =
  /^(?:(?<thread>[\w-]+):\s+)?(?:(?<who>[^\s<>=!-][\w:.-]*)\s+)?(?<dir>->|<-|=>|<=|!!)(?<ddi>\w+)(?:\s+=\s+(?<status>\w+))?(?:\s+\[(?<nbls>[^\]]*)\])?(?<rest>(?:\s+\w+=\S*)*)\s*$/;

const NEIGHBOUR = /^(?:miniport|protocol|filter:)/;

/**
 * @param text one crossing a line
 * @param seq number of the first one
 */
export function trace(text: string, seq = 1): Crossing[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line, index) => crossing(line, seq + index));
}

const NOTHING: Partial<Crossing> = {
  ...{
    module: undefined,
    adapter: undefined,
    neighbour: undefined,
    thread: undefined,
    cpu: undefined,
    irql: undefined,
  },
  ...{ time: undefined, locks: undefined, status: undefined, args: undefined, nbls: undefined, certainty: undefined },
};
const SPOILT: Partial<Crossing> = {
  ...{ seq: 1, dir: '->', ddi: 'FilterDetach', module: 'm9', thread: 't9', status: 'x', nbls: [{ nbl: 'n9' }] },
  ...{ irql: 7, locks: ['x'], time: 1e9, args: { flags: 2, irp: 'x', file: 'x' } },
};

/**
 * Shows a trace as whoever reads a long one does: an object that the judges have let go of becomes another crossing.
 * @returns how many were let go
 */
export function show(judges: Judges, crossings: readonly Crossing[]): number {
  let letGo = 0;
  let spare = {};
  for (const crossing of crossings) {
    const own = Object.assign(spare, NOTHING, crossing);
    const isOver = judges.see(own);
    if (isOver) letGo += 1;
    spare = isOver ? Object.assign(own, SPOILT) : {};
  }
  return letGo;
}

/** Judges that have seen the whole trace. */
export function judged(text: string): Judges {
  const judges = createJudges();
  show(judges, trace(text));
  judges.finish();
  return judges;
}

/** Ids of the rules that the trace breaks in the default reading, each once, sorted. */
export function broken(text: string): string[] {
  return rulesOf(judged(text).violations, 'default');
}

/** Ids of the rules that only the strict reading finds broken. */
export function brokenStrictly(text: string): string[] {
  const { violations } = judged(text);
  const byDefault = rulesOf(violations, 'default');
  return rulesOf(violations, 'strict').filter((rule) => !byDefault.includes(rule));
}

/** How often the rule was put to the test. */
export function exercised(rule: string, text: string): number {
  return judged(text).exercised(rule);
}

function rulesOf(violations: readonly Violation[], reading: Violation['reading']): string[] {
  const found = violations.filter((violation) => violation.reading === reading);
  return [...new Set(found.map(({ rule }) => rule))].sort();
}

// ---- beginnings that most traces share ---------------------------------------------------------------------

/** The driver is registered with all its entry points. */
export const REGISTERED = `
  ->DriverEntry
  =>NdisFRegisterFilterDriver handlers=FilterAttach,FilterDetach,FilterRestart,FilterPause,FilterSendNetBufferLists,FilterSendNetBufferListsComplete,FilterCancelSendNetBufferLists,FilterReceiveNetBufferLists,FilterReturnNetBufferLists,FilterOidRequest,FilterOidRequestComplete,FilterStatus,FilterNetPnPEvent,FilterDevicePnPEventNotify
  <=NdisFRegisterFilterDriver = SUCCESS handle=hd
  <-DriverEntry = SUCCESS`;

/** @returns the module is attached, with the handle `h` of its name, and Paused */
export function attached(module = 'm1'): string {
  return `
  ${module} ->FilterAttach handle=h${module}
  ${module} =>NdisFSetAttributes handle=h${module} context=c${module}
  ${module} <=NdisFSetAttributes = SUCCESS
  ${module} <-FilterAttach = SUCCESS`;
}

export function restarted(module = 'm1'): string {
  return `
  ${module} ->FilterRestart
  ${module} <-FilterRestart = SUCCESS`;
}

export function paused(module = 'm1'): string {
  return `
  ${module} ->FilterPause
  ${module} <-FilterPause = SUCCESS`;
}

export function detached(module = 'm1'): string {
  return `
  ${module} ->FilterDetach
  ${module} <-FilterDetach`;
}

/** A driver with one module, `m1` with the handle `hm1`, newly attached. */
export const ATTACHED = `${REGISTERED}${attached()}`;

/** The same, Running. */
export const RUNNING = `${ATTACHED}${restarted()}`;

/** The same, paused after it ran. */
export const PAUSED = `${RUNNING}${paused()}`;

// ---- parsing -----------------------------------------------------------------------------------------------

function crossing(line: string, seq: number): Crossing {
  const groups = LINE.exec(line)?.groups;
  if (!groups) throw new Error(`not a crossing: ${line}`);
  const ddi = groups['ddi'] as string;
  const { thread = 't1', who, status, nbls } = groups;
  const members = new Map(words(groups['rest'] ?? '').map(pair));
  const irql = take(members, 'irql');
  const time = take(members, 'time');
  const locks = take(members, 'locks');
  const args = Object.fromEntries([...members].map(([name, value]) => [name, argument(name, value)]));
  return {
    seq,
    dir: groups['dir'] as Direction,
    ddi,
    thread,
    ...(who !== undefined && (NEIGHBOUR.test(who) ? { neighbour: who } : { module: who })),
    ...(status !== undefined && { status: normaliseStatus(status, ddi) ?? status }),
    ...(nbls !== undefined && {
      nbls: nbls
        .split(',')
        .filter((part) => part.trim() !== '')
        .map(view),
    }),
    ...(irql !== undefined && { irql: Number(irql) }),
    ...(time !== undefined && { time: Number(time) }),
    ...(locks !== undefined && { locks: locks === '' ? [] : locks.split(',') }),
    ...(members.size > 0 && { args }),
  };
}

function view(text: string): NblView {
  const [nbl = '', ...rest] = words(text);
  const status = rest.find((word) => !word.includes('='));
  const members = new Map(rest.filter((word) => word.includes('=')).map(pair));
  const nbs = members.get('nbs');
  const context = members.get('context');
  return {
    nbl,
    ...(status !== undefined && { status: normaliseStatus(status, 'Ndis') ?? status }),
    ...(members.has('source') && { source: members.get('source') }),
    ...(members.has('cancelId') && { cancelId: members.get('cancelId') }),
    ...(context !== undefined && { context: Number(context) }),
    ...(nbs !== undefined && { nbs: nbs.split('|').map(netBuffer) }),
  };
}

/** `b1`, or `b1@offset+length/mdls`. */
function netBuffer(text: string): NetBufferView {
  const match = /^(\w+)(?:@(\d+)\+(\d+)(?:\/(\S+))?)?$/.exec(text);
  if (!match) throw new Error(`not a net buffer: ${text}`);
  const [, nb = '', offset, length, mdls] = match;
  return {
    nb,
    ...(offset !== undefined && { dataOffset: Number(offset), dataLength: Number(length) }),
    ...(mdls !== undefined && { mdls }),
  };
}

const LISTS: ReadonlySet<string> = new Set(['handlers']);

function argument(name: string, value: string): ArgValue {
  if (LISTS.has(name)) return value === '' ? [] : value.split(',');
  if (name === 'status') return normaliseStatus(value, 'Ndis') ?? value;
  if (value === 'null') return null;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+$/.test(value) ? Number(value) : value;
}

function words(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function pair(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function take(members: Map<string, string>, name: string): string | undefined {
  const value = members.get(name);
  members.delete(name);
  return value;
}
