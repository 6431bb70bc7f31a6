import type { NeighbourBooks } from '../adapters/contract';
import { expectThat, NotApplicable, NotObserved } from './support/expectation';
import { listOf } from './support/books';
import { Then } from './support/steps';
import { toldState } from './support/outcomes';
import { insideOf } from './support/trace-query';
import type { Origination, PassThrough, Traffic } from './support/traffic';
import { trafficOf } from './support/traffic';
import { dropsStatus } from './support/tried';
import type { LwfWorld } from './support/world';

// ---- what the filter originates and passes through ---------------------------------------------------------

Then('the filter originates nothing{onAdapter}', async function (adapter: string) {
  const { originated } = await recentTraffic(this, adapter);
  expectThat(
    originated.length === 0,
    'the filter to originate nothing',
    told(originated),
    originated.map(({ crossing }) => crossing),
  );
});

Then('the filter originates nothing inside {ddi}', async function (handler: string) {
  const inside = insideOf(await this.since(), handler);
  const { originated } = trafficOf(await this.trace(), (crossing) => inside.has(crossing));
  expectThat(
    originated.length === 0,
    `the filter to originate nothing inside ${handler}`,
    told(originated),
    originated.map(({ crossing }) => crossing),
  );
});

function originates(sentence: string, kind: Origination['kind']): void {
  Then(sentence, async function (count: number, adapter: string) {
    const found = await this.patience.until(
      async () => (await recentTraffic(this, adapter)).originated.filter((origination) => origination.kind === kind),
      ({ length }) => length >= count,
    );
    if (found.length < count) {
      throw new NotObserved(`the filter originated ${found.length} of ${count} ${kind}s: no rule says that it must`);
    }
    // Frames are counted by whoever asks. How many requests or indications serve one purpose is for the driver to say.
    const asMany = kind === 'OID request' || kind === 'status indication' ? Infinity : count;
    const enough =
      found.length === count || (count > 0 && found.length <= asMany + (await copiesAtMost(this, adapter, kind)));
    expectThat(
      enough,
      `the filter to originate ${count} ${kind}s`,
      told(found),
      found.map(({ crossing }) => crossing),
    );
  });
}

originates('the filter originates {count} send(s){onAdapter}', 'send');
originates('the filter originates {count} receive(s){onAdapter}', 'receive');
originates('the filter originates {count} OID request(s){onAdapter}', 'OID request');
originates('the filter originates {count} status indication(s){onAdapter}', 'status indication');

function passes(sentence: string, kind: PassThrough['kind'], how: string): void {
  Then(sentence, async function (count: number, adapter: string) {
    const found = await this.patience.until(
      async () => (await recentTraffic(this, adapter)).passed.filter((passed) => passed.kind === kind),
      ({ length }) => length >= count,
    );
    const missing = Math.max(count - found.length, 0);
    const copies =
      missing === 0
        ? 0
        : Math.min(missing, await copiesAtMost(this, adapter, kind), await originatedLately(this, adapter, kind));
    expectThat(
      found.length + copies === count,
      `the filter to pass ${count} ${kind}s ${how}`,
      String(found.length),
      found.map(({ crossing }) => crossing),
    );
  });
}

passes('the filter passes {count} send(s) down{onAdapter}', 'send', 'down');
passes('the filter passes {count} receive(s) up{onAdapter}', 'receive', 'up');

Then(
  'the filter has {count} send(s) from above in its hands{onAdapter}',
  async function (count: number, adapter: string) {
    const { sendsHeld } = await this.patience.until(
      () => wholeTraffic(this, adapter),
      (traffic) => traffic.sendsHeld.length === count,
    );
    expectThat(sendsHeld.length === count, `the filter to hold ${count} sends from above`, listed(sendsHeld));
  },
);

Then(
  'the filter has {count} receive(s) from below in its hands{onAdapter}',
  async function (count: number, adapter: string) {
    const { receivesHeld } = await this.patience.until(
      () => wholeTraffic(this, adapter),
      (traffic) => traffic.receivesHeld.length === count,
    );
    expectThat(receivesHeld.length === count, `the filter to hold ${count} receives from below`, listed(receivesHeld));
  },
);

// ---- what comes back ---------------------------------------------------------------------------------------

Then('{count} send(s) come(s) back{onAdapter}', async function (count: number, adapter: string) {
  const back = await sendsBack(this, adapter, count);
  expectThat(back.length === count, `${count} sends to come back to the protocol`, toldBack(back));
});

Then(
  '{count} send(s) come(s) back with {ndisStatus}{onAdapter}',
  async function (count: number, status: string, adapter: string) {
    const back = await sendsBack(this, adapter, count);
    const found = back.filter((send) => send.status === status);
    expectThat(found.length === count, `${count} sends to come back with ${status}`, toldBack(back));
  },
);

Then('{count} receive(s) go(es) back to the miniport{onAdapter}', async function (count: number, adapter: string) {
  const back = await this.patience.until(
    async () => (await listOf(this, adapter, 'receivesBack')).filter((item) => ofTheBatch(this, item)),
    ({ length }) => length >= count,
  );
  expectThat(back.length === count, `${count} receives to go back to the miniport`, listed(back));
});

function holds(sentence: string, who: string, held: 'miniportSends' | 'protocolReceives' | 'miniportOids'): void {
  Then(sentence, async function (count: number, adapter: string) {
    const items = await this.patience.until(
      async () => (await listOf(this, adapter, held)).map(({ item }) => item),
      ({ length }) => length === count,
    );
    expectThat(items.length === count, `${who} to have ${count} of them`, listed(items));
  });
}

holds('the miniport has {count} send(s){onAdapter}', 'the miniport', 'miniportSends');
holds('the protocol has {count} receive(s){onAdapter}', 'the protocol', 'protocolReceives');
holds('the miniport has {count} OID request(s){onAdapter}', 'the miniport', 'miniportOids');

// ---- OID requests, status, events, cancels -----------------------------------------------------------------

Then('the OID request comes back with {ndisStatus}', async function (status: string) {
  const state = await this.oidEnd();
  expectThat(
    state.state === 'done' && state.status === status,
    `the OID request to come back with ${status}`,
    toldState(state),
  );
});

Then(
  '{count} OID request(s) come(s) back with {ndisStatus}{onAdapter}',
  async function (count: number, status: string, adapter: string) {
    const oidsBack = await this.patience.until(
      () => listOf(this, adapter, 'oidsBack'),
      ({ length }) => length >= count,
    );
    const found = oidsBack.filter((request) => request.status === status);
    expectThat(found.length === count, `${count} OID requests to come back with ${status}`, toldBack(oidsBack));
  },
);

Then('the OID request is pending', async function () {
  const state = await this.oidOutcome();
  expectThat(state.state === 'pending', 'the OID request to be pending', toldState(state));
});

function reaches<K extends 'netPnPEventsAbove' | 'devicePnPEventsBelow' | 'cancelsBelow'>(
  sentence: string,
  who: string,
  list: K,
): void {
  Then(sentence, async function (what: string, adapter: string) {
    const arrived = await this.patience.until(
      () => listOf(this, adapter, list),
      (known) => known.includes(what),
    );
    expectThat(arrived.includes(what), `${what} to reach ${who}`, listed(arrived));
  });
}

Then(
  '{ndisStatus} reaches the protocol {int} times{onAdapter}',
  async function (code: string, count: number, adapter: string) {
    const statusesAbove = await this.patience.until(
      () => listOf(this, adapter, 'statusesAbove'),
      (known) => countOf(known, code) >= count,
    );
    const reached = countOf(statusesAbove, code);
    await requirePassedOn(this, code, reached < count ? count : 0);
    expectThat(reached === count, `${code} to reach the protocol ${count} times`, listed(statusesAbove));
  },
);

Then('{ndisStatus} reaches the protocol{onAdapter}', async function (code: string, adapter: string) {
  const statusesAbove = await this.patience.until(
    () => listOf(this, adapter, 'statusesAbove'),
    (known) => known.includes(code),
  );
  await requirePassedOn(this, code, statusesAbove.includes(code) ? 0 : 1);
  expectThat(statusesAbove.includes(code), `${code} to reach the protocol`, listed(statusesAbove));
});

/** A filter may keep a status to itself, and then does so while Running, too. @param count how many should have come; none when they did */
async function requirePassedOn(world: LwfWorld, code: string, count: number): Promise<void> {
  if (count === 0 || !(await dropsStatus(world.stage, code, count))) return;
  throw new NotApplicable(`${world.stage.driver} passes not every ${code} on, while it is Running either`);
}

reaches('{event} reaches the protocol{onAdapter}', 'the protocol', 'netPnPEventsAbove');
reaches('{event} reaches the miniport{onAdapter}', 'the miniport', 'devicePnPEventsBelow');
reaches('the cancel id {string} reaches the miniport{onAdapter}', 'the miniport', 'cancelsBelow');

// ---- looking -----------------------------------------------------------------------------------------------

async function wholeTraffic(world: LwfWorld, adapter: string): Promise<Traffic> {
  const modules = await modulesOf(world, adapter);
  return trafficOf(await world.trace(), (crossing) => modules.has(crossing.module));
}

async function recentTraffic(world: LwfWorld, adapter: string): Promise<Traffic> {
  const modules = await modulesOf(world, adapter);
  return trafficOf(await world.trace(), (crossing) => modules.has(crossing.module) && world.isRecent(crossing));
}

/**
 * A driver may hand on a copy that it made in an NBL of its own: a trace cannot tell it from what it originates.
 * @returns how many copies there can be at most: of what it was given and did not hand on itself
 */
async function copiesAtMost(world: LwfWorld, adapter: string, kind: Origination['kind']): Promise<number> {
  const { taken, passed } = await wholeTraffic(world, adapter);
  const ofKind = (all: readonly PassThrough[]): number => all.filter((each) => each.kind === kind).length;
  return Math.max(ofKind(taken) - ofKind(passed), 0);
}

async function originatedLately(world: LwfWorld, adapter: string, kind: Origination['kind']): Promise<number> {
  return (await recentTraffic(world, adapter)).originated.filter((each) => each.kind === kind).length;
}

async function modulesOf(world: LwfWorld, adapter: string): Promise<ReadonlySet<string | undefined>> {
  const modules = await (await world.rig()).modules();
  return new Set(modules.filter((module) => module.adapter === adapter).map(({ module }) => module));
}

/** @param count how many are awaited */
function sendsBack(world: LwfWorld, adapter: string, count: number): Promise<NeighbourBooks['sendsBack']> {
  return world.patience.until(
    async () => (await listOf(world, adapter, 'sendsBack')).filter(({ item }) => ofTheBatch(world, item)),
    ({ length }) => length >= count,
  );
}

function countOf(items: readonly string[], wanted: string): number {
  return items.filter((item) => item === wanted).length;
}

function ofTheBatch(world: LwfWorld, item: string): boolean {
  return world.lastBatch?.items.includes(item) ?? false;
}

function told(originated: readonly Origination[]): string {
  return originated.length === 0 ? 'nothing' : originated.map(({ kind, what }) => `${kind} ${what}`).join(', ');
}

function toldBack(items: readonly { readonly item: string; readonly status: string }[]): string {
  return items.length === 0 ? 'none' : items.map(({ item, status }) => `${item} with ${status}`).join(', ');
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}
