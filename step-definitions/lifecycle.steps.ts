import type { Operation, Rig } from '../adapters/contract';
import { When } from './support/steps';

When('Windows loads the filter driver', async function () {
  await this.load();
});

When('Windows unloads the filter driver', async function () {
  await this.procedures.begin('unload', await (await this.rig()).unload());
});

/** A sentence about one adapter that begins one procedure of NDIS or of the administrator. */
function procedure(sentence: string, name: string, begin: (rig: Rig, adapter: string) => Promise<Operation>): void {
  When(sentence, async function (adapter: string) {
    await this.procedures.begin(name, await begin(await this.rig(), adapter));
  });
}

procedure('NDIS attaches the filter module{onAdapter}', 'attach', (rig, adapter) => rig.attach(adapter));
procedure('NDIS restarts the filter module{onAdapter}', 'restart', (rig, adapter) => rig.restart(adapter));
procedure('NDIS pauses the filter module{onAdapter}', 'pause', (rig, adapter) => rig.pause(adapter));
procedure('NDIS detaches the filter module{onAdapter}', 'detach', (rig, adapter) => rig.detach(adapter));
procedure('the user disables {adapter}', 'disabling', (rig, adapter) => rig.disableAdapter(adapter));
procedure('the user enables {adapter}', 'enabling', (rig, adapter) => rig.enableAdapter(adapter));
procedure('{adapter} is surprise-removed', 'removal', (rig, adapter) => rig.surpriseRemove(adapter));
procedure('a protocol is bound{onAdapter}', 'binding', (rig, adapter) => rig.bindProtocol(adapter));
procedure('the protocol is unbound{onAdapter}', 'unbinding', (rig, adapter) => rig.unbindProtocol(adapter));
procedure('the system goes to sleep{onAdapter}', 'sleep', (rig, adapter) => rig.suspend(adapter));
procedure('the system wakes up{onAdapter}', 'wake-up', (rig, adapter) => rig.resume(adapter));

When(
  'a neighbour filter is inserted {where} the filter module{onAdapter}',
  async function (where: 'above' | 'below', adapter: string) {
    await this.procedures.begin('insertion', await (await this.rig()).insertFilter(adapter, where, 'neighbour'));
  },
);

When(
  'the neighbour filter {where} the filter module is removed{onAdapter}',
  async function (where: 'above' | 'below', adapter: string) {
    await this.procedures.begin('removal', await (await this.rig()).removeFilter(adapter, where, 'neighbour'));
  },
);

When(
  'another module of the filter driver is inserted {where} the filter module{onAdapter}',
  async function (where: 'above' | 'below', adapter: string) {
    await this.procedures.begin('insertion', await (await this.rig()).insertFilter(adapter, where, 'dut'));
  },
);

When('the upper module of the filter driver is removed{onAdapter}', async function (adapter: string) {
  await this.procedures.begin('removal', await (await this.rig()).removeFilter(adapter, 'above', 'dut'));
});

When('the lower module of the filter driver is removed{onAdapter}', async function (adapter: string) {
  await this.procedures.begin('removal', await (await this.rig()).removeFilter(adapter, 'below', 'dut'));
});

When('NDIS sends {event}{onAdapter}', async function (event: string, adapter: string) {
  await this.procedures.begin('event', await (await this.rig()).netPnPEvent(adapter, event));
});

When('the miniport is told {event}{onAdapter}', async function (event: string, adapter: string) {
  await this.procedures.begin('event', await (await this.rig()).devicePnPEvent(adapter, event));
});
