import type { AdapterSpec, Ask, NeighbourPolicy, Operation, Rig, RigOptions } from '../../adapters/contract';
import { createSimulator, type SimulatedDriver } from '../../adapters/simulator';
import { createJudges, type Violation } from '../../src/rules';
import type { Crossing } from '../../src/trace';

/** What an application can have the driver originate, and what comes about before the request has ended. */
export const ORIGINATED_AT_ONCE: readonly Ask[] = [
  'send',
  'sendChain',
  'receive',
  'receiveLowResources',
  'oid',
  'synchronousOid',
  'status',
];

/** A script of stimuli. It ends when it has nothing more to say; `play` settles. */
export type Script = (rig: Rig) => Promise<unknown>;

export interface Outcome {
  readonly trace: readonly Crossing[];
  /** In the default reading. */
  readonly violations: readonly Violation[];
  /** Condemned by the strict reading only. */
  readonly strictFindings: readonly Violation[];
  readonly bugcheck: string | undefined;
}

/** Plays a script against a driver on the simulator and lets the judges see everything. */
export async function play(
  driver: SimulatedDriver,
  script: Script,
  options: RigOptions = { seed: 1 },
): Promise<Outcome> {
  const rig = await createSimulator(driver).open(options);
  try {
    await script(rig);
    await rig.settle();
    const trace = await rig.trace();
    const judges = createJudges();
    for (const crossing of trace) judges.see(crossing);
    judges.finish();
    return {
      trace,
      violations: judges.violations.filter(({ reading }) => reading === 'default'),
      strictFindings: judges.violations.filter(({ reading }) => reading === 'strict'),
      bugcheck: await rig.bugcheck(),
    };
  } finally {
    await rig.close();
  }
}

/** @returns ids of the broken rules, each once, in the order found */
export function brokenRules(violations: readonly Violation[]): readonly string[] {
  return [...new Set(violations.map(({ rule }) => rule))];
}

/** An application `app` has a handle on a module that runs on adapter A. */
export async function running(rig: Rig, policy: NeighbourPolicy = {}, spec: AdapterSpec = {}): Promise<Operation> {
  await plugged(rig, spec);
  await rig.setNeighbours('A', policy);
  await rig.enableAdapter('A');
  return rig.openHandle('app', 'A');
}

/** Adapter A is there, and no module is attached to it. */
export async function plugged(rig: Rig, spec: AdapterSpec = {}): Promise<void> {
  await rig.load();
  await rig.addAdapter('A', spec);
}
