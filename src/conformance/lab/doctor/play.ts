/** A small play on the machine to measure by: the stack comes up, is paused, and goes, with a frame held below on the way. */
import { performance } from 'node:perf_hooks';
import { RigRefusal, type Operation, type Rig } from '../../../../adapters/contract';
import type { NumberedObservation } from '../../../../adapters/harness/protocol';
import type { Crossing } from '../../../trace';
import type { Lab } from '../lab';
import { fine, measured, missing, notMeasured, spread, type Row } from './row';
import { orderOfStates } from './states';

/** How often an operation is looked at until it is given up, each as long as the machine takes to come to rest. */
const LOOKS = 20;

/**
 * @param lab opened with the driver to measure by
 * @param seen what the machine sees, filled while it goes on
 * @param times how often the stack is paused
 */
export async function playToMeasure(lab: Lab, seen: readonly NumberedObservation[], times: number): Promise<Row[]> {
  const took = new Map<string, number[]>();
  let crossings: readonly Crossing[] = [];
  let upTo = 0;
  const rows: Row[] = [];
  const verbs = ['load', 'enable', 'pause', 'restart', 'disable'];
  try {
    for (let time = 0; time < times; time += 1) {
      const rig = await lab.adapter.open({ seed: 1 });
      try {
        await playOnce(rig, (verb, milliseconds) => took.set(verb, [...(took.get(verb) ?? []), milliseconds]));
        crossings = await rig.trace();
        await lab.keepObservations();
        upTo = seen.length;
      } finally {
        await rig.close();
      }
    }
    rows.push(...(await holdWhilePausing(lab)));
  } catch (failure) {
    if (!(failure instanceof RigRefusal)) throw failure;
    rows.push(notMeasured('the rest of the play', failure.message));
  }
  const spans = verbs.map((verb) => {
    const samples = took.get(verb);
    const name = `${verb}: from the call to its end`;
    return samples ? measured(name, spread(samples, 'ms'), samples) : notMeasured(name, 'it did not come to that');
  });
  const order = orderOfStates(crossings, seen.slice(0, upTo), Number(lab.facts.clock.frequency));
  return [...spans, ...order, ...rows];
}

async function playOnce(rig: Rig, took: (verb: string, milliseconds: number) => void): Promise<void> {
  const timed = async (verb: string, start: () => Promise<Operation>): Promise<void> => {
    const from = performance.now();
    await ended(rig, await start());
    took(verb, performance.now() - from);
  };
  await timed('load', () => rig.load());
  await rig.addAdapter('A');
  await timed('enable', () => rig.enableAdapter('A'));
  await timed('pause', () => rig.pause('A'));
  await timed('restart', () => rig.restart('A'));
  await timed('disable', () => rig.disableAdapter('A'));
}

/** @throws RigRefusal (timeout) when it does not end */
async function ended(rig: Rig, operation: Operation): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const { state } = await rig.operation(operation);
    if (state === 'done') return;
    if (state === 'crashed') throw new RigRefusal('environment', 'the machine stopped');
    await rig.settle();
  }
  throw new RigRefusal('timeout', 'it did not end');
}

const HOLD = 'a frame held below the driver, while the stack is paused';

/** Whether what the miniport holds stays held while the driver's pause waits for it: on that all verdicts on pauses from outside rest. */
async function holdWhilePausing(lab: Lab): Promise<Row[]> {
  const { adapter: can } = await lab.adapter.capabilities();
  const { capabilities } = await lab.adapter.profile();
  if (!can.includes('holdCompletions'))
    return [notMeasured(HOLD, 'no functional miniport is under the driver: install fnmp of win-net-test')];
  if (!capabilities.includes('originatesSends'))
    return [notMeasured(HOLD, 'nothing makes the driver originate: neither the profile nor the target file says how')];
  const rig = await lab.adapter.open({ seed: 1 });
  try {
    await ended(rig, await rig.load());
    await rig.addAdapter('A');
    await ended(rig, await rig.enableAdapter('A'));
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await ended(rig, await rig.openHandle('app', 'A'));
    await rig.ask('app', 'send', 1);
    await rig.settle();
    if ((await rig.neighbours('A')).miniportSends.length === 0)
      return [notMeasured(HOLD, 'the frame that the driver was made to send did not reach the miniport')];
    const from = performance.now();
    const pause = await rig.pause('A');
    await rig.settle();
    const { state } = await rig.operation(pause);
    const held = (await rig.neighbours('A')).miniportSends.length > 0;
    const after = performance.now() - from;
    await rig.completeSends('A');
    await ended(rig, pause);
    if (!held) return [missing(HOLD, 'it was given back by itself', 'nothing can be said of pauses from outside')];
    const text = `still held after ${Math.round(after)} ms; the pause was ${state === 'pending' ? 'pending' : 'over'}`;
    return [state === 'pending' ? fine(HOLD, text) : measured(HOLD, text)];
  } finally {
    await rig.close();
  }
}
