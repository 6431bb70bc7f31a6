import { Given, When } from './support/steps';
import type { Asked } from './support/words';
import { DEFAULT_ADAPTER } from './support/words';
import type { LwfWorld } from './support/world';

Given('{app} has a handle on the filter{onAdapter}', async function (app: string, adapter: string) {
  await this.applications.openToStart(app, adapter);
});

Given(
  '{int} application(s) has/have a handle on the filter{onAdapter}',
  async function (count: number, adapter: string) {
    for (let app = 1; app <= count; app += 1) await this.applications.openToStart(`application ${app}`, adapter);
  },
);

Given('{app} asked the filter to {ask}', async function (app: string, asked: Asked) {
  if (!this.applications.hasHandle(app)) await this.applications.openToStart(app, DEFAULT_ADAPTER);
  await this.applications.askToStart(app, asked);
  await afterAsking(this, asked);
});

When('{app} opens a handle on the filter{onAdapter}', async function (app: string, adapter: string) {
  await this.applications.open(app, adapter);
});

When('{app} closes its handle', async function (app: string) {
  await this.applications.close(app);
});

When('{app} writes {count} frame(s) to its handle', async function (app: string, count: number) {
  await this.applications.ask(await this.applications.withHandle(app, DEFAULT_ADAPTER), { what: 'send', count });
});

When('{app} writes {count} frames in one chain to its handle', async function (app: string, count: number) {
  await this.applications.ask(await this.applications.withHandle(app, DEFAULT_ADAPTER), { what: 'sendChain', count });
});

When('{app} asks the filter to {ask}', async function (app: string, asked: Asked) {
  await this.applications.ask(await this.applications.withHandle(app, DEFAULT_ADAPTER), asked);
  await afterAsking(this, asked);
});

When('{app} cancels its requests', async function (app: string) {
  await (await this.rig()).cancelRequests(app);
});

/** NDIS pauses and restarts the module for a bypass. */
async function afterAsking({ procedures }: LwfWorld, { what }: Asked): Promise<void> {
  if (what === 'bypass') await procedures.catchUp();
}
