import type { ModuleState } from '../adapters/contract';
import type { Crossing } from '../src/trace';
import { expectThat, NotObserved } from './support/expectation';
import { Then } from './support/steps';
import {
  callsOf,
  entriesOf,
  lifeOf,
  pauseCompletions,
  registeredHandlers,
  registrationsIn,
  restartCompletions,
  returnsOf,
} from './support/trace-query';
import type { ModuleName } from './support/words';
import { requireAlone } from './support/others';
import { succeeded, toldState } from './support/outcomes';
import type { LwfWorld } from './support/world';

// ---- filter modules ----------------------------------------------------------------------------------------

Then('{module} is {state}', async function (name: ModuleName, state: ModuleState) {
  const { module: id, state: found } = await this.patience.until(
    () => this.module(name),
    (module) => module.state === state,
  );
  expectThat(found === state, `the filter module ${id} to be ${state}`, found, lifeOf(await this.seen(), id));
});

Then('{module} is not attached', async function (name: ModuleName) {
  const module = await this.patience.until(
    () => this.findModule(name),
    (found) => found === undefined || found.state === 'Detached',
  );
  expectThat(
    module === undefined || module.state === 'Detached',
    `no filter module on adapter "${name.adapter}"`,
    `${module?.module} is ${module?.state}`,
  );
});

Then('the pause is (still )pending{onAdapter}', async function (adapter: string) {
  const module = await this.module({ adapter, place: 'only' });
  expectThat(
    module.state === 'Pausing',
    `the pause of ${module.module} to be pending`,
    `it is ${module.state}`,
    lifeOf(await this.seen(), module.module),
  );
});

Then('the filter completes the pause exactly once{onAdapter}', async function (adapter: string) {
  const { module } = await this.module({ adapter, place: 'only' });
  const completions = await this.patience.until(
    async () => pauseCompletions(await this.trace(), module),
    ({ length }) => length > 0,
  );
  expectThat(
    completions.length === 1,
    `${module} to complete its pause exactly once, by FilterPause or by NdisFPauseComplete`,
    times(completions.length),
    completions,
  );
});

Then('{procedure} succeeds', async function (procedure: string) {
  const state = await this.procedures.end(procedure);
  expectThat(succeeded(state), `the ${procedure} to succeed`, toldState(state));
});

Then('{procedure} fails', async function (procedure: string) {
  const state = await this.procedures.end(procedure);
  expectThat(state.state === 'done' && !succeeded(state), `the ${procedure} to fail`, toldState(state));
});

Then('{procedure} is pending', async function (procedure: string) {
  const state = await this.procedures.outcome(procedure);
  if (state.state !== 'pending') await this.stops.reachedIfAny();
  expectThat(state.state === 'pending', `the ${procedure} to be under way`, toldState(state));
});

// ---- calls -------------------------------------------------------------------------------------------------

Then('{ddi} returns {ndisStatus}', async function (ddi: string, status: string) {
  const last = await lastReturn(this, ddi);
  await requireAlone(this, ddi);
  expectThat(last?.status === status, `${ddi} to return ${status}`, last?.status ?? 'it has not returned', shown(last));
});

Then('{ddi} returns {ndisStatus} or {ndisStatus}', async function (ddi: string, one: string, other: string) {
  const last = await lastReturn(this, ddi);
  await requireAlone(this, ddi);
  expectThat(
    last?.status === one || last?.status === other,
    `${ddi} to return ${one} or ${other}`,
    last?.status ?? 'it has not returned',
    shown(last),
  );
});

Then('{ddi} has not returned', async function (ddi: string) {
  await requireAlone(this, ddi);
  const since = await this.since();
  const entries = entriesOf(since, ddi);
  const returns = returnsOf(since, ddi);
  expectThat(
    entries.length > returns.length,
    `${ddi} to be under way`,
    entries.length === 0 ? 'it was not entered' : 'it has returned',
    returns,
  );
});

Then('{ddi} is entered {int} time(s)', async function (ddi: string, count: number) {
  const entries = await this.patience.until(
    async () => entriesOf(await this.since(), ddi),
    ({ length }) => length >= count,
  );
  if (count > 0 || entries.length > 0) await requireAlone(this, ddi);
  expectThat(entries.length === count, `NDIS to enter ${ddi} ${times(count)}`, times(entries.length), entries);
});

Then('the filter calls {ddi} exactly once', async function (ddi: string) {
  // A driver may register several filters, and each of these registrations has its end.
  const isOfEach = ddi === 'NdisFDeregisterFilterDriver';
  await expectCalls(this, ddi, isOfEach ? Math.max(registrationsIn(await this.trace()), 1) : 1);
});

Then('the filter calls {ddi} {int} times', async function (ddi: string, count: number) {
  await expectCalls(this, ddi, count);
});

Then('the filter never calls {ddi}', async function (ddi: string) {
  await expectCalls(this, ddi, 0);
});

Then('the driver registers {ddi}', async function (ddi: string) {
  const handlers = registeredHandlers(await this.trace());
  expectThat(handlers.includes(ddi), `${ddi} among the registered entry points`, handlers.join(', ') || 'none');
});

Then('the driver registers both {ddi} and {ddi} or neither', async function (one: string, other: string) {
  const handlers = registeredHandlers(await this.trace());
  expectThat(
    handlers.includes(one) === handlers.includes(other),
    `both ${one} and ${other}, or neither, among the registered entry points`,
    handlers.join(', ') || 'none',
  );
});

Then('the filter completes the restart exactly once{onAdapter}', async function (adapter: string) {
  const { module } = await this.module({ adapter, place: 'only' });
  const completions = await this.patience.until(
    async () => restartCompletions(await this.trace(), module),
    ({ length }) => length > 0,
  );
  expectThat(
    completions.length === 1,
    `${module} to complete its restart exactly once, by FilterRestart or by NdisFRestartComplete`,
    times(completions.length),
    completions,
  );
});

Then('the pause takes at most {int} seconds{onAdapter}', async function (seconds: number, adapter: string) {
  const { module } = await this.module({ adapter, place: 'only' });
  const [completion] = await this.patience.until(
    async () => pauseCompletions(await this.trace(), module),
    ({ length }) => length > 0,
  );
  const entry = entriesOf(await this.trace(), 'FilterPause').findLast((crossing) => crossing.module === module);
  const taken = ((completion?.time ?? Infinity) - (entry?.time ?? 0)) / 1000;
  expectThat(taken <= seconds, `the pause to take at most ${seconds} s`, `${taken} s`, shown(completion));
});

// ---- the application ---------------------------------------------------------------------------------------

Then('the write/request succeeds', async function () {
  const state = await this.applications.lastEnd();
  if (state.state === 'done' && !succeeded(state)) {
    throw new NotObserved(`the driver refused the request of the application, which it may: ${toldState(state)}`);
  }
  expectThat(succeeded(state), 'the request of the application to succeed', toldState(state));
});

Then('the write/request fails', async function () {
  const state = await this.applications.lastEnd();
  expectThat(state.state === 'done' && !succeeded(state), 'the request of the application to fail', toldState(state));
});

Then('the write/request does not succeed', async function () {
  const state = await this.applications.outcome();
  expectThat(!succeeded(state), 'the request of the application to fail, or to wait', toldState(state));
});

/** The last return of a handler, if it returns in time. */
function lastReturn(world: LwfWorld, ddi: string): Promise<Crossing | undefined> {
  return world.patience.until(
    async () => returnsOf(await world.since(), ddi).at(-1),
    (last) => last !== undefined,
  );
}

async function expectCalls(world: LwfWorld, ddi: string, count: number): Promise<void> {
  const calls = await world.patience.until(
    async () => callsOf(await world.since(), ddi),
    ({ length }) => length >= count,
  );
  if (count > 0 || calls.length > 0) await requireAlone(world, ddi);
  expectThat(calls.length === count, `the filter to call ${ddi} ${times(count)}`, times(calls.length), calls);
}

function times(count: number): string {
  return count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`;
}

function shown(crossing: Crossing | undefined): readonly Crossing[] {
  return crossing ? [crossing] : [];
}
