import type { ModuleState } from '../adapters/contract';
import { NotObserved, startsFrom } from './support/expectation';
import { Given } from './support/steps';
import type { LwfWorld } from './support/world';

Given('the filter driver {string}', async function (driver: string) {
  await this.exhibit(driver);
});

Given('the filter driver is loaded', async function () {
  await this.load();
  await this.procedures.arranged('load');
});

Given('the filter has a handler {ddi}', async function (ddi: string) {
  await this.requireHandler(ddi);
});

Given('the filter driver is of NDIS 6.{int} or later', async function (minor: number) {
  await this.requireVersion(minor);
});

Given('{adapter} is plugged in', async function (adapter: string) {
  await this.stacks.plugIn(adapter);
});

Given('{adapter} has a neighbour filter {where} the filter module', async function (adapter: string, where: string) {
  this.stacks.layOut(adapter, ({ layers = ['dut'], ...spec }) => ({
    ...spec,
    layers: where === 'above' ? [...layers, 'neighbour'] : ['neighbour', ...layers],
  }));
});

Given('{adapter} carries two modules of the filter driver', async function (adapter: string) {
  this.stacks.layOut(adapter, (spec) => ({ ...spec, layers: ['dut', 'dut'] }));
});

Given('the filter is mandatory on {adapter}', async function (adapter: string) {
  this.stacks.layOut(adapter, (spec) => ({ ...spec, mandatory: true }));
});

Given('the miniport of {adapter} keeps its data path across sleep', async function (adapter: string) {
  this.stacks.layOut(adapter, (spec) => ({ ...spec, noPauseOnSuspend: true }));
});

Given('a/an {state} filter module{onAdapter}', async function (state: ModuleState, adapter: string) {
  await bring(this, adapter, state);
  const module = await this.patience.until(
    () => this.module({ adapter, place: 'only' }),
    (found) => found.state === state,
  );
  startsFrom(module.state === state, `a filter module that is ${state}`, `it is ${module.state}`);
});

Given('a newly attached filter module{onAdapter}', async function (adapter: string) {
  await attach(this, adapter);
});

Given('a filter module that was paused and restarted{onAdapter}', async function (adapter: string) {
  await bring(this, adapter, 'Paused');
  await this.procedures.arrange('restart', await (await this.rig()).restart(adapter));
});

Given('{adapter} was disabled', async function (adapter: string) {
  await this.procedures.arrange('disabling', await (await this.rig()).disableAdapter(adapter));
});

Given('{adapter} was disabled and enabled again', async function (adapter: string) {
  const rig = await this.rig();
  await this.procedures.arrange('disabling', await rig.disableAdapter(adapter));
  await this.procedures.arrange('enabling', await rig.enableAdapter(adapter));
});

/** Brings a filter module that is not there yet into a state by the legal way. */
async function bring(world: LwfWorld, adapter: string, state: ModuleState): Promise<void> {
  const rig = await world.rig();
  switch (state) {
    case 'Attaching':
      await world.needs('scheduleControl');
      await prepare(world, adapter);
      await rig.stopBefore({ point: '*', inside: 'FilterAttach' });
      world.procedures.note('attach', await rig.attach(adapter));
      return requireStopInside(world, 'FilterAttach');
    case 'Restarting':
      await world.needs('scheduleControl');
      await attach(world, adapter);
      await rig.stopBefore({ point: '*', inside: 'FilterRestart' });
      world.procedures.note('restart', await rig.restart(adapter));
      return requireStopInside(world, 'FilterRestart');
    case 'Pausing': {
      await bring(world, adapter, 'Running');
      await world.needs('originatesSends', 'holdCompletions');
      await world.stacks.behave(adapter, { miniportSends: 'hold' });
      await world.applications.ask(await world.applications.userOf(adapter), { what: 'send', count: 1 });
      return world.procedures.note('pause', await rig.pause(adapter));
    }
    case 'Paused':
      await bring(world, adapter, 'Running');
      return world.procedures.arrange('pause', await rig.pause(adapter));
    case 'Detached':
    case 'Detaching':
      await bring(world, adapter, 'Running');
      return world.procedures.arrange('disabling', await rig.disableAdapter(adapter));
    case 'Running':
      await prepare(world, adapter);
      return world.procedures.arrange('enabling', await rig.enableAdapter(adapter));
  }
}

async function attach(world: LwfWorld, adapter: string): Promise<void> {
  await prepare(world, adapter);
  await world.procedures.arrange('attach', await (await world.rig()).attach(adapter));
}

async function prepare(world: LwfWorld, adapter: string): Promise<void> {
  await world.load();
  await world.procedures.arranged('load');
  await world.stacks.plugIn(adapter);
}

/** At the return of a handler a driver has done what it had to do, so only a stop before that shows the state in between. */
async function requireStopInside(world: LwfWorld, handler: string): Promise<void> {
  const stopped = await (await world.rig()).stopped();
  if (stopped.some((point) => point !== `<-${handler}`)) return;
  throw new NotObserved(`the driver does nothing inside ${handler} at which it could be stopped`);
}
