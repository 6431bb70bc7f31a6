import type { Adapter, Ask, Rig } from '../../adapters/contract';
import { RigRefusal } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import { succeeded } from './outcomes';
import { callsOf } from './trace-query';
import type { Origination } from './traffic';
import { trafficOf } from './traffic';
import { DEFAULT_ADAPTER } from './words';

const APP = 'application';

/** Longer than timers of drivers run. */
const A_MINUTE = 60_000;

const ORIGINATES: Partial<Readonly<Record<Ask, Origination['kind']>>> = {
  send: 'send',
  sendChain: 'send',
  sendByTimer: 'send',
  sendByWorkItem: 'send',
  receive: 'receive',
  receiveLowResources: 'receive',
  oid: 'OID request',
  synchronousOid: 'OID request',
  oidByWorkItem: 'OID request',
  status: 'status indication',
  statusByTimer: 'status indication',
};

/** What is asked for before there is something to let go. */
const FIRST: Partial<Readonly<Record<Ask, Ask>>> = { releaseSends: 'holdSends', releaseReceives: 'holdReceives' };

const known = new WeakMap<Adapter, Map<Ask, Promise<boolean>>>();

/**
 * Is the driver asked for something in vain? Tried alone, once for each driver: on a running module, with neighbours that answer at once.
 * @param what an application asks
 * @returns true when the request succeeds and what was asked for does not happen: the profile does not fit the driver, and what a
 *   scenario finds after such a request says nothing. False also where it cannot be told
 */
export function isAskedInVain(adapter: Adapter, what: Ask): Promise<boolean> {
  const answers = known.get(adapter) ?? new Map<Ask, Promise<boolean>>();
  known.set(adapter, answers);
  const answer = answers.get(what) ?? tryAlone(adapter, what);
  answers.set(what, answer);
  return answer;
}

const shown = new WeakMap<Adapter, Set<Ask>>();

/**
 * How one finds out there whether a driver does what it is asked for: `alone` (`isAskedInVain`), by what is `seen` in scenarios (`hasShown`),
 * or not at all, where nobody sees its calls.
 */
export async function howTried(adapter: Adapter): Promise<'alone' | 'seen' | undefined> {
  const { adapter: able } = await adapter.capabilities();
  if (!able.includes('exactTrace')) return undefined;
  return able.includes('virtualTime') ? 'alone' : 'seen';
}

/**
 * Where nothing can be tried alone: has the driver ever done what it is asked for?
 * @param crossings of a scenario that has asked it when there were those up to `before`
 * @returns false also where it has not had the time
 */
export function hasShown(adapter: Adapter, what: Ask, crossings: readonly Crossing[], before: number): boolean {
  const known = shown.get(adapter) ?? new Set();
  shown.set(adapter, known);
  if (happened(what, crossings, before)) known.add(what);
  return known.has(what);
}

function tryAlone(adapter: Adapter, what: Ask): Promise<boolean> {
  return onRunningModule(adapter, async (rig) => {
    await rig.openHandle(APP, DEFAULT_ADAPTER);
    const first = FIRST[what];
    if (first !== undefined && !((await takes(rig, first)) && happened(first, await rig.trace(), 0))) return false;
    const before = (await rig.trace()).at(-1)?.seq ?? 0;
    const accepted = await takes(rig, what);
    return accepted && (await rig.bugcheck()) === undefined && !happened(what, await rig.trace(), before);
  });
}

/**
 * Does the driver keep a status to itself while nothing stands in its way? A filter may, and what comes of it at other times then says nothing.
 * @param count how many of them the miniport indicates, one after the other
 * @returns true when fewer reach the protocol of a running module; false also where it cannot be told
 */
export function dropsStatus(adapter: Adapter, code: string, count: number): Promise<boolean> {
  return onRunningModule(adapter, async (rig) => {
    for (let i = 0; i < count; i += 1) await rig.statusFromBelow(DEFAULT_ADAPTER, code);
    await rig.letTimePass(A_MINUTE);
    const { statusesAbove } = await rig.neighbours(DEFAULT_ADAPTER);
    return (await rig.bugcheck()) === undefined && statusesAbove.filter((one) => one === code).length < count;
  });
}

/** @returns what was found out of a running module; false where nothing can be */
async function onRunningModule(adapter: Adapter, find: (rig: Rig) => Promise<boolean>): Promise<boolean> {
  if ((await howTried(adapter)) !== 'alone') return false;
  const rig = await adapter.open({ seed: 1 });
  try {
    await rig.load();
    await rig.addAdapter(DEFAULT_ADAPTER);
    await rig.attach(DEFAULT_ADAPTER);
    await rig.restart(DEFAULT_ADAPTER);
    // A restart may be completed by a timer.
    await rig.letTimePass(A_MINUTE);
    return await find(rig);
  } catch (failure) {
    // What a rig cannot do says nothing of the profile.
    if (failure instanceof RigRefusal) return false;
    throw failure;
  } finally {
    await rig.close();
  }
}

/** Asks, and does what shows the effect. @returns whether the driver accepts the request */
async function takes(rig: Rig, what: Ask): Promise<boolean> {
  const accepted = succeeded(await rig.operation(await rig.ask(APP, what, 1)));
  if (what === 'holdSends') await rig.sendFromAbove(DEFAULT_ADAPTER, { count: 1 });
  if (what === 'holdReceives') await rig.receiveFromBelow(DEFAULT_ADAPTER, { count: 1 });
  // A driver may let go what it holds by itself in time: no answer to the request.
  if (ORIGINATES[what] !== undefined || what === 'bypass') await rig.letTimePass(A_MINUTE);
  return accepted;
}

/** Is it to be seen behind crossing `before`? True also where it cannot be seen. */
export function happened(what: Ask, crossings: readonly Crossing[], before: number): boolean {
  const { originated, sendsHeld, receivesHeld } = trafficOf(crossings);
  const kind = ORIGINATES[what];
  if (kind !== undefined) return originated.some((found) => found.kind === kind && found.crossing.seq > before);
  switch (what) {
    case 'holdSends':
      return sendsHeld.length > 0;
    case 'holdReceives':
      return receivesHeld.length > 0;
    case 'releaseSends':
      return sendsHeld.length === 0;
    case 'releaseReceives':
      return receivesHeld.length === 0;
    case 'bypass':
      return callsOf(crossings, 'NdisFRestartFilter').length > 0;
    default:
      // `modifyData`: bytes that a driver changes in place are in no trace, and the kit's frames need not be those that it changes.
      return true;
  }
}
