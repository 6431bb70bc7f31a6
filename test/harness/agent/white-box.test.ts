import { expect } from 'chai';
import type { EtwEvent, Helper } from '../../../adapters/harness/agent/ports';
import { backIn, handed, passes } from '../../../adapters/harness/agent/rig/border';
import { Events } from '../../../adapters/harness/agent/rig/events';
import { turnsOf, viewsOf } from '../../../adapters/harness/agent/rig/lives';
import { WhiteBox } from '../../../adapters/harness/agent/rig/white-box';
import { createSimulator } from '../../../adapters/simulator';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import type { Crossing } from '../../../src/trace';
import { ProbeEvents } from '../fake/probe-events';

const FREQUENCY = 10_000_000n;

/** A life of a driver of the kit, with traffic both ways, in the simulator. */
async function life(): Promise<readonly Crossing[]> {
  const driver = registeredDriver('reference')?.driver;
  if (!driver) throw new Error('no reference');
  const rig = await createSimulator(driver).open({ seed: 1 });
  await rig.load();
  await rig.addAdapter('A');
  await rig.enableAdapter('A');
  await rig.sendFromAbove('A', { count: 2 });
  await rig.receiveFromBelow('A', { count: 2 });
  await rig.receiveFromBelow('A', { count: 1, lowResources: true });
  await rig.pause('A');
  await rig.restart('A');
  await rig.setNeighbours('A', { miniportSends: 'hold' });
  await rig.sendFromAbove('A', { count: 1 });
  return rig.trace();
}

/** The events that its probe would write. */
function eventsOf(trace: readonly Crossing[], end?: 'and is asked at the end'): EtwEvent[] {
  const events: EtwEvent[] = [];
  const probe = new ProbeEvents(({ provider, metadata, payload, cpu }) =>
    events.push({
      provider,
      id: 0,
      version: 0,
      t: String(5000 + events.length * 10_000),
      cpu,
      metadata: Buffer.from(metadata).toString('base64'),
      payload: Buffer.from(payload).toString('base64'),
    }),
  );
  for (const crossing of trace) probe.hear(crossing);
  if (end) probe.mark();
  return events;
}

function seen(events: readonly EtwEvent[]): WhiteBox {
  const sight = new WhiteBox(5000n, FREQUENCY);
  for (const event of events) sight.take(event);
  return sight;
}

describe('a driver that reports what crosses its border', () => {
  let trace: readonly Crossing[];
  let events: readonly EtwEvent[];

  before(async () => {
    trace = await life();
    events = eventsOf(trace);
  });

  it('is seen whole, in order, with states and times', () => {
    const sight = seen(events);
    const { crossings } = sight;
    expect(sight.fault()).to.equal(undefined);
    expect(crossings.map(({ seq }) => seq)).to.deep.equal(crossings.map((_, index) => index + 1));
    expect(crossings[1]?.time).to.be.greaterThan(0);
    const states = turnsOf(crossings).map(({ state }) => state);
    expect(states.join(' ')).to.equal('Attaching Paused Restarting Running Pausing Paused Restarting Running');
    expect(viewsOf(turnsOf(crossings), 'A')).to.deep.equal([
      { module: 'm1', adapter: 'A', position: 0, state: 'Running', restarts: 2 },
    ]);
  });

  it('is seen whole in whatever order its events come', () => {
    const { crossings } = seen(events);
    const shuffled = [...events].sort((a, b) => (Number(a.t) % 7) - (Number(b.t) % 7) || Number(b.t) - Number(a.t));
    expect(seen(shuffled).crossings).to.deep.equal(crossings);
  });

  it('is seen up to the event that was lost, and that is told', () => {
    const whole = seen(events).crossings;
    for (const lost of [0, 20, events.length - 2]) {
      const sight = seen(events.filter((_, index) => index !== lost));
      expect(sight.fault(), String(lost)).to.be.a('string');
      expect(sight.crossings).to.deep.equal(whole.slice(0, sight.crossings.length));
      expect(sight.crossings.length).to.be.at.most(lost);
    }
  });

  it('answers at a flush how much there was, so that a loss at the very end is no silence', () => {
    const answered = (lost: (event: EtwEvent) => boolean): WhiteBox => {
      const written = eventsOf(trace, 'and is asked at the end');
      const sight = new WhiteBox(5000n, FREQUENCY);
      const [answer] = written.slice(-1);
      for (const event of written.slice(0, -4)) sight.take(event);
      sight.flushing();
      for (const event of written.slice(-4)) if (event === answer || !lost(event)) sight.take(event);
      sight.flushed();
      return sight;
    };
    const whole = answered(() => false);
    expect(whole.fault()).to.equal(undefined);
    expect(whole.crossings).to.deep.equal(seen(events).crossings);
    expect(answered(() => true).fault()).to.equal('Events of the probe are missing.');
  });

  it('is not known to the end when the answer is lost too', () => {
    const sight = seen(events);
    sight.flushing();
    sight.flushed();
    expect(sight.fault()).to.match(/did not answer/);
    expect(sight.crossings).to.deep.equal(seen(events).crossings);
  });

  it('says when it ends, and is not asked after that', () => {
    const ended = eventsOf([...trace, { seq: trace.length + 1, dir: '<-', ddi: 'FilterDriverUnload' }]);
    const sight = seen(ended);
    sight.flushing();
    sight.flushed();
    expect(sight.fault()).to.equal(undefined);
    // Without its last word, it may have more to say.
    const unsure = seen(ended.slice(0, -1));
    unsure.flushing();
    unsure.flushed();
    expect(unsure.fault()).to.match(/did not answer/);
  });

  it('is not followed when it is loaded once more', () => {
    const sight = seen(eventsOf([...trace, ...trace]));
    expect(sight.fault()).to.match(/loaded more than once/);
    expect(sight.crossings).to.deep.equal(seen(events).crossings);
  });

  it('is told from another one with a probe that was there before it, and answers as well', () => {
    const both = eventsOf([...trace, ...trace], 'and is asked at the end');
    const other = both.slice(0, events.length);
    const sight = new WhiteBox(5000n, FREQUENCY);
    const [answer] = other.slice(-1);
    if (!answer) throw new Error('no events');
    sight.before({ ...answer, payload: 'AAAA' });
    sight.before(answer);
    for (const event of [...both, ...other]) sight.take(event);
    expect(sight.fault()).to.equal(undefined);
    const told = sight.crossings.map(({ dir, ddi }) => dir + ddi);
    expect(told).to.deep.equal(seen(events).crossings.map(({ dir, ddi }) => dir + ddi));
  });

  it('is not taken for the one that answers before the scenario begins', async () => {
    const [answer] = events.slice(-1);
    let hear: (event: EtwEvent) => void = () => undefined;
    const helper: Helper = {
      request: async (op) => {
        if (op === 'etw.flush' && answer) hear(answer);
        return { t: '0', lost: 0 } as never;
      },
      on: (event, listener) => {
        if (event === 'etw') hear = listener as never;
      },
      close: () => undefined,
    };
    const session = new Events(helper, () => undefined);
    const sight = new WhiteBox(5000n, FREQUENCY);
    await session.listen({
      before: (event) => sight.before(event),
      event: (event) => sight.take(event),
      flushing: () => sight.flushing(),
      flushed: () => sight.flushed(),
      lost: (why) => expect.fail(why),
    });
    await session.flush();
    expect(sight.fault()).to.equal(undefined);
    expect(sight.crossings).to.deep.equal([]);
  });

  it('tells of what cannot be read', () => {
    const [first, ...rest] = events;
    if (!first) throw new Error('no events');
    expect(seen([{ ...first, payload: 'AAAA' }, ...rest]).fault()).to.match(/cannot be read/);
  });

  it('shows what neighbours have handed to it, and what they have back', () => {
    const { crossings } = seen(events);
    const sends = handed(crossings, 'sends');
    const receives = handed(crossings, 'receives');
    expect([passes(crossings, 'sends'), sends.length, receives.length]).to.deep.equal([true, 3, 3]);
    const { sendsBack, receivesBack } = backIn(crossings);
    // The third is held by the miniport.
    expect(sendsBack).to.deep.equal(sends.slice(0, 2).map((item) => ({ item, status: 'NDIS_STATUS_SUCCESS' })));
    expect(receivesBack).to.have.members(receives);
  });

  it('shows nothing of what it is passed by with', () => {
    const without = seen(events).crossings.map((crossing) => ({
      ...crossing,
      ...(crossing.ddi === 'NdisFRegisterFilterDriver' && { args: { handlers: ['FilterAttach'] } }),
    }));
    expect(backIn(without)).to.deep.equal({});
  });
});
