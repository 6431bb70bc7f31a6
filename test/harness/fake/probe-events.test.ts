import { expect } from 'chai';
import type { Ask, Rig } from '../../../adapters/contract';
import { ProbeDecoder } from '../../../adapters/harness/decode/probe';
import { createSimulator } from '../../../adapters/simulator';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { createJudges } from '../../../src/rules';
import type { Crossing } from '../../../src/trace';
import { difference } from '../probe/compare';
import { ProbeEvents } from './probe-events';

const ASKS: readonly Ask[] = [
  ...(['send', 'sendChain', 'receive', 'receiveLowResources', 'oid', 'synchronousOid', 'status'] as const),
  ...(['sendByTimer', 'sendByWorkItem', 'holdSends', 'releaseSends', 'modifyData', 'bypass'] as const),
];

/** A life with a bit of everything in it. */
async function play(rig: Rig): Promise<readonly Crossing[]> {
  await rig.load();
  await rig.addAdapter('A');
  await rig.enableAdapter('A');
  await rig.openHandle('app', 'A');
  for (const what of ASKS) await rig.ask('app', what, 2);
  await rig.sendFromAbove('A', { count: 2, cancelId: 'c1', netBuffersEach: 2 });
  await rig.receiveFromBelow('A', { count: 2 });
  await rig.receiveFromBelow('A', { count: 2, lowResources: true });
  await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
  await rig.netPnPEvent('A', 'NetEventSetPower');
  await rig.setNeighbours('A', { miniportSends: 'hold' });
  await rig.ask('app', 'send', 2);
  await rig.pause('A');
  await rig.completeSends('A');
  await rig.restart('A');
  await rig.closeHandle('app');
  await rig.disableAdapter('A');
  await rig.unload();
  return rig.trace();
}

/** What the decoder makes of the events of a probe. */
function reported(trace: readonly Crossing[]): readonly Crossing[] {
  const decoder = new ProbeDecoder();
  const events = new ProbeEvents((event) => decoder.take({ ...event, time: 0 }));
  for (const crossing of trace) events.hear(crossing);
  const { lives, problems } = decoder.finish();
  expect([problems, lives.map(({ isWhole }) => isWhole)]).to.deep.equal([[], [true]]);
  return lives[0]?.crossings ?? [];
}

function verdicts(trace: readonly Crossing[]): readonly string[] {
  const judges = createJudges();
  for (const crossing of trace) if (crossing.dir !== '!!') judges.see(crossing);
  judges.finish();
  return [...new Set(judges.violations.map(({ rule, reading }) => `${rule} ${reading}`))].sort();
}

/** The model leaves it out where nobody asks for it. */
function withTag(crossing: Crossing): Crossing {
  const { ddi, dir, args } = crossing;
  if (dir !== '<=' || !ddi.startsWith('NdisAllocateMemory')) return { ...crossing, time: 0 };
  return { ...crossing, time: 0, args: { tag: '????', ...args } };
}

describe('The probe of a simulated driver', () => {
  it('reports its trace, crossing for crossing', async () => {
    const driver = registeredDriver('reference')?.driver;
    if (!driver) throw new Error('no reference');
    const trace = await play(await createSimulator(driver).open({ seed: 1 }));
    expect(difference(trace.map(withTag), reported(trace))).to.equal(undefined);
  });

  for (const name of [
    'gate-stays-open-while-the-pause-pends',
    'oid-request-is-completed-twice',
    'sends-pass-a-closed-gate',
  ]) {
    it(`leads to the same verdicts on ${name}`, async () => {
      const driver = registeredDriver(name)?.driver;
      if (!driver) throw new Error(name);
      const trace = await play(await createSimulator(driver).open({ seed: 1 }));
      expect(verdicts(reported(trace))).to.deep.equal(verdicts(trace));
    });
  }

  it('leaves a number out while nobody listens', async () => {
    const driver = registeredDriver('reference')?.driver;
    if (!driver) throw new Error('no reference');
    const trace = await play(await createSimulator(driver).open({ seed: 1 }));
    const decoder = new ProbeDecoder();
    const events = new ProbeEvents((event) => decoder.take({ ...event, time: 0 }));
    trace.forEach((crossing, i) => events.hear(crossing, () => i < 40 || i > 60));
    expect(decoder.finish().lives.map(({ isWhole }) => isWhole)).to.deep.equal([false]);
  });
});
