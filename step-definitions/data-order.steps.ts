/** In which order NDIS did what: the sequences of the specification. */
import { defineParameterType } from '@cucumber/cucumber';
import type { Crossing } from '../src/trace';
import { expectThat, NotApplicable } from './support/expectation';
import { Given, Then } from './support/steps';
import { registeredHandlers } from './support/trace-query';
import type { ModuleName } from './support/words';
import { DEFAULT_ADAPTER } from './support/words';
import type { LwfWorld } from './support/world';

/** A part of a filter module's life: the handler with which it begins, and how it may end. */
interface Stage {
  readonly handler: string;
  readonly completion?: string;
}

const NET_PNP_HANDLER = 'FilterNetPnPEvent';

const STAGES: Readonly<Record<string, Stage>> = {
  attaches: { handler: 'FilterAttach' },
  restarts: { handler: 'FilterRestart', completion: 'NdisFRestartComplete' },
  pauses: { handler: 'FilterPause', completion: 'NdisFPauseComplete' },
  detaches: { handler: 'FilterDetach' },
};

defineParameterType({
  name: 'stage',
  regexp: /attaches|restarts|pauses|detaches/,
  transformer: (verb: string) => STAGES[verb] as Stage,
});

Given('the system went to sleep{onAdapter}', async function (adapter: string) {
  await this.procedures.arrange('sleep', await (await this.rig()).suspend(adapter));
});

Then('NDIS enters {ddi} before {ddi}{onAdapter}', async function (first: string, second: string, adapter: string) {
  await requireHandlers(this, first, second);
  const entries = await this.patience.until(
    () => recentlyEntered(this, adapter),
    (entered) => entered.some(({ ddi }) => ddi === second),
  );
  const earlier = entries.find(({ ddi }) => ddi === first);
  const later = entries.find(({ ddi }) => ddi === second);
  expectOrder(earlier, later, `NDIS to enter ${first}, and ${second} after it`);
});

Then(
  'NDIS sends {event} before it enters {ddi}{onAdapter}',
  async function (event: string, ddi: string, adapter: string) {
    await requireHandlers(this, NET_PNP_HANDLER, ddi);
    const entries = await this.patience.until(
      () => recentlyEntered(this, adapter),
      (entered) => entered.some((entry) => entry.ddi === ddi),
    );
    const told = entries.find((entry) => entry.ddi === NET_PNP_HANDLER && entry.args?.['event'] === event);
    const entered = entries.find((entry) => entry.ddi === ddi);
    expectOrder(told, entered, `NDIS to send ${event}, and to enter ${ddi} after it`);
  },
);

Then(
  'NDIS {stage} {module} before {module}',
  async function ({ handler, completion }: Stage, first: ModuleName, second: ModuleName) {
    const begin = await firstEntry(this, second, handler);
    const end = await lastOf(this, first, (crossing) => isEnd(crossing, handler, completion));
    expectOrder(
      end,
      begin,
      `${handler} of the ${first.place} module to be over before that of the ${second.place} one begins`,
    );
  },
);

Then(
  'NDIS {stage} {module} before it {stage} {module}',
  async function (early: Stage, first: ModuleName, late: Stage, second: ModuleName) {
    const begin = await firstEntry(this, second, late.handler);
    const end = await lastOf(this, first, (crossing) => isEnd(crossing, early.handler, early.completion));
    expectOrder(
      end,
      begin,
      `${early.handler} of the ${first.place} module to be over before ${late.handler} of the ${second.place} one begins`,
    );
  },
);

function isEnd(crossing: Crossing, handler: string, completion: string | undefined): boolean {
  if (crossing.dir === '<-' && crossing.ddi === handler) return crossing.status !== 'NDIS_STATUS_PENDING';
  return crossing.dir === '=>' && crossing.ddi === completion;
}

/** @throws NotApplicable when the driver has left one of the entry points NULL: NDIS passes it by */
async function requireHandlers(world: LwfWorld, ...names: readonly string[]): Promise<void> {
  const registered = registeredHandlers(await world.trace());
  const missing = names.find((name) => !registered.includes(name));
  if (missing !== undefined) throw new NotApplicable(`the driver has no ${missing}`);
}

/** Handlers of the modules on an adapter that NDIS entered lately, in order. */
async function recentlyEntered(world: LwfWorld, adapter: string): Promise<Crossing[]> {
  const modules = new Set((await livesOn(world, adapter)).map(({ module }) => module));
  return (await world.since()).filter(
    ({ dir, module, neighbour }) =>
      dir === '->' && neighbour === undefined && module !== undefined && modules.has(module),
  );
}

/** The first entry of a handler, if it is entered in time. */
function firstEntry(world: LwfWorld, name: ModuleName, handler: string): Promise<Crossing | undefined> {
  return world.patience.until(
    async () => (await ofModule(world, name, handler)).find(({ dir }) => dir === '->'),
    (entry) => entry !== undefined,
  );
}

async function lastOf(
  world: LwfWorld,
  name: ModuleName,
  matches: (crossing: Crossing) => boolean,
): Promise<Crossing | undefined> {
  return (await ofModule(world, name)).findLast(matches);
}

/** Recent crossings of the upper or lower one of the modules that NDIS dealt with lately. */
async function ofModule(world: LwfWorld, { adapter, place }: ModuleName, handler?: string): Promise<Crossing[]> {
  const since = await world.since();
  const busy = new Set(since.filter(({ neighbour }) => neighbour === undefined).map(({ module }) => module));
  const lives = (await livesOn(world, adapter ?? DEFAULT_ADAPTER)).filter(({ module }) => busy.has(module));
  const ordered = [...lives].sort((left, right) => left.position - right.position);
  const chosen = place === 'upper' ? ordered.at(-1) : ordered[0];
  return since.filter(
    ({ module, ddi, neighbour }) =>
      neighbour === undefined && module === chosen?.module && (handler === undefined || ddi === handler),
  );
}

async function livesOn(world: LwfWorld, adapter: string): ReturnType<Awaited<ReturnType<LwfWorld['rig']>>['modules']> {
  return (await (await world.rig()).modules()).filter((module) => module.adapter === adapter);
}

function expectOrder(earlier: Crossing | undefined, later: Crossing | undefined, expected: string): void {
  const shown = [earlier, later].filter((crossing): crossing is Crossing => crossing !== undefined);
  expectThat(earlier !== undefined && later !== undefined, expected, 'one of the two did not happen', shown);
  expectThat(earlier.seq < later.seq, expected, 'they happened in the other order', shown);
}
