/** A machine that can be changed, with the simulator's rig on it: what the agent must leave as it was. */
import type { Control, Ground, Inquiry, Undo } from '../../../adapters/harness/agent';
import type { MachineFacts } from '../../../adapters/harness/protocol';
import type { Adapter, Operation, Rig } from '../../../adapters/contract';
import { RIG_CALLS, type RigCall } from '../../../adapters/contract/protocol';
import { reference } from '../../stdio/in-memory';

/** What has been changed, by name: empty on a machine that is as it was found. */
export interface Settings {
  has(name: string): boolean;
  set(name: string): void;
  clear(name: string): void;
}

export function facts(boot = 'boot-1'): MachineFacts {
  return {
    boot,
    os: { name: 'none: a test', build: '0', arch: 'x64' },
    clock: { frequency: '10000000' },
    limits: { hold: 4000 },
    levels: { white: true, black: true },
  };
}

/** A machine of which nothing is known. */
export const NOTHING_KNOWN: Inquiry & Control = {
  findFiles: async () => [],
  findDriver: async () => undefined,
  findCrashes: async () => [],
  measure: async () => [],
  watch: async () => ({ flags: '0x0', drivers: [], isActive: true, isSet: true }),
  restart: async () => undefined,
  endOthers: async () => undefined,
};

/** Calls that change the machine. */
const CHANGING: readonly RigCall[] = [
  'load',
  'addAdapter',
  'enableAdapter',
  'setNeighbours',
  'pause',
  'disableAdapter',
];

/** @returns the simulator, which changes settings of the machine beside what it models, and observes each call */
export function changingAdapter({ changes, observe }: Ground, settings: Settings): Adapter {
  const simulator = reference();
  let time = 0;
  const wrap = (rig: Rig): Rig => {
    const calls = rig as unknown as Record<RigCall, (...values: readonly unknown[]) => Promise<unknown>>;
    const wrapped = (Object.keys(RIG_CALLS) as RigCall[]).map((method) => {
      const call = async (...values: readonly unknown[]): Promise<unknown> => {
        observe({ t: String((time += 10)), source: 'agent', name: method });
        if (!CHANGING.includes(method)) return calls[method](...values);
        const name = `${method} ${values.filter((value) => typeof value === 'string').join(' ')}`.trim();
        const made = await changes.make({ verb: 'clear', args: { name }, what: `${name} taken back` }, async () => {
          settings.set(name);
          return calls[method](...values);
        });
        return made.result;
      };
      return [method, call] as const;
    });
    return { ...(Object.fromEntries(wrapped) as unknown as Rig), profile: rig.profile };
  };
  return {
    name: 'changing',
    driver: simulator.driver,
    capabilities: () => simulator.capabilities(),
    profile: () => simulator.profile(),
    open: async (options) => wrap(await simulator.open(options)),
    exhibit: () => undefined,
  };
}

/** The undo runner of that machine. */
export function clearing(settings: Settings): (undo: Undo) => Promise<void> {
  return async ({ verb, args }) => {
    if (verb !== 'clear') throw new Error(`no verb ${verb}`);
    settings.clear(String(args['name']));
  };
}

/** A pause with a send outstanding, from the beginning to the end. @returns crossings by direction and name */
export async function playPause(rig: Rig): Promise<readonly string[]> {
  const done = async (operation: Operation): Promise<void> => void (await rig.operation(operation));
  await done(await rig.load());
  await rig.addAdapter('A');
  await done(await rig.enableAdapter('A'));
  await rig.setNeighbours('A', { miniportSends: 'hold' });
  await done(await rig.openHandle('app', 'A'));
  await done(await rig.ask('app', 'send', 1));
  const pause = await rig.pause('A');
  await rig.completeSends('A');
  await done(pause);
  const trace = await rig.trace();
  await rig.close();
  return trace.map(({ dir, ddi }) => `${dir}${ddi}`);
}
