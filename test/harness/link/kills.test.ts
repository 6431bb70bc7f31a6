import { expect } from 'chai';
import type { NumberedObservation } from '../../../adapters/harness/protocol';
import type { Session } from '../../../adapters/harness/controller';
import { Backoff } from '../../../adapters/harness/controller/backoff';
import { FakeClock } from './fake-clock';
import { TestMachine, type Kill } from './in-process';
import { playPause } from './machine';

interface Played {
  readonly trace: readonly string[] | undefined;
  readonly events: readonly NumberedObservation[];
  readonly lost: number;
}

/** Plays the scenario until it is through, looking at what was seen after each attempt. */
async function play(session: Session, attempts = 3): Promise<Played> {
  const events: NumberedObservation[] = [];
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      const rig = await session.adapter.open({ seed: 1 });
      try {
        const trace = await playPause(rig);
        events.push(...(await session.observations()));
        return { trace, events, lost: session.lost };
      } finally {
        await rig.close();
      }
    } catch {
      // The agent was killed: the next rig is opened on another one.
    }
  }
  return { trace: undefined, events, lost: session.lost };
}

/** Numbers count from 1 in each boot, each once. */
function expectWhole(events: readonly NumberedObservation[]): void {
  const boots = new Map<string, number>();
  for (const { boot, seq } of events) {
    expect(seq, `after ${boots.get(boot)} of ${boot}`).to.equal((boots.get(boot) ?? 0) + 1);
    boots.set(boot, seq);
  }
}

describe('an agent that is killed', () => {
  const clock = {
    every: () => () => undefined,
    after: (_: number, work: () => void) => (setImmediate(work), () => undefined),
  };
  let undisturbed: Played;
  let steps: TestMachine['steps'];

  before(async () => {
    const machine = new TestMachine(clock);
    const session = await machine.session();
    undisturbed = await play(session);
    await session.end();
    steps = machine.steps;
    expect(machine.changed).to.have.property('size', 0);
    expectWhole(undisturbed.events);
    expect(undisturbed.trace).to.include('->FilterPause');
    expect(undisturbed.events).to.have.length.greaterThan(10);
  });

  async function playWith(kill: Kill): Promise<void> {
    const machine = new TestMachine(clock);
    machine.killAt(kill);
    const session = await machine.session().catch(() => machine.session());
    const played = await play(session);
    await session.end();
    // The last goodbye may be the step: whoever comes next finds nothing.
    await (await machine.session({ run: 'run-2' })).end();
    expect([...machine.changed], 'left changed').to.deep.equal([]);
    expect(played.trace).to.deep.equal(undisturbed.trace);
    expect(played.lost).to.equal(0);
    expectWhole(played.events);
    const names = played.events.map(({ name }) => name);
    expect(names.slice(-undisturbed.events.length), 'seen of the last attempt').to.deep.equal(
      undisturbed.events.map(({ name }) => name),
    );
  }

  for (const at of ['reads', 'writes', 'journals'] as const) {
    it(`at any line that it ${at} leaves the machine as it was, and nothing seen is lost or doubled`, async () => {
      for (let step = 1; step <= steps[at]; step += 1) await playWith({ at, step });
    });

    it(`with its machine, at any line that it ${at}, is found again on another boot`, async () => {
      for (let step = 1; step <= steps[at]; step += 1) await playWith({ at, step, withMachine: true });
    });
  }
});

describe('a machine that is lost', () => {
  it('is tried again with longer and longer breaks, and brought back when patience ends', async () => {
    const clock = new FakeClock();
    const machine = new TestMachine(clock);
    let isUp = true;
    let attempts = 0;
    let revived = 0;
    const session = await machine.session({
      channel: (listener) => {
        if (isUp) return machine.open(listener);
        attempts += 1;
        queueMicrotask(() => listener.closed('ended with exit code 255'));
        return { write: () => undefined, end: () => undefined, kill: () => undefined };
      },
      revive: async () => {
        revived += 1;
        isUp = true;
      },
    });
    isUp = false;
    machine.killAt({ at: 'reads', step: machine.steps.reads + 1 });
    const lost = await session.adapter.open({ seed: 1 }).catch((failure: unknown) => failure);
    expect(lost).to.have.property('kind', 'lost');
    const opened = session.adapter.open({ seed: 1 });
    await clock.pass(9000);
    expect(attempts).to.be.within(6, 9);
    expect(revived).to.equal(0);
    await clock.pass(2000);
    const rig = await opened;
    expect(revived).to.equal(1);
    await rig.close();
    await session.end();
    expect(machine.changed.size).to.equal(0);
  });

  it('that takes all its time to say nothing is not waited for any longer', async () => {
    const clock = new FakeClock();
    let attempts = 0;
    const tried = new Backoff(clock, 300_000).run(
      () => {
        attempts += 1;
        return new Promise((_resolve, reject) => clock.after(60_000, () => reject(new Error('no answer'))));
      },
      () => true,
    );
    const failed = tried.catch((failure: unknown) => failure);
    await clock.pass(400_000);
    expect(attempts).to.equal(5);
    expect(await failed).to.have.property('message', 'no answer');
  });

  it('is not tried again where that is in vain', async () => {
    const machine = new TestMachine(new FakeClock());
    const failure = await machine
      .session({
        channel: (listener) => {
          queueMicrotask(() => {
            listener.log('lwf@lab-1: Permission denied (publickey).\n');
            listener.closed('ended with exit code 255');
          });
          return { write: () => undefined, end: () => undefined, kill: () => undefined };
        },
      })
      .catch((thrown: unknown) => thrown);
    expect(failure).to.have.property('kind', 'environment');
    expect((failure as Error).message).to.match(/does not accept the key/);
  });
});
