import { expectThat, NotApplicable } from './support/expectation';
import { Given, When } from './support/steps';
import type { Asked } from './support/words';
import { DEFAULT_ADAPTER } from './support/words';
import type { LwfWorld } from './support/world';
import { succeeded, toldState } from './support/outcomes';

Given('{app} has a handle on the filter{onAdapter}', async function (app: string, adapter: string) {
  await openHandle(this, app, adapter);
});

Given(
  '{int} application(s) has/have a handle on the filter{onAdapter}',
  async function (count: number, adapter: string) {
    for (let app = 1; app <= count; app += 1) await openHandle(this, `application ${app}`, adapter);
  },
);

Given('{app} asked the filter to {ask}', async function (app: string, asked: Asked) {
  if (!this.hasHandle(app)) await openHandle(this, app, DEFAULT_ADAPTER);
  const state = await (await this.rig()).operation(await this.ask(app, asked));
  expectThat(succeeded(state), 'the filter to accept the request, as the scenario starts from there', toldState(state));
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

/** A driver need not give handles on a module that is not Running: what would be done through them then is not for it. */
async function openHandle(world: LwfWorld, app: string, adapter: string): Promise<void> {
  const state = await (await world.rig()).operation(await world.open(app, adapter));
  const module = await world.findModule({ adapter, place: 'only' });
  if (state.state === 'done' && !succeeded(state) && module?.state !== 'Running') {
    throw new NotApplicable(
      `${world.stage.driver} gives no handle while its module is ${module?.state ?? 'not attached'}: ${toldState(state)}`,
    );
  }
  expectThat(succeeded(state), 'the application to get a handle, as the scenario starts from there', toldState(state));
}
