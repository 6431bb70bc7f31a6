/** Handles that stay open, and what is asked by them: the agent's rig on the fake machine, with the driver's device behind the helper. */
import { expect } from 'chai';
import { RigRefusal, type Rig } from '../../../adapters/contract';
import { ReferenceFilter, simulate } from '../../../adapters/simulator/drivers/reference';
import type { SimulatedDriver } from '../../../adapters/simulator';
import { Player, type PlayedScenario } from '../../../src/conformance/player';
import type { Call } from '../../../src/kernel';
import type { NtStatus } from '../../../src/ndis/status';
import type { Irp } from '../../../src/ndis/wdk';
import { askedInVain, declining, designs } from '../../step-definitions/designs';
import { fakeTarget, shipped, type Asking, type FakeTarget } from './target';

/** Takes writes, and never gives them back. */
class KeepsWrites extends ReferenceFilter {
  override *finish(irp: Irp, work: Call<NtStatus>): Call<NtStatus> {
    if (irp.MajorFunction !== 'IRP_MJ_WRITE') return yield* super.finish(irp, work);
    yield* this.wdk.IoMarkIrpPending(irp);
    return 'STATUS_PENDING';
  }
}

/** Of each kind of thing that an application does; what is asked while a pause is pending needs no handle that is kept. */
const KEPT = [
  'features/unload/unloading.feature:69',
  'features/unload/unloading.feature:79',
  'features/unload/unloading.feature:89',
  'features/user-mode-handles/handles.feature:132',
  'features/user-mode-handles/handles.feature:176',
  'features/user-mode-handles/handles.feature:185',
];

describe('Applications on the fake Windows machine', () => {
  let player: Player;

  before(async () => {
    const paths = ['unload', 'user-mode-handles', 'sequences/bypass.feature', 'send/pass-through.feature', 'attach'];
    player = await Player.prepare({ paths: paths.map((path) => `features/${path}`), tags: 'not @exhibit' });
  });

  const target = (driver: SimulatedDriver, asking: Asking = 'requests', probe = true): FakeTarget =>
    fakeTarget({ driver, probe, unbound: true, asking });

  async function played(
    driver: SimulatedDriver,
    id: string,
    asking?: Asking,
    probe?: boolean,
  ): Promise<PlayedScenario> {
    const { adapter, end } = target(driver, asking, probe);
    const scenario = await player.play(id, { adapter, seed: 1, evidence: 'violations' });
    expect(await end(), id).to.deep.equal([]);
    return scenario;
  }

  async function running({ adapter }: FakeTarget): Promise<Rig> {
    const rig = await adapter.open({ seed: 1 });
    await rig.load();
    await rig.addAdapter('A');
    await rig.enableAdapter('A');
    return rig;
  }

  it('keep handles, close them, cancel what they asked for, and end with the driver', async () => {
    for (const id of KEPT) {
      const { verdict, reason } = await played(shipped('reference'), id);
      expect(`${verdict} ${reason ?? ''}`, id).to.equal('pass ');
    }
  });

  it('do none of that by the vendor’s command alone', async () => {
    const kept = KEPT.filter((id) => !id.endsWith('handles.feature:132'));
    const reasons = await Promise.all(kept.map((id) => played(shipped('reference'), id, 'command')));
    for (const { verdict, reason } of reasons)
      expect(`${verdict} ${reason}`).to.match(/^not observed .*endor's command/);
  });

  it('keep the driver loaded as long as they have it open, for which nobody blames Windows', async () => {
    for (const probe of [true, false]) {
      const machine = target(shipped('reference'), 'requests', probe);
      const rig = await running(machine);
      await rig.openHandle('app', 'A');
      await rig.detach('A');
      const unload = await rig.unload();
      expect(await rig.operation(unload)).to.deep.equal({ state: 'pending' });
      expect(machine.windows.network.isRunning).to.equal(true);
      const closed = await rig.closeHandle('app');
      expect(await rig.operation(closed)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
      expect(await rig.operation(unload)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
      expect(machine.windows.network.isRunning).to.equal(false);
      await rig.close();
      expect(await machine.end()).to.deep.equal([]);
    }
  });

  it('end when the scenario does, with whatever they have under way', async () => {
    const machine = target(shipped('reference'));
    const rig = await running(machine);
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.openHandle('app', 'A');
    await rig.ask('app', 'send', 2);
    const { miniportSends } = await rig.neighbours('A');
    expect(miniportSends.map(({ origin }) => origin)).to.deep.equal(['filter', 'filter']);
    await rig.close();
    expect(machine.windows.model.machine.io.handlesOpen).to.equal(0);
    expect(machine.windows.network.isRunning).to.equal(false);
  });

  it('leave a machine behind that somebody must look at, where the driver never gives back what it was asked', async () => {
    const machine = target(simulate('a driver that keeps writes', KeepsWrites));
    const rig = await running(machine);
    await rig.openHandle('app', 'A');
    const asked = await rig.ask('app', 'send', 1);
    expect(await rig.operation(asked)).to.deep.equal({ state: 'pending' });
    await rig.cancelRequests('app');
    const failure = await rig.close().then(
      () => undefined,
      (found: unknown) => found,
    );
    expect(failure).to.be.instanceOf(RigRefusal).with.property('kind', 'environment');
    expect((failure as Error).message).to.match(/10 s later the driver still had a request of it/);
  });

  it('are held to nothing that the driver cannot be shown to do, nor to frames that it has altered', async () => {
    const bypassed = await played(askedInVain, 'features/sequences/bypass.feature:15');
    expect(`${bypassed.verdict} ${bypassed.reason}`).to.match(/^not observed asked for "bypass" as the profile says/);
    const copies = designs.find(({ name }) => name.startsWith('sends that go down as copies'));
    if (!copies) throw new Error('there is no such design');
    const altered = await played(copies, 'features/send/pass-through.feature:110');
    expect(`${altered.verdict} ${altered.reason}`).to.match(
      /^not observed nobody sees .* which sends the miniport holds/,
    );
  });

  it('meet a module that does not want the adapter, which is nothing against it from outside either', async () => {
    const { verdict, reason } = await played(declining, 'features/attach/newly-attached.feature:11', 'requests', false);
    expect(`${verdict} ${reason}`).to.match(/^not observed .* from Attaching to Detached/);
  });
});
