import { Given, When } from './support/steps';
import type { Asked } from './support/words';
import { DEFAULT_ADAPTER } from './support/words';

Given('{app} has a handle on the filter{onAdapter}', async function (app: string, adapter: string) {
  await this.openToStart(app, adapter);
});

Given(
  '{int} application(s) has/have a handle on the filter{onAdapter}',
  async function (count: number, adapter: string) {
    for (let app = 1; app <= count; app += 1) await this.openToStart(`application ${app}`, adapter);
  },
);

Given('{app} asked the filter to {ask}', async function (app: string, asked: Asked) {
  if (!this.hasHandle(app)) await this.openToStart(app, DEFAULT_ADAPTER);
  await this.askToStart(app, asked);
});

When('{app} opens a handle on the filter{onAdapter}', async function (app: string, adapter: string) {
  await this.open(app, adapter);
});

When('{app} closes its handle', async function (app: string) {
  await this.close(app);
});

When('{app} writes {count} frame(s) to its handle', async function (app: string, count: number) {
  await this.ask(await this.withHandle(app, DEFAULT_ADAPTER), { what: 'send', count });
});

When('{app} writes {count} frames in one chain to its handle', async function (app: string, count: number) {
  await this.ask(await this.withHandle(app, DEFAULT_ADAPTER), { what: 'sendChain', count });
});

When('{app} asks the filter to {ask}', async function (app: string, asked: Asked) {
  await this.ask(await this.withHandle(app, DEFAULT_ADAPTER), asked);
});

When('{app} cancels its requests', async function (app: string) {
  await (await this.rig()).cancelRequests(app);
});
