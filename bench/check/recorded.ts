/** A trace as the kit records one: the reference filter between its neighbours in the simulator, each NBL, buffer and thread with a name of its own. */
import type { Rig } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { registeredDriver } from '../../adapters/simulator/drivers';

const ADAPTERS = ['A', 'B', 'C', 'D'];
const BURSTS = 10;
/** The stack is paused and restarted in every so many rounds. */
const PAUSED_EVERY = 10;

/** @param crossings at least so many @returns lines, a round of traffic at a time */
export async function* recorded(crossings: number): AsyncGenerator<readonly string[]> {
  const reference = registeredDriver('reference');
  if (!reference) throw new Error('no reference');
  const rig = await createSimulator(reference.driver).open({ seed: 1 });
  await rig.load();
  for (const adapter of ADAPTERS) {
    await rig.addAdapter(adapter);
    await rig.enableAdapter(adapter);
  }
  yield ['{"schema":"trace/1","adapter":"simulator","driver":"reference","seed":1}'];
  let after = 0;
  for (let round = 1; after < crossings; round += 1) {
    for (const adapter of ADAPTERS) await traffic(rig, adapter, round % PAUSED_EVERY === 0);
    await rig.settle();
    const more = await rig.trace(after);
    after = more.at(-1)?.seq ?? Infinity;
    yield more.map((crossing) => JSON.stringify(crossing));
  }
  await rig.close();
}

async function traffic(rig: Rig, adapter: string, isPaused: boolean): Promise<void> {
  for (let burst = 0; burst < BURSTS; burst += 1) {
    await rig.sendFromAbove(adapter, { count: 1 + (burst % 4) });
    await rig.receiveFromBelow(adapter, { count: 1 + (burst % 3), ...(burst % 5 === 0 && { lowResources: true }) });
  }
  await rig.oidFromAbove(adapter, 'OID_GEN_STATISTICS');
  if (!isPaused) return;
  await rig.pause(adapter);
  await rig.restart(adapter);
}
