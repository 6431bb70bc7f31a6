import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisStatus } from '../../src/ndis';
import { ADAPTER_CAPABILITIES, type Rig } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { outcome, rigOf, runningStage, seen, stage, states } from '../ndis/play';
import { handleOf, tinyFilter } from '../ndis/tiny-filter';

/** A life with traffic from everywhere. */
async function live(rig: Rig): Promise<void> {
  await rig.load();
  await rig.addAdapter('A', { layers: ['dut', 'neighbour', 'dut'] });
  await rig.enableAdapter('A');
  await rig.openHandle('app', 'A');
  await rig.sendFromAbove('A', { count: 3, netBuffersEach: 2 });
  await rig.receiveFromBelow('A', { count: 3 });
  await rig.ask('app', 'send', 2);
  await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
  await rig.disableAdapter('A');
  await rig.closeHandle('app');
  await rig.unload();
}

describe('The simulator', () => {
  it('has every capability of an adapter, and knows its driver and its exhibits', async () => {
    const simulator = createSimulator(tinyFilter(), (name) => (name === 'other' ? tinyFilter() : undefined));
    expect([...(await simulator.capabilities()).adapter].sort()).to.deep.equal(
      Object.keys(ADAPTER_CAPABILITIES).sort(),
    );
    expect((await simulator.capabilities()).observation).to.equal('memory');
    expect([simulator.name, simulator.driver]).to.deep.equal(['simulator', 'tiny']);
    expect(simulator.exhibit('other')?.driver).to.equal('tiny');
    expect(simulator.exhibit('unknown')).to.equal(undefined);
    expect((await simulator.profile()).capabilities).to.include('userModeHandles');
  });

  for (const schedule of ['run-to-block', 'random'] as const) {
    it(`makes the same trace from the same seed, ${schedule}`, async () => {
      const traces: string[] = [];
      for (let run = 0; run < 2; run += 1) {
        const rig = await rigOf(tinyFilter(), schedule, 7);
        await live(rig);
        expect(await rig.bugcheck()).to.equal(undefined);
        traces.push(JSON.stringify(await rig.trace()));
      }
      expect(traces[0]).to.equal(traces[1]);
    });
  }

  it('makes different traces from different seeds under the random schedule', async () => {
    const traces = new Set<string>();
    for (let seed = 1; seed <= 5; seed += 1) {
      const rig = await rigOf(tinyFilter(), 'random', seed);
      await live(rig);
      traces.add(JSON.stringify(await rig.trace()));
    }
    expect(traces.size).to.be.greaterThan(1);
  });

  it('numbers crossings without a gap, nests them on each thread, and gives each the columns of its thread', async () => {
    const rig = await rigOf(tinyFilter(), 'random', 3);
    await live(rig);
    const open = new Map<string, string[]>();
    (await rig.trace()).forEach((crossing, i) => {
      expect(crossing.seq).to.equal(i + 1);
      if (crossing.dir === '!!') return;
      expect(crossing).to.include.all.keys('thread', 'cpu', 'irql', 'locks', 'time');
      const stack = open.get(crossing.thread ?? '') ?? [];
      open.set(crossing.thread ?? '', stack);
      const key = `${crossing.ddi}`;
      if (crossing.dir === '->' || crossing.dir === '=>') stack.push(key);
      else expect(stack.pop()).to.equal(key);
    });
    for (const stack of open.values()) expect(stack).to.deep.equal([]);
  });

  it('gives the trace from any crossing on', async () => {
    const { rig } = await runningStage();
    const all = await rig.trace();
    expect(await rig.trace(all.length - 2)).to.deep.equal(all.slice(-2));
  });
});

describe('Stop points', () => {
  const rigWith = () => runningStage();

  it('stop in front of a call, and only inside the handler asked for', async () => {
    const { rig } = await rigWith();
    await rig.stopBefore({ point: 'NdisFSendNetBufferListsComplete', inside: 'FilterSendNetBufferListsComplete' });
    await rig.sendFromAbove('A', { count: 1 });
    expect(await rig.stopped()).to.deep.equal(['NdisFSendNetBufferListsComplete']);
    expect((await rig.neighbours('A')).sendsBack).to.deep.equal([]);
    await rig.letGo();
    expect(await rig.stopped()).to.deep.equal([]);
    expect((await rig.neighbours('A')).sendsBack).to.have.length(1);
  });

  it('stop before a handler is entered and before it returns', async () => {
    for (const [point, state] of [
      ['->FilterPause', 'Pausing'],
      ['<-FilterPause', 'Pausing'],
    ] as const) {
      const { rig } = await rigWith();
      await rig.stopBefore({ point });
      const pause = await rig.pause('A');
      expect(await rig.stopped()).to.deep.equal([point]);
      expect(await states(rig)).to.deep.equal([`m1 ${state}`]);
      expect(await seen(rig, '->', 'FilterPause')).to.have.length(point === '->FilterPause' ? 0 : 1);
      await rig.letGo();
      expect(await outcome(rig, pause)).to.equal('done NDIS_STATUS_SUCCESS');
    }
  });

  it('stop at the first step inside a handler, whatever that is', async () => {
    const { rig } = await stage();
    await rig.stopBefore({ point: '*', inside: 'FilterAttach' });
    await rig.attach('A');
    expect(await rig.stopped()).to.deep.equal(['NdisFSetAttributes']);
    await rig.letGo();
    await rig.stopBefore({ point: '*', inside: 'FilterRestart' });
    await rig.restart('A');
    expect(await rig.stopped()).to.deep.equal(['<-FilterRestart']);
  });

  it('leave the rest of the machine running', async () => {
    const { rig } = await rigWith();
    await rig.stopBefore({ point: '<-FilterSendNetBufferLists' });
    await rig.sendFromAbove('A', { count: 1 });
    await rig.sendFromAbove('A', { count: 1 });
    expect((await rig.neighbours('A')).sendsBack).to.have.length(2);
    expect(await rig.stopped()).to.have.length(1);
  });
});

describe('A rig', () => {
  it('does nothing more after a bugcheck, and says so of what was pending', async () => {
    const { rig } = await runningStage(({ wdk }) => ({
      *PauseHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_PENDING';
      },
      *SendNetBufferListsHandler(module, chain): Call<void> {
        yield* wdk.NdisFSendNetBufferListsComplete(handleOf(module), chain, 0);
        yield* wdk.NdisFSendNetBufferListsComplete(handleOf(module), chain, 0);
      },
    }));
    const pause = await rig.pause('A');
    await rig.stopBefore({ point: 'NdisFIndicateStatus' });
    await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
    await rig.sendFromAbove('A', { count: 1 });
    expect(await rig.stopped()).to.deep.equal([]);
    const { length } = await rig.trace();
    const later = await rig.detach('A');
    await rig.receiveFromBelow('A', { count: 1 });
    await rig.addAdapter('B');
    await rig.enableAdapter('B');
    await rig.letTimePass(1000);
    await rig.letGo();
    await rig.settle();
    expect(await rig.trace()).to.have.length(length);
    for (const operation of [pause, later]) {
      expect(await rig.operation(operation)).to.deep.equal({ state: 'crashed', bugcheck: await rig.bugcheck() });
    }
  });

  it('can be closed at any moment, and again', async () => {
    const { rig } = await runningStage();
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.sendFromAbove('A', { count: 1 });
    await rig.pause('A');
    await rig.close();
    await rig.close();
    const { length } = await rig.trace();
    await rig.completeSends('A');
    expect(await outcome(rig, await rig.detach('A'))).to.equal('pending');
    expect(await rig.trace()).to.have.length(length);
  });

  it('refuses adapters it does not know, and a second one of the same name', async () => {
    const { rig } = await stage();
    for (const act of [() => rig.attach('B'), () => rig.sendFromAbove('B', { count: 1 }), () => rig.addAdapter('A')]) {
      const failure = await act().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(failure).to.be.instanceOf(Error);
    }
  });

  it('tells an ask without a request in the profile, or without a handle, from one that the driver answers', async () => {
    const { rig } = await runningStage();
    expect(await outcome(rig, await rig.ask('app', 'send'))).to.equal('done STATUS_INVALID_PARAMETER');
    await rig.openHandle('app', 'A');
    expect(await outcome(rig, await rig.ask('app', 'oid'))).to.equal('done STATUS_INVALID_DEVICE_REQUEST');
    expect(await outcome(rig, await rig.ask('app', 'send'))).to.equal('done STATUS_SUCCESS');
  });

  it('says whose the things are that the neighbours have', async () => {
    const { rig } = await runningStage();
    await rig.setNeighbours('A', { miniportSends: 'hold', protocolReceives: 'hold', miniportOids: 'hold' });
    const sends = await rig.sendFromAbove('A', { count: 2 });
    const receives = await rig.receiveFromBelow('A', { count: 1 });
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
    const books = await rig.neighbours('A');
    expect(books.miniportSends).to.deep.equal(sends.items.map((item) => ({ item, origin: 'neighbour' })));
    expect(books.protocolReceives).to.deep.equal(receives.items.map((item) => ({ item, origin: 'neighbour' })));
    expect(books.miniportOids).to.deep.equal([{ item: 'o1', origin: 'neighbour' }]);
  });
});
