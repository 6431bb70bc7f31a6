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
});
