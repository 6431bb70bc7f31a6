import { expect } from 'chai';
import type { Rig } from '../../../adapters/contract';
import type { AgentConfig } from '../../../adapters/harness/agent/ports';
import { kindOf } from './kind-of';
import { fakeTarget, shipped, type FakeTarget } from './target';
import type { WindowsOptions } from './windows';

const KEPT = { noPauseOnSuspend: true };

describe('Sleep of a lab machine', () => {
  let target: FakeTarget;

  function on(options: Partial<WindowsOptions> = {}, config: Partial<AgentConfig> = {}): FakeTarget {
    return (target = fakeTarget({ driver: shipped('reference'), probe: true, unbound: true, ...options, config }));
  }

  async function running(spec = {}): Promise<Rig> {
    const rig = await target.adapter.open({ seed: 1 });
    await rig.load();
    await rig.addAdapter('A', spec);
    await rig.enableAdapter('A');
    return rig;
  }

  async function statesOf(rig: Rig): Promise<string[]> {
    return (await rig.modules()).map(({ state }) => state);
  }

  it('leaves a module Running whose miniport keeps its data path, and refuses what would meet it awake', async () => {
    const rig = await (on(), running(KEPT));
    const asleep = await rig.suspend('A');
    expect(target.windows.sleptTimes).to.equal(1);
    expect(await rig.operation(asleep)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    const powers = async (): Promise<unknown[]> =>
      (await rig.trace())
        .filter(({ dir, args }) => dir === '->' && args?.['event'] === 'NetEventSetPower')
        .map(({ args }) => args?.['power']);
    expect(await powers()).to.deep.equal(['D3']);
    expect((await rig.neighbours('A')).netPnPEventsAbove).to.include('NetEventSetPower');
    for (const work of [rig.sendFromAbove('A', { count: 1 }), rig.disableAdapter('A'), rig.suspend('A')])
      expect(await kindOf(work)).to.equal('notSupported');
    const awake = await rig.resume('A');
    expect(await rig.operation(awake)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect(await powers()).to.deep.equal(['D3', 'D0']);
    expect(await statesOf(rig)).to.deep.equal(['Running']);
    await rig.sendFromAbove('A', { count: 1 });
    expect(await kindOf(rig.resume('A'))).to.equal('notSupported');
    await rig.close();
    expect(await target.end()).to.deep.equal([]);
  });

  for (const probe of [true, false]) {
    it(`pauses a module that NDIS pauses, ${probe ? 'by its border' : 'seen from outside'}`, async () => {
      const rig = await (on({ sleep: 'with a pause', probe }), running());
      await rig.suspend('A');
      expect(await statesOf(rig)).to.deep.equal(['Paused']);
      const awake = await rig.resume('A');
      expect(await rig.operation(awake)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
      expect(await statesOf(rig)).to.deep.equal(['Running']);
      await rig.close();
    });
  }

  it('says nothing where NDIS pauses and should not, or the other way round, and is not tried again', async () => {
    for (const [options, spec] of [
      [{}, {}],
      [{ sleep: 'with a pause' }, KEPT],
    ] as const) {
      const rig = await (on(options), running(spec));
      await rig.suspend('A');
      expect(await kindOf(rig.modules())).to.equal('notObserved');
      await rig.close();
      const next = await running(spec);
      expect(await kindOf(next.suspend('A'))).to.equal('notSupported');
      expect(target.windows.sleptTimes).to.equal(1);
      await next.close();
    }
  });

  it('says nothing of whether NDIS pauses when events were lost over it, and is tried again', async () => {
    const rig = await (on({ sleep: 'with a pause', probe: false }), running());
    target.windows.etw.loses = () => true;
    await rig.suspend('A').catch(() => undefined);
    expect(await kindOf(rig.modules())).to.equal('notObserved');
    target.windows.etw.loses = undefined;
    await rig.close();
    const next = await running();
    await next.suspend('A');
    expect(await statesOf(next)).to.deep.equal(['Paused']);
    await next.close();
  });

  it('is no ability where the target file does not allow it, or the machine cannot', async () => {
    const abilities = async (): Promise<readonly string[]> => (await target.adapter.capabilities()).adapter;
    expect(await (on(), abilities())).to.include('systemSleep');
    on({}, { sleep: undefined });
    expect(await abilities()).to.not.include('systemSleep');
    const rig = await running(KEPT);
    expect(await kindOf(rig.suspend('A'))).to.equal('notSupported');
    await rig.close();
    expect(await (on({ sleep: 'none' }), abilities())).to.not.include('systemSleep');
    on({}, { adapter: { name: 'Ethernet 2', kind: 'other' } });
    const other = await target.adapter.open({ seed: 1 });
    await other.load();
    expect(await kindOf(other.addAdapter('A', KEPT))).to.equal('notSupported');
    await other.close();
  });

  it('does not begin while something is held', async () => {
    const rig = await (on(), running(KEPT));
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.sendFromAbove('A', { count: 1 });
    expect(await kindOf(rig.suspend('A'))).to.equal('notSupported');
    expect(target.windows.sleptTimes).to.equal(0);
    await rig.completeSends('A');
    await rig.close();
  });

  it('that does not end is the loss of the machine', async () => {
    const rig = await (on({ sleep: 'for ever' }), running(KEPT));
    expect(await kindOf(rig.suspend('A'))).to.equal('lost');
    await rig.close().catch(() => undefined);
  });
});
