import { expect } from 'chai';
import type { ModelledDriver, PlannedIrp, RequestPlan } from '../../adapters/modelled';
import { ModelledRig } from '../../adapters/modelled';
import { planByName } from '../../adapters/modelled/request-plan';
import { ReferenceFilter, referenceProfile, simulate } from '../../adapters/simulator/drivers/reference';
import type { FilterModule } from '../../adapters/simulator/drivers/reference';
import type { Call } from '../../src/kernel';
import type { Irp, NtStatus } from '../../src/ndis';
import { told } from '../ndis/play';

/** What is written goes down, or up when the handle was put into that mode. */
class SendsOrIndicates extends ReferenceFilter {
  private indicates = false;

  override *write(module: FilterModule, irp: Irp): Call<NtStatus> {
    return this.indicates ? yield* this.originateReceives(module, 1) : yield* super.write(module, irp);
  }

  override *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    if (!irp.IoControlCode.startsWith('MODE')) return yield* super.control(module, irp);
    this.indicates = irp.IoControlCode === 'MODE_INDICATE';
    return 'STATUS_SUCCESS';
  }
}

function mode(ioControlCode: string): PlannedIrp {
  return { major: 'IRP_MJ_DEVICE_CONTROL', ioControlCode, input: {} };
}

const write: PlannedIrp = { major: 'IRP_MJ_WRITE', input: { count: 1 }, blocks: true };

const requests: RequestPlan = {
  ...planByName(referenceProfile),
  ask: (_what, _adapter, _position, count) => [
    mode('MODE_INDICATE'),
    ...Array.from({ length: count }, () => write),
    mode('MODE_SEND'),
  ],
};

describe('Applications', () => {
  for (const schedule of ['run-to-block', 'random'] as const) {
    it(`change the mode of a handle once the requests that block have come as far as they do, ${schedule}`, async () => {
      const driver: ModelledDriver = { ...simulate('a mode of the handle', SendsOrIndicates), requests };
      const rig = new ModelledRig(driver, { seed: 3, schedule });
      await rig.load();
      await rig.addAdapter('A', {});
      await rig.enableAdapter('A');
      await rig.openHandle('app', 'A');
      await rig.ask('app', 'receive', 2);
      const calls = told(await rig.trace(), /NdisFSend|NdisFIndicateReceive/);
      expect(calls).to.deep.equal([
        'm1 =>NdisFIndicateReceiveNetBufferLists',
        'm1 =>NdisFIndicateReceiveNetBufferLists',
      ]);
    });
  }

  it('put nothing more to a handle once it is closed, whatever is still under way', async () => {
    const ask = (): PlannedIrp[] => [
      { ...write, blocks: false },
      { ...write, blocks: false },
    ];
    const driver: ModelledDriver = {
      ...simulate('two writes', ReferenceFilter),
      requests: { ...planByName(referenceProfile), ask },
    };
    const rig = new ModelledRig(driver, { seed: 1 });
    await rig.load();
    await rig.addAdapter('A', {});
    await rig.enableAdapter('A');
    await rig.openHandle('app', 'A');
    await rig.stopBefore({ point: 'NdisFSendNetBufferLists', inside: 'IRP_MJ_WRITE' });
    const writes = await rig.ask('app', 'send', 2);
    const closed = await rig.closeHandle('app');
    await rig.letGo();
    expect(await rig.operation(closed)).to.include({ status: 'STATUS_SUCCESS' });
    expect(await rig.operation(writes)).to.include({ status: 'STATUS_INVALID_HANDLE' });
    expect(told(await rig.trace(), /IRP_MJ/).filter((line) => line.includes('->'))).to.deep.equal([
      'driver ->IRP_MJ_CREATE',
      'driver ->IRP_MJ_WRITE',
      'driver ->IRP_MJ_CLEANUP',
      'driver ->IRP_MJ_CLOSE',
    ]);
  });
});
