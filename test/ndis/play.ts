import type { AdapterSpec, Operation, Rig } from '../../adapters/contract';
import { createSimulator, type SimulatedDriver } from '../../adapters/simulator';
import type { Crossing } from '../../src/trace';
import type { Tiny } from './tiny-filter';
import { tinyFilter } from './tiny-filter';

/** A machine with the tiny filter, for one test. */
export interface Stage {
  readonly rig: Rig;
  readonly tiny: Tiny;
}

/** Loads the filter and plugs adapter A in. */
export async function stage(
  override: Parameters<typeof tinyFilter>[0] = () => ({}),
  spec: AdapterSpec = {},
  schedule: 'run-to-block' | 'random' = 'run-to-block',
): Promise<Stage> {
  let tiny: Tiny | undefined;
  const rig = await rigOf(
    tinyFilter(override, (loaded) => (tiny = loaded)),
    schedule,
  );
  await rig.load();
  await rig.addAdapter('A', spec);
  if (!tiny) throw new Error('the driver was not loaded');
  return { rig, tiny };
}

/** The same with a stack that runs. */
export async function runningStage(
  override: Parameters<typeof tinyFilter>[0] = () => ({}),
  spec: AdapterSpec = {},
): Promise<Stage> {
  const staged = await stage(override, spec);
  await staged.rig.attach('A');
  await staged.rig.restart('A');
  return staged;
}

export async function rigOf(
  driver: SimulatedDriver,
  schedule: 'run-to-block' | 'random' = 'run-to-block',
  seed = 1,
): Promise<Rig> {
  return createSimulator(driver).open({ seed, schedule });
}

export async function seqNow(rig: Rig): Promise<number> {
  return (await rig.trace()).at(-1)?.seq ?? 0;
}

/** `m1 ->FilterPause` or `miniport ->MiniportPause`: entries and calls in order, the ways back left out. */
export function told(crossings: readonly Crossing[], matching = /./): string[] {
  return crossings
    .filter(({ dir, ddi }) => (dir === '->' || dir === '=>') && matching.test(ddi))
    .map(({ dir, ddi, module, neighbour, args }) => {
      const event = typeof args?.['event'] === 'string' ? ` ${args['event']}` : '';
      return `${neighbour ?? module ?? 'driver'} ${dir}${ddi}${event}`;
    });
}

/** What an operation made happen. */
export async function during(rig: Rig, act: () => Promise<unknown>, matching?: RegExp): Promise<string[]> {
  const before = await seqNow(rig);
  await act();
  return told(await rig.trace(before), matching);
}

/** `done NDIS_STATUS_SUCCESS`, `pending`, or the bugcheck. */
export async function outcome(rig: Rig, operation: Operation): Promise<string> {
  const state = await rig.operation(operation);
  return state.state === 'done' ? `done ${state.status}` : state.state === 'pending' ? 'pending' : state.bugcheck;
}

export async function states(rig: Rig): Promise<string[]> {
  return (await rig.modules()).map(({ module, state }) => `${module} ${state}`);
}

/** Crossings of the driver under test on a DDI. */
export async function seen(rig: Rig, dir: Crossing['dir'], ddi: string): Promise<Crossing[]> {
  return (await rig.trace()).filter((crossing) => crossing.dir === dir && crossing.ddi === ddi && !crossing.neighbour);
}
