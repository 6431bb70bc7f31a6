import type { Crossing } from '../../src/trace';
import { emptyBooks, RigRefusal, type AdapterCapability, type DriverProfile, type Rig } from '../contract';
import { RIG_CALLS, TRACE_PAGE, type RigCall, type RigCalls } from '../contract/protocol';
import { readPage } from './crossings';
import type { Peer } from './peer';

/** What a rig is played on: a conversation in which `open` has been answered. */
export interface RemoteRigOptions {
  readonly peer: Peer;
  readonly profile: DriverProfile;
  readonly capabilities: readonly AdapterCapability[];
  /** Called once, when the rig is closed or lost. */
  readonly closed: () => void;
}

/** Pages of a scenario beyond the first of each answer: what no honest scenario comes near. */
const MOST_PAGES = 256;
const TOO_LONG = `it tells of more crossings of one scenario than ${MOST_PAGES} messages hold`;

/** @returns the rig at the other end of a conversation */
export function remoteRig({ peer, profile, capabilities, closed }: RemoteRigOptions): Rig {
  const can = new Set(capabilities);
  let open = true;
  /** Of traces that did not fit into one. */
  let pages = 0;
  const call = (method: RigCall, ...values: readonly unknown[]): Promise<unknown> =>
    open
      ? peer.request(method, paramsOf(method, values))
      : Promise.reject(new RigRefusal('environment', `The rig is closed; \`${method}\` comes too late.`));

  const plain = Object.fromEntries(
    (Object.keys(RIG_CALLS) as RigCall[]).map((method) => [
      method,
      (...values: readonly unknown[]) => call(method, ...values),
    ]),
  ) as unknown as RigCalls;

  return {
    ...plain,
    profile,
    // What every scenario asks for in the end, an adapter need not have when it can do nothing of the kind.
    stopped: async () => (can.has('scheduleControl') ? plain.stopped() : []),
    settle: () => plain.settle().catch(unlessUnsupported(undefined)),
    bugcheck: async () => ((await call('bugcheck').catch(unlessUnsupported(null))) as string | null) ?? undefined,
    neighbours: async (adapter) => ({ ...emptyBooks, ...(await plain.neighbours(adapter)) }),
    async trace(after = 0) {
      const crossings: Crossing[] = [];
      for (let more = true; more;) {
        if (pages > MOST_PAGES) {
          peer.breakOff(TOO_LONG);
          throw new RigRefusal('environment', `The adapter failed: ${TOO_LONG}.`);
        }
        if (crossings.length > 0) pages += 1;
        const from = crossings.at(-1)?.seq ?? after;
        const answer = peer.request('trace', { after: from, limit: TRACE_PAGE });
        const without = can.has('exactTrace') ? promised : unlessUnsupported({ crossings: [] });
        const page = readPage(await answer.catch(without), from, can.has('exactTrace'));
        crossings.push(...page.crossings);
        ({ more } = page);
      }
      return crossings;
    },
    async close() {
      if (!open) return;
      // A rig that is lost is closed: whatever served it is gone, and takes back what it did by itself.
      if (!peer.isBroken) await call('close').catch(unlessLost(peer));
      open = false;
      closed();
    },
  };
}

function paramsOf(method: RigCall, values: readonly unknown[]): object | undefined {
  const given = RIG_CALLS[method].flatMap((name, index) =>
    values[index] === undefined ? [] : [[name, values[index]] as const],
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** Handler of a refusal: a call that the adapter does not have is answered by `instead`. */
function unlessUnsupported<T>(instead: T): (failure: unknown) => T {
  return (failure) => {
    if (failure instanceof RigRefusal && failure.kind === 'notSupported') return instead;
    throw failure;
  };
}

/** Handler of a refusal: a trace that was promised is no trace without crossings. */
function promised(failure: unknown): never {
  if (!(failure instanceof RigRefusal) || failure.kind !== 'notSupported') throw failure;
  const why = `The adapter says that it sees every crossing (exactTrace), and refuses \`trace\`: ${failure.message}`;
  throw new RigRefusal('environment', why, { cause: failure });
}

function unlessLost(peer: Peer): (failure: unknown) => void {
  return (failure) => {
    if (!peer.isBroken) throw failure;
  };
}
