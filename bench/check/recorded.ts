/**
 * A trace as the kit records one: the reference filter between its neighbours in the simulator, each NBL, buffer and thread with a name of its
 * own. The simulator remembers what it has told, so a long one is several lives of the driver, one after the other.
 */
import type { Rig } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { registeredDriver } from '../../adapters/simulator/drivers';
import type { Crossing } from '../../src/trace';

const ADAPTERS = ['A', 'B', 'C', 'D'];
const BURSTS = 10;
/** The stack is paused and restarted in every so many rounds. */
const PAUSED_EVERY = 10;
/** Crossings of one life, and more than it has names of one kind. */
const LIFE = 1_000_000;

/** @param crossings at least so many @returns lines, a round of traffic at a time */
export async function* recorded(crossings: number): AsyncGenerator<readonly string[]> {
  yield ['{"schema":"trace/1","adapter":"simulator","driver":"reference","seed":1}'];
  let before = 0;
  for (let life = 0; before < crossings; life += 1) {
    let last = 0;
    for await (const more of oneLife(Math.min(LIFE, crossings - before))) {
      last = more.at(-1)?.seq ?? last;
      yield more.map((crossing) => renamed(JSON.stringify({ ...crossing, seq: before + crossing.seq }), life));
    }
    before += last;
  }
}

/** Names begin anew in each life: nothing has the name of what was there before. */
function renamed(line: string, life: number): string {
  if (life === 0) return line;
  return line.replace(/"([a-z]+)(\d+)"/g, (_all, kind: string, number: string) => `"${kind}${+number + life * LIFE}"`);
}

/** From the loading of the driver to its end. */
async function* oneLife(crossings: number): AsyncGenerator<readonly Crossing[]> {
  const reference = registeredDriver('reference');
  if (!reference) throw new Error('no reference');
  const rig = await createSimulator(reference.driver).open({ seed: 1 });
  await rig.load();
  for (const adapter of ADAPTERS) {
    await rig.addAdapter(adapter);
    await rig.enableAdapter(adapter);
  }
  let after = 0;
  const more = async (): Promise<readonly Crossing[]> => {
    await rig.settle();
    const told = await rig.trace(after);
    after = told.at(-1)?.seq ?? Infinity;
    return told;
  };
  for (let round = 1; after < crossings; round += 1) {
    for (const adapter of ADAPTERS) await traffic(rig, adapter, round % PAUSED_EVERY === 0);
    yield await more();
  }
  await rig.unload();
  yield await more();
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
