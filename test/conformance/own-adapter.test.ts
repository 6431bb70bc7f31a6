import { expect } from 'chai';
import { type Adapter, type Rig, RigRefusal } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { registeredDriver } from '../../adapters/simulator/drivers';
import { ownAdapter } from '../../src/conformance/own-adapter';
import type { Crossing } from '../../src/trace';

/** Its methods want it as it is. */
class Bench {
  #told: Crossing[];

  constructor(told: readonly Crossing[]) {
    this.#told = [...told];
  }

  trace(): Promise<readonly Crossing[]> {
    return Promise.resolve(this.#told);
  }

  bugcheck(): Promise<string | undefined> {
    return Promise.resolve(this.#told.length > 0 ? undefined : 'none');
  }
}

function adapterOf(told: readonly Crossing[]): Adapter {
  const driver = registeredDriver('reference')?.driver;
  if (!driver) throw new Error('there is no reference');
  return { ...createSimulator(driver), name: 'bench', open: () => Promise.resolve(new Bench(told) as unknown as Rig) };
}

async function traceOf(...told: readonly Crossing[]): Promise<readonly Crossing[]> {
  const rig = await ownAdapter(adapterOf(told)).open({ seed: 1 });
  expect(await rig.bugcheck()).to.equal(undefined);
  return rig.trace();
}

describe('An adapter that is a module', () => {
  const paused: Crossing = Object.freeze({ seq: 1, dir: '<-', ddi: 'FilterPause', module: 'm1', status: 'SUCCESS' });

  it('may write statuses as the trace format lets it: judges see their one name', async () => {
    expect((await traceOf(paused)).map(({ status }) => status)).to.deep.equal(['NDIS_STATUS_SUCCESS']);
    expect(paused.status, 'its own crossing').to.equal('SUCCESS');
  });

  it('is told what is wrong with a crossing', async () => {
    const faulty: readonly (readonly [Crossing, RegExp])[] = [
      [{ ...paused, ddi: 'FilterPuase' }, /probably it should be `FilterPause`/],
      [{ ...paused, seq: 3 }, /a gap between crossings 0 and 3/],
      [{ ...paused, status: 'it is fine' }, /is not trace\/1: `status` must be a status/],
    ];
    for (const [crossing, complaint] of faulty) {
      const failure: unknown = await traceOf(crossing).catch((caught: unknown) => caught);
      expect(failure).to.be.instanceOf(RigRefusal).and.to.have.property('message').that.matches(complaint);
    }
  });
});
