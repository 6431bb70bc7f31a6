import { abilitiesOf } from './support/needs';
import { Given, Then, When } from './support/steps';
import type { LwfWorld } from './support/world';

type Allocation = 'nbl' | 'memory' | 'oid-clone' | 'pool';

/** More allocations than a scenario can make. */
const EVERY = 1_000_000;

Given('the driver will stop before it calls {ddi}', async function (ddi: string) {
  await this.needs('scheduleControl');
  await this.stops.before({ point: ddi });
});

Given('the driver will stop before it calls {ddi} inside {ddi}', async function (ddi: string, inside: string) {
  await this.needs('scheduleControl');
  await this.stops.before({ point: ddi, inside: await handlerOf(this, inside) });
});

Given('the driver will stop before {ddi} is entered', async function (ddi: string) {
  await this.needs('scheduleControl');
  await this.stops.before({ point: `->${ddi}` });
});

Given('the driver will stop before {ddi} returns', async function (ddi: string) {
  await this.needs('scheduleControl');
  await this.stops.before({ point: `<-${ddi}` });
});

Given(
  'a write of the application has stopped before NdisFSendNetBufferLists{onAdapter}',
  async function (adapter: string) {
    await this.needs('scheduleControl', 'originatesSends');
    const app = await this.applications.userOf(adapter);
    await this.stops.before({ point: 'NdisFSendNetBufferLists' });
    await this.applications.ask(app, { what: 'send', count: 1 });
    await this.stops.reached();
  },
);

Then('a thread of the driver stands still', async function () {
  await this.stops.reached();
});

When('the stopped thread goes on', async function () {
  await this.stops.letGo();
});

When('{int} second(s) pass(es)', async function (seconds: number) {
  await this.needs('virtualTime');
  await (await this.rig()).letTimePass(seconds * 1000);
});

Given('the next {allocation} allocation fails', async function (kind: Allocation) {
  await failAllocations(this, 1, kind);
});

Given('the next {count} {allocation} allocations fail', async function (count: number, kind: Allocation) {
  await failAllocations(this, count, kind);
});

Given('every allocation fails', async function () {
  await failAllocations(this, EVERY, 'any');
});

When('memory is available again', async function () {
  await failAllocations(this, 0, 'any');
});

async function failAllocations(world: LwfWorld, count: number, kind: Allocation | 'any'): Promise<void> {
  await world.needs('memoryPressure');
  await (await world.rig()).failAllocations(count, kind);
}

/** What is a write to one driver is a device control to another: the profile says by which request frames are handed over. */
async function handlerOf(world: LwfWorld, handler: string): Promise<string> {
  if (handler !== 'IRP_MJ_WRITE') return handler;
  const { profile } = await abilitiesOf(world.stage);
  return profile.requests.send?.irp ?? handler;
}
