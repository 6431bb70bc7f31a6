import { expect } from 'chai';
import { RigRefusal, type Operation, type Rig } from '../../../adapters/contract';
import { fakeTarget, shipped, type FakeTarget } from './target';

async function failureOf(rig: Rig, operation: Operation): Promise<unknown> {
  try {
    return (await rig.operation(operation)).state;
  } catch (thrown) {
    return thrown instanceof RigRefusal ? thrown.kind : thrown;
  }
}

/** Windows says that it does not stop services, nor disable adapters. @param isDone it does so all the same */
function refuse({ windows: { network } }: FakeTarget, isDone = false): void {
  const stop = network.stopService.bind(network);
  network.stopService = async () => {
    if (isDone) await stop();
    throw new Error('Access is denied.');
  };
  network.setAdapter = async () => {
    throw new Error('Access is denied.');
  };
}

for (const probe of [true, false]) {
  describe(`Where Windows refuses a command, and the driver ${probe ? 'reports what it does' : 'is seen from outside'}`, () => {
    it('a driver without modules is not unloaded', async () => {
      const target = fakeTarget({ driver: shipped('reference'), probe, unbound: true });
      const rig = await target.adapter.open({ seed: 1 });
      await rig.load();
      refuse(target);
      expect(await failureOf(rig, await rig.unload())).to.equal('environment');
    });

    it('an adapter without modules is not disabled', async () => {
      const target = fakeTarget({ driver: shipped('reference'), probe });
      const rig = await target.adapter.open({ seed: 1 });
      await rig.load();
      await rig.addAdapter('A');
      await rig.enableAdapter('A');
      await rig.detach('A');
      refuse(target);
      expect(await failureOf(rig, await rig.disableAdapter('A'))).to.equal('environment');
    });

    it('a driver that was unloaded all the same is, where that is seen', async () => {
      const target = fakeTarget({ driver: shipped('reference'), probe, unbound: true });
      const rig = await target.adapter.open({ seed: 1 });
      await rig.load();
      refuse(target, true);
      expect(await failureOf(rig, await rig.unload())).to.equal(probe ? 'done' : 'environment');
    });
  });
}
