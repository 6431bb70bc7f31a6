import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NetBufferList } from '../../src/ndis';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../../src/ndis';
import type { Stage } from './play';
import { runningStage, seen, seqNow, told } from './play';
import { handleOf, ownNbl } from './tiny-filter';

const DATA = /NetBufferLists/;

/** Makes the filter originate one send by a write of the application; the miniport keeps it. */
async function originate({ rig, tiny }: Stage): Promise<void> {
  await rig.setNeighbours('A', { miniportSends: 'hold' });
  await rig.openHandle('app', 'A');
  tiny.onWrite = function* () {
    const [handle] = tiny.handles;
    if (!handle) return;
    yield* tiny.wdk.NdisFSendNetBufferLists(handle, yield* ownNbl(tiny, handle), 0, 0);
  };
  await rig.ask('app', 'send');
}

/** Puts NBLs of a chain that are the filter's own aside, and completes the others upward. */
function* splitCompletions(
  { tiny }: { readonly tiny: Stage['tiny'] },
  module: unknown,
  chain: NetBufferList,
  flags: number,
): Call<void> {
  const foreign: NetBufferList[] = [];
  for (let nbl: NetBufferList | null = chain; nbl; nbl = nbl.Next) {
    if (nbl.SourceHandle !== handleOf(module)) foreign.push(nbl);
  }
  const [head] = foreign;
  if (!head) return;
  foreign.forEach((nbl, i) => (nbl.Next = foreign[i + 1] ?? null));
  yield* tiny.wdk.NdisFSendNetBufferListsComplete(handleOf(module), head, flags);
}

describe('NBLs on their way', () => {
  it('a send goes down through all filters and its completion comes up the same way', async () => {
    const { rig } = await runningStage(undefined, { layers: ['dut', 'neighbour', 'dut'] });
    const before = await seqNow(rig);
    const batch = await rig.sendFromAbove('A', { count: 2 });
    expect(told(await rig.trace(before), DATA)).to.deep.equal([
      'protocol =>NdisSendNetBufferLists',
      'm2 ->FilterSendNetBufferLists',
      'm2 =>NdisFSendNetBufferLists',
      'filter:N1 ->FilterSendNetBufferLists',
      'm1 ->FilterSendNetBufferLists',
      'm1 =>NdisFSendNetBufferLists',
      'miniport ->MiniportSendNetBufferLists',
      'miniport =>NdisMSendNetBufferListsComplete',
      'm1 ->FilterSendNetBufferListsComplete',
      'm1 =>NdisFSendNetBufferListsComplete',
      'filter:N1 ->FilterSendNetBufferListsComplete',
      'm2 ->FilterSendNetBufferListsComplete',
      'm2 =>NdisFSendNetBufferListsComplete',
      'protocol ->ProtocolSendNetBufferListsComplete',
    ]);
    expect((await rig.neighbours('A')).sendsBack.map(({ item }) => item)).to.deep.equal(batch.items);
  });

  it('a receive goes up through all filters and its return comes down the same way', async () => {
    const { rig } = await runningStage(undefined, { layers: ['dut', 'neighbour'] });
    const before = await seqNow(rig);
    const batch = await rig.receiveFromBelow('A', { count: 2 });
    expect(told(await rig.trace(before), DATA)).to.deep.equal([
      'miniport =>NdisMIndicateReceiveNetBufferLists',
      'm1 ->FilterReceiveNetBufferLists',
      'm1 =>NdisFIndicateReceiveNetBufferLists',
      'filter:N1 ->FilterReceiveNetBufferLists',
      'protocol ->ProtocolReceiveNetBufferLists',
      'protocol =>NdisReturnNetBufferLists',
      'filter:N1 ->FilterReturnNetBufferLists',
      'm1 ->FilterReturnNetBufferLists',
      'm1 =>NdisFReturnNetBufferLists',
      'miniport ->MiniportReturnNetBufferLists',
    ]);
    expect((await rig.neighbours('A')).receivesBack).to.deep.equal(batch.items);
  });

  it('handlers that are NULL are skipped, on the way out and on the way home', async () => {
    const { rig } = await runningStage(() => ({
      SendNetBufferListsHandler: null,
      CancelSendNetBufferListsHandler: null,
      ReturnNetBufferListsHandler: null,
    }));
    const before = await seqNow(rig);
    await rig.sendFromAbove('A', { count: 1 });
    await rig.receiveFromBelow('A', { count: 1 });
    await rig.cancelSends('A', 'c1');
    const story = told(await rig.trace(before), /^Filter|^NdisF/);
    expect(story).to.deep.equal(['m1 ->FilterReceiveNetBufferLists', 'm1 =>NdisFIndicateReceiveNetBufferLists']);
    const books = await rig.neighbours('A');
    expect([books.sendsBack.length, books.receivesBack.length, books.cancelsBelow.length]).to.deep.equal([1, 1, 1]);
  });

  it("a receive with RESOURCES is the miniport's again when the call returns, and nobody returns it", async () => {
    const { rig } = await runningStage(undefined, { layers: ['dut', 'neighbour', 'dut'] });
    const batch = await rig.receiveFromBelow('A', { count: 2, lowResources: true });
    const books = await rig.neighbours('A');
    expect(books.receivesBack).to.deep.equal(batch.items);
    expect(told(await rig.trace(), /Return/)).to.deep.equal([]);
    const back = (await seen(rig, '<-', 'FilterReceiveNetBufferLists'))[0];
    expect(back?.nbls?.map(({ nbl }) => nbl)).to.deep.equal(batch.items);
  });

  it('completions of own and foreign sends merge into one chain that stops at the originator', async () => {
    const staged = await runningStage((tiny) => ({
      SendNetBufferListsCompleteHandler: (module, chain, flags) => splitCompletions({ tiny }, module, chain, flags),
    }));
    const { rig } = staged;
    await originate(staged);
    await rig.sendFromAbove('A', { count: 2 });
    await rig.completeSends('A');
    const merged = (await seen(rig, '->', 'FilterSendNetBufferListsComplete'))[0];
    expect(merged?.nbls).to.have.length(3);
    expect((await rig.neighbours('A')).sendsBack).to.have.length(2);
    expect(await rig.bugcheck()).to.equal(undefined);
  });

  it('the miniport completes in the order, the number and the chains a scenario asks for', async () => {
    const { rig } = await runningStage();
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    const batch = await rig.sendFromAbove('A', { count: 4 });
    await rig.completeSends('A', { count: 2, order: 'newest-first', oneChain: false, status: 'NDIS_STATUS_RESOURCES' });
    await rig.completeSends('A', { passive: true });
    const chains = (await seen(rig, '->', 'FilterSendNetBufferListsComplete')).map(({ nbls, irql }) => [
      nbls?.map(({ nbl }) => batch.items.indexOf(nbl)),
      irql,
    ]);
    expect(chains).to.deep.equal([
      [[3], 2],
      [[2], 2],
      [[0, 1], 0],
    ]);
    expect((await rig.neighbours('A')).sendsBack.map(({ status }) => status)).to.deep.equal([
      'NDIS_STATUS_RESOURCES',
      'NDIS_STATUS_RESOURCES',
      'NDIS_STATUS_SUCCESS',
      'NDIS_STATUS_SUCCESS',
    ]);
  });

  it('the protocol waits for its sends before it lets anything be paused', async () => {
    const { rig } = await runningStage();
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.sendFromAbove('A', { count: 1 });
    const pause = await rig.pause('A');
    expect((await rig.operation(pause)).state).to.equal('pending');
    expect(await seen(rig, '->', 'FilterPause')).to.deep.equal([]);
    await rig.completeSends('A');
    expect((await rig.operation(pause)).state).to.equal('done');
  });

  it('the miniport waits for its receives, and completes its sends, before it is paused', async () => {
    const staged = await runningStage((tiny) => ({
      SendNetBufferListsCompleteHandler: (module, chain, flags) => splitCompletions({ tiny }, module, chain, flags),
    }));
    const { rig } = staged;
    await originate(staged);
    await rig.setNeighbours('A', { protocolReceives: 'hold' });
    await rig.receiveFromBelow('A', { count: 1 });
    const pause = await rig.pause('A');
    expect((await rig.neighbours('A')).miniportSends).to.deep.equal([]);
    expect((await rig.operation(pause)).state).to.equal('pending');
    await rig.returnReceives('A');
    expect((await rig.operation(pause)).state).to.equal('done');
  });

  it('a late send goes straight into the filter, and past it comes back PAUSED', async () => {
    const { rig } = await runningStage(undefined, { layers: ['dut', 'neighbour'] });
    await rig.pause('A');
    const before = await seqNow(rig);
    await rig.sendFromAbove('A', { count: 1 });
    expect(told(await rig.trace(before), /Send/)).to.deep.equal([
      'protocol =>NdisSendNetBufferLists',
      'm1 ->FilterSendNetBufferLists',
      'm1 =>NdisFSendNetBufferLists',
      'miniport ->MiniportSendNetBufferLists',
      'miniport =>NdisMSendNetBufferListsComplete',
      'm1 ->FilterSendNetBufferListsComplete',
      'm1 =>NdisFSendNetBufferListsComplete',
      'protocol ->ProtocolSendNetBufferListsComplete',
    ]);
    expect((await rig.neighbours('A')).sendsBack[0]?.status).to.equal('NDIS_STATUS_PAUSED');
  });

  it('a paused neighbour refuses what comes to it', async () => {
    const { rig } = await runningStage(undefined, { layers: ['neighbour', 'dut'] });
    await rig.pause('A');
    await rig.sendFromAbove('A', { count: 1 });
    expect((await rig.neighbours('A')).sendsBack[0]?.status).to.equal('NDIS_STATUS_PAUSED');
    expect(told(await rig.trace(), /MiniportSend/)).to.deep.equal([]);
  });

  it('cancel ids reach the miniport, which aborts what it has', async () => {
    const { rig } = await runningStage();
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.sendFromAbove('A', { count: 1, cancelId: 'c1' });
    await rig.sendFromAbove('A', { count: 1, cancelId: 'c2' });
    await rig.cancelSends('A', 'c1');
    const books = await rig.neighbours('A');
    expect(books.sendsBack.map(({ status }) => status)).to.deep.equal(['NDIS_STATUS_SEND_ABORTED']);
    expect(books.miniportSends).to.have.length(1);
    expect(books.cancelsBelow).to.deep.equal(['c1']);
  });

  it('retreat and advance leave a buffer as it was, with and without room in front', async () => {
    for (const delta of [8, 100]) {
      const { rig } = await runningStage((tiny) => ({
        *SendNetBufferListsHandler(module, chain, port, flags): Call<void> {
          const nb = chain.FirstNetBuffer;
          if (nb) {
            expect(yield* tiny.wdk.NdisRetreatNetBufferDataStart(nb, delta)).to.equal('NDIS_STATUS_SUCCESS');
            expect(nb.DataLength).to.equal(60 + delta);
            yield* tiny.wdk.NdisAdvanceNetBufferDataStart(nb, delta);
          }
          yield* tiny.wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags);
        },
      }));
      await rig.sendFromAbove('A', { count: 1 });
      const before = (await seen(rig, '->', 'FilterSendNetBufferLists'))[0]?.nbls;
      const after = (await seen(rig, '=>', 'NdisFSendNetBufferLists'))[0]?.nbls;
      expect(after).to.deep.equal(before);
    }
  });
});

describe('What a broken owner brings down', () => {
  /** Runs one handler of the filter in another way, provokes it, and tells the bugcheck. */
  const cases: readonly {
    readonly name: string;
    readonly code: string;
    readonly play: () => Promise<Stage['rig']>;
  }[] = [
    {
      name: 'a send completed twice',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *SendNetBufferListsHandler(module, chain, _port, flags): Call<void> {
            yield* wdk.NdisFSendNetBufferListsComplete(handleOf(module), chain, flags);
            yield* wdk.NdisFSendNetBufferListsComplete(handleOf(module), chain, flags);
          },
        }));
        await rig.sendFromAbove('A', { count: 1 });
        return rig;
      },
    },
    {
      name: 'an own send completed upward',
      code: '0xD1',
      play: async () => {
        const staged = await runningStage();
        await originate(staged);
        await staged.rig.completeSends('A');
        return staged.rig;
      },
    },
    {
      name: 'a send of an NBL that was freed',
      code: '0x3B',
      play: async () => {
        const { rig, tiny } = await runningStage();
        await rig.openHandle('app', 'A');
        tiny.onWrite = function* () {
          const [handle] = tiny.handles;
          if (!handle) return;
          const nbl = yield* ownNbl(tiny, handle);
          yield* tiny.wdk.NdisFreeNetBufferList(nbl);
          yield* tiny.wdk.NdisFSendNetBufferLists(handle, nbl, 0, 0);
        };
        await rig.ask('app', 'send');
        return rig;
      },
    },
    {
      name: 'a send that the miniport has, sent again',
      code: '0xD1',
      play: async () => {
        const { rig, tiny } = await runningStage();
        await rig.setNeighbours('A', { miniportSends: 'hold' });
        await rig.openHandle('app', 'A');
        tiny.onWrite = function* () {
          const [handle] = tiny.handles;
          if (!handle) return;
          const nbl = yield* ownNbl(tiny, handle);
          yield* tiny.wdk.NdisFSendNetBufferLists(handle, nbl, 0, 0);
          yield* tiny.wdk.NdisFSendNetBufferLists(handle, nbl, 0, 0);
        };
        await rig.ask('app', 'send');
        return rig;
      },
    },
    {
      name: 'a receive returned twice',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *ReceiveNetBufferListsHandler(module, chain): Call<void> {
            yield* wdk.NdisFReturnNetBufferLists(handleOf(module), chain, 0);
            yield* wdk.NdisFReturnNetBufferLists(handleOf(module), chain, 0);
          },
        }));
        await rig.receiveFromBelow('A', { count: 1 });
        return rig;
      },
    },
    {
      name: 'a lent receive returned',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *ReceiveNetBufferListsHandler(module, chain): Call<void> {
            yield* wdk.NdisFReturnNetBufferLists(handleOf(module), chain, 0);
          },
        }));
        await rig.receiveFromBelow('A', { count: 1, lowResources: true });
        return rig;
      },
    },
    {
      name: 'a lent receive given away without RESOURCES',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *ReceiveNetBufferListsHandler(module, chain, port, count, flags): Call<void> {
            const kept = flags & ~NDIS_RECEIVE_FLAGS_RESOURCES;
            yield* wdk.NdisFIndicateReceiveNetBufferLists(handleOf(module), chain, port, count, kept);
          },
        }));
        await rig.receiveFromBelow('A', { count: 1, lowResources: true });
        return rig;
      },
    },
    {
      name: 'a send without SourceHandle that comes home',
      code: '0xD1',
      play: async () => {
        const { rig, tiny } = await runningStage();
        await rig.openHandle('app', 'A');
        tiny.onWrite = function* () {
          const [handle] = tiny.handles;
          if (!handle) return;
          const nbl = yield* ownNbl(tiny, handle);
          nbl.SourceHandle = null;
          yield* tiny.wdk.NdisFSendNetBufferLists(handle, nbl, 0, 0);
        };
        await rig.ask('app', 'send');
        expect((await seen(rig, '=>', 'NdisFSendNetBufferLists'))[0]?.nbls?.[0]?.source).to.equal('NULL');
        return rig;
      },
    },
    {
      name: 'the SourceHandle of a foreign send overwritten',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *SendNetBufferListsHandler(module, chain, port, flags): Call<void> {
            chain.SourceHandle = handleOf(module);
            yield* wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags);
          },
        }));
        await rig.sendFromAbove('A', { count: 1 });
        return rig;
      },
    },
    {
      name: 'ProtocolReserved of a send overwritten',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *SendNetBufferListsHandler(module, chain, port, flags): Call<void> {
            chain.ProtocolReserved = module;
            yield* wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags);
          },
        }));
        await rig.sendFromAbove('A', { count: 1 });
        expect(await seen(rig, '!!', 'Access')).to.have.length(1);
        return rig;
      },
    },
    {
      name: 'a pool freed under a live NBL',
      code: '0x19',
      play: async () => {
        const { rig, tiny } = await runningStage();
        await rig.openHandle('app', 'A');
        tiny.onWrite = function* () {
          const [handle] = tiny.handles;
          if (!handle) return;
          const parameters = { fAllocateNetBuffer: true, ContextSize: 0, PoolTag: 'Tiny', DataSize: 0 };
          const pool = yield* tiny.wdk.NdisAllocateNetBufferListPool(handle, parameters);
          if (!pool) return;
          yield* tiny.wdk.NdisAllocateNetBufferAndNetBufferList(pool, 0, null, 0, 0);
          yield* tiny.wdk.NdisFreeNetBufferListPool(pool);
        };
        await rig.ask('app', 'send');
        return rig;
      },
    },
    {
      name: 'NBLs alive at deregistration',
      code: '0x7C',
      play: async () => {
        const { rig, tiny } = await runningStage();
        await rig.openHandle('app', 'A');
        tiny.onWrite = function* () {
          if (tiny.driver) yield* ownNbl(tiny, tiny.driver);
        };
        await rig.ask('app', 'send');
        await rig.closeHandle('app');
        await rig.unload();
        return rig;
      },
    },
    {
      name: 'an NBL of private memory freed to a pool',
      code: '0x19',
      play: async () => {
        const { rig, tiny } = await runningStage();
        await rig.openHandle('app', 'A');
        tiny.onWrite = function* () {
          const [handle] = tiny.handles;
          if (handle) yield* tiny.wdk.NdisFreeNetBufferList(tiny.wdk.BuildNetBufferListInPrivateMemory(handle));
        };
        await rig.ask('app', 'send');
        return rig;
      },
    },
    {
      name: 'a chain that runs in a circle',
      code: '0x133',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *SendNetBufferListsHandler(module, chain, port, flags): Call<void> {
            chain.Next = chain;
            yield* wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags);
          },
        }));
        await rig.sendFromAbove('A', { count: 1 });
        return rig;
      },
    },
    {
      name: 'an empty chain',
      code: '0xD1',
      play: async () => {
        const { rig } = await runningStage(({ wdk }) => ({
          *SendNetBufferListsHandler(module, _chain, port, flags): Call<void> {
            const none = null as unknown as NetBufferList;
            yield* wdk.NdisFSendNetBufferLists(handleOf(module), none, port, flags);
          },
        }));
        await rig.sendFromAbove('A', { count: 1 });
        return rig;
      },
    },
  ];

  for (const { name, code, play } of cases) {
    it(`${name}: ${code}`, async () => {
      const rig = await play();
      expect(await rig.bugcheck()).to.include(`(${code})`);
      expect((await rig.trace()).at(-1)?.ddi).to.equal('Bugcheck');
    });
  }
});

describe('Accesses to NBLs', () => {
  it('of others are recorded once for each handler call, and the machine goes on', async () => {
    const { rig } = await runningStage(({ wdk }) => ({
      *SendNetBufferListsHandler(module, chain, port, flags): Call<void> {
        yield* wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags);
        for (let i = 0; i < 5; i += 1) void chain.Status;
        chain.Status = 'NDIS_STATUS_SUCCESS';
      },
    }));
    const batch = await rig.sendFromAbove('A', { count: 1 });
    const [item] = batch.items;
    const touched = (await seen(rig, '!!', 'Access')).map(({ module, args }) => ({ module, ...args }));
    const common = { module: 'm1', what: 'nbl', object: item, field: 'Status', scope: 'protocol', freed: false };
    expect(touched).to.deep.equal([
      { ...common, access: 'read' },
      { ...common, access: 'write' },
    ]);
    expect((await rig.neighbours('A')).sendsBack).to.have.length(1);
  });

  it("that the filter holds are nobody's business", async () => {
    const { rig } = await runningStage(({ wdk }) => ({
      *SendNetBufferListsHandler(module, chain, port, flags): Call<void> {
        chain.Scratch = 1;
        if (chain.FirstNetBuffer) chain.FirstNetBuffer.DataLength += 0;
        yield* wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags);
      },
    }));
    await rig.sendFromAbove('A', { count: 1 });
    expect(await seen(rig, '!!', 'Access')).to.deep.equal([]);
  });

  it('that were freed stop the system', async () => {
    const { rig, tiny } = await runningStage();
    await rig.openHandle('app', 'A');
    tiny.onWrite = function* () {
      const [handle] = tiny.handles;
      if (!handle) return;
      const nbl = yield* ownNbl(tiny, handle);
      yield* tiny.wdk.NdisFreeNetBufferList(nbl);
      nbl.Scratch = 1;
    };
    await rig.ask('app', 'send');
    expect(await rig.bugcheck()).to.include('(0x50)');
    expect((await seen(rig, '!!', 'Access'))[0]?.args).to.include({ access: 'write', field: 'Scratch', freed: true });
  });
});
