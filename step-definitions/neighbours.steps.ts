import type { Batch, GiveBack, NeighbourPolicy, Selection } from '../adapters/contract';
import { PASSIVE_LEVEL } from '../src/trace';
import { startsFrom } from './support/expectation';
import { listOf } from './support/books';
import { Given, When } from './support/steps';
import type { LwfWorld } from './support/world';

// ---- how neighbours give back ------------------------------------------------------------------------------

function habit(sentence: string, policy: NeighbourPolicy): void {
  Given(sentence, async function (adapter: string) {
    await this.stacks.behave(adapter, policy);
  });
}

const SENDS: Readonly<Record<string, GiveBack>> = {
  'the miniport keeps the sends it gets{onAdapter}': 'hold',
  'the miniport completes sends inside the call{onAdapter}': 'inside-the-call',
};
const RECEIVES: Readonly<Record<string, GiveBack>> = {
  'the protocol keeps the receives it gets{onAdapter}': 'hold',
  'the protocol returns receives inside the call{onAdapter}': 'inside-the-call',
};
const OIDS: Readonly<Record<string, GiveBack>> = {
  'the miniport keeps the OID requests it gets{onAdapter}': 'hold',
  'the miniport completes OID requests inside the call{onAdapter}': 'inside-the-call',
  'the miniport completes OID requests later{onAdapter}': 'later',
};
for (const [sentence, miniportSends] of Object.entries(SENDS)) habit(sentence, { miniportSends });
for (const [sentence, protocolReceives] of Object.entries(RECEIVES)) habit(sentence, { protocolReceives });
for (const [sentence, miniportOids] of Object.entries(OIDS)) habit(sentence, { miniportOids });
habit('the protocol vetoes removal and sleep{onAdapter}', { protocolVetoes: true });

Given(
  'the miniport completes sends with {ndisStatus}{onAdapter}',
  async function (sendStatus: string, adapter: string) {
    await this.stacks.behave(adapter, { sendStatus });
  },
);

Given(
  'the miniport completes OID requests with {ndisStatus}{onAdapter}',
  async function (oidStatus: string, adapter: string) {
    await this.stacks.behave(adapter, { oidStatus });
  },
);

// ---- what somebody holds when the scenario starts ------------------------------------------------------------

Given(
  'the miniport holds {count} send(s) that the filter originated{onAdapter}',
  async function (count: number, adapter: string) {
    await this.needs('originatesSends', 'holdCompletions');
    await this.stacks.behave(adapter, { miniportSends: 'hold' });
    const app = await this.applications.userOf(adapter);
    await grows(this, adapter, 'the miniport', count, own('miniportSends'), async () => {
      await this.applications.ask(app, { what: 'send', count });
    });
  },
);

Given('the miniport holds {count} send(s) from above{onAdapter}', async function (count: number, adapter: string) {
  await this.needs('holdCompletions');
  await this.stacks.behave(adapter, { miniportSends: 'hold' });
  await grows(this, adapter, 'the miniport', count, passed('miniportSends'), async (rig) => {
    hand(this, 'sends', await rig.sendFromAbove(adapter, { count }));
  });
});

Given(
  'the protocol holds {count} receive(s) that the filter originated{onAdapter}',
  async function (count: number, adapter: string) {
    await this.needs('originatesReceives', 'holdCompletions');
    await this.stacks.behave(adapter, { protocolReceives: 'hold' });
    const app = await this.applications.userOf(adapter);
    await grows(this, adapter, 'the protocol', count, own('protocolReceives'), async () => {
      await this.applications.ask(app, { what: 'receive', count });
    });
  },
);

Given('the protocol holds {count} receive(s) from below{onAdapter}', async function (count: number, adapter: string) {
  await this.needs('holdCompletions');
  await this.stacks.behave(adapter, { protocolReceives: 'hold' });
  await grows(this, adapter, 'the protocol', count, passed('protocolReceives'), async (rig) => {
    hand(this, 'receives', await rig.receiveFromBelow(adapter, { count }));
  });
});

Given('the miniport holds an OID request that the filter originated{onAdapter}', async function (adapter: string) {
  await this.needs('originatesOids', 'holdCompletions');
  await holdOwnOid(this, adapter, 'oid');
});

Given(
  'the miniport holds a synchronous OID request that the filter originated{onAdapter}',
  async function (adapter: string) {
    await this.needs('originatesSynchronousOids', 'holdCompletions');
    await holdOwnOid(this, adapter, 'synchronousOid');
  },
);

Given('the miniport holds an OID request from above{onAdapter}', async function (adapter: string) {
  await this.needs('holdCompletions');
  await this.stacks.behave(adapter, { miniportOids: 'hold' });
  await grows(this, adapter, 'the miniport', 1, passed('miniportOids'), async (rig) => {
    this.oidRequests.push(await rig.oidFromAbove(adapter, 'OID_GEN_STATISTICS'));
  });
});

Given('the filter holds {count} send(s) from above{onAdapter}', async function (count: number, adapter: string) {
  await holdSends(this, adapter, { count });
});

Given(
  'the filter holds {count} send(s) from above with cancel id {string}{onAdapter}',
  async function (count: number, cancelId: string, adapter: string) {
    await holdSends(this, adapter, { count, cancelId });
  },
);

Given('the filter holds {count} receive(s) from below{onAdapter}', async function (count: number, adapter: string) {
  await this.needs('holdsReceives');
  const rig = await this.rig();
  await this.applications.askToStart(await this.applications.userOf(adapter), { what: 'holdReceives', count: 1 });
  hand(this, 'receives', await rig.receiveFromBelow(adapter, { count }));
});

// ---- stimuli -----------------------------------------------------------------------------------------------

When('the protocol sends {count} frame(s){onAdapter}', async function (count: number, adapter: string) {
  hand(this, 'sends', await (await this.rig()).sendFromAbove(adapter, { count }));
});

When(
  'the protocol sends {count} frame(s) with cancel id {string}{onAdapter}',
  async function (count: number, cancelId: string, adapter: string) {
    hand(this, 'sends', await (await this.rig()).sendFromAbove(adapter, { count, cancelId }));
  },
);

When(
  'the protocol sends {count} frame(s) at {irql}{onAdapter}',
  async function (count: number, irql: number, adapter: string) {
    hand(this, 'sends', await (await this.rig()).sendFromAbove(adapter, { count, passive: irql === PASSIVE_LEVEL }));
  },
);

When(
  'the protocol sends {count} frame(s) of {int} net buffers each{onAdapter}',
  async function (count: number, netBuffersEach: number, adapter: string) {
    hand(this, 'sends', await (await this.rig()).sendFromAbove(adapter, { count, netBuffersEach }));
  },
);

When('the miniport indicates {count} receive(s){onAdapter}', async function (count: number, adapter: string) {
  hand(this, 'receives', await (await this.rig()).receiveFromBelow(adapter, { count }));
});

When(
  'the miniport indicates {count} receive(s) with NDIS_RECEIVE_FLAGS_RESOURCES{onAdapter}',
  async function (count: number, adapter: string) {
    hand(this, 'receives', await (await this.rig()).receiveFromBelow(adapter, { count, lowResources: true }));
  },
);

When('the miniport completes {selection}{onAdapter}', async function (which: Selection, adapter: string) {
  await (await this.rig()).completeSends(adapter, which);
});

When(
  'the miniport completes {selection} with {ndisStatus}{onAdapter}',
  async function (which: Selection, status: string, adapter: string) {
    await (await this.rig()).completeSends(adapter, { ...which, status });
  },
);

When(
  'the miniport completes {selection} at {irql}{onAdapter}',
  async function (which: Selection, irql: number, adapter: string) {
    await (await this.rig()).completeSends(adapter, { ...which, passive: irql === PASSIVE_LEVEL });
  },
);

When('the protocol returns {selection}{onAdapter}', async function (which: Selection, adapter: string) {
  await (await this.rig()).returnReceives(adapter, which);
});

When(
  'the protocol returns {selection} at {irql}{onAdapter}',
  async function (which: Selection, irql: number, adapter: string) {
    await (await this.rig()).returnReceives(adapter, { ...which, passive: irql === PASSIVE_LEVEL });
  },
);

When(
  'the protocol cancels the sends with cancel id {string}{onAdapter}',
  async function (cancelId: string, adapter: string) {
    await (await this.rig()).cancelSends(adapter, cancelId);
  },
);

When('the protocol queries {oid}{onAdapter}', async function (oid: string, adapter: string) {
  this.oidRequests.push(await (await this.rig()).oidFromAbove(adapter, oid, 'query'));
});

When('the protocol sets {oid}{onAdapter}', async function (oid: string, adapter: string) {
  this.oidRequests.push(await (await this.rig()).oidFromAbove(adapter, oid, 'set'));
});

When('the protocol cancels its OID request{onAdapter}', async function (adapter: string) {
  await (await this.rig()).cancelOidFromAbove(adapter);
});

When('the miniport completes the OID request(s){onAdapter}', async function (adapter: string) {
  await (await this.rig()).completeOids(adapter);
});

When(
  'the miniport completes the OID request(s) with {ndisStatus}{onAdapter}',
  async function (status: string, adapter: string) {
    await (await this.rig()).completeOids(adapter, { status });
  },
);

When('the miniport indicates {ndisStatus}{onAdapter}', async function (code: string, adapter: string) {
  await (await this.rig()).statusFromBelow(adapter, code);
});

// ---- arranging ---------------------------------------------------------------------------------------------

type Held = 'miniportSends' | 'protocolReceives' | 'miniportOids';
interface Counted {
  readonly held: Held;
  readonly origin: 'filter' | 'neighbour';
}

/** What a neighbour holds that the filter originated. */
function own(held: Held): Counted {
  return { held, origin: 'filter' };
}

/** What a neighbour holds that passed through the filter. */
function passed(held: Held): Counted {
  return { held, origin: 'neighbour' };
}

/** Arranges that a neighbour holds so many more. */
async function grows(
  world: LwfWorld,
  adapter: string,
  who: string,
  count: number,
  { held, origin }: Counted,
  arrange: (rig: Awaited<ReturnType<LwfWorld['rig']>>) => Promise<void>,
): Promise<void> {
  const counted = async (): Promise<number> =>
    (await listOf(world, adapter, held)).filter((item) => item.origin === origin).length;
  const before = await counted();
  await arrange(await world.rig());
  const after = await world.patience.until(counted, (now) => now - before >= count);
  startsFrom(after - before === count, `${who} holding ${count} of them`, `it holds ${after - before}`);
}

async function holdOwnOid(world: LwfWorld, adapter: string, what: 'oid' | 'synchronousOid'): Promise<void> {
  await world.stacks.behave(adapter, { miniportOids: 'hold' });
  const app = await world.applications.userOf(adapter);
  await grows(world, adapter, 'the miniport', 1, own('miniportOids'), async () => {
    await world.applications.ask(app, { what, count: 1 });
  });
  // The driver may have more to ask once this one has come back.
  await world.stacks.behave(adapter, { miniportOids: 'inside-the-call' });
}

async function holdSends(
  world: LwfWorld,
  adapter: string,
  what: { readonly count: number; readonly cancelId?: string },
): Promise<void> {
  await world.needs('holdsSends');
  const rig = await world.rig();
  await world.applications.askToStart(await world.applications.userOf(adapter), { what: 'holdSends', count: 1 });
  hand(world, 'sends', await rig.sendFromAbove(adapter, what));
}

function hand(world: LwfWorld, what: 'sends' | 'receives', batch: Batch): void {
  world.lastBatch = batch;
  world.handed[what] += batch.items.length;
}
