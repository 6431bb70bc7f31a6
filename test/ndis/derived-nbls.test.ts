import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisHandle, NetBuffer, NetBufferList } from '../../src/ndis';
import { MdlObject, Nb, Nbl } from '../../src/ndis/nbl';
import { runningStage } from './play';
import type { Tiny } from './tiny-filter';

const POOL = { fAllocateNetBuffer: true, ContextSize: 0, PoolTag: 'Test', DataSize: 0 };

/** Runs a body in the driver, with a pool and an NBL over two MDLs of 10 and 20 bytes, 4 of them unused in front. */
async function on(
  body: (tiny: Tiny, original: NetBufferList, pool: NdisHandle) => Call<void>,
): Promise<Awaited<ReturnType<typeof runningStage>>> {
  const stage = await runningStage();
  const { rig, tiny } = stage;
  tiny.onWrite = function* () {
    const [handle] = tiny.handles;
    if (!handle) return;
    const pool = yield* tiny.wdk.NdisAllocateNetBufferListPool(handle, POOL);
    const first = yield* tiny.wdk.NdisAllocateMdl(handle, 10);
    const second = yield* tiny.wdk.NdisAllocateMdl(handle, 20);
    if (!pool || !first) return;
    first.Next = second;
    const original = yield* tiny.wdk.NdisAllocateNetBufferAndNetBufferList(pool, 0, first, 4, 26);
    if (!original) return;
    original.SourceHandle = handle;
    yield* body(tiny, original, pool);
  };
  await rig.openHandle('app', 'A');
  await rig.ask('app', 'send');
  return stage;
}

/** `offset/length: MDL lengths` of every NET_BUFFER. */
function shape(nbl: NetBufferList | null): string[] {
  const shapes: string[] = [];
  for (let nb: NetBuffer | null = nbl?.FirstNetBuffer ?? null; nb instanceof Nb; nb = nb.next) {
    const mdls: number[] = [];
    for (let mdl = nb.mdlChain; mdl; mdl = mdl.Next) mdls.push(mdl.ByteCount);
    shapes.push(`${nb.dataOffset}/${nb.dataLength}: ${mdls.join('+')}`);
  }
  return shapes;
}

describe('NBLs derived from others', () => {
  it('clones describe the used data with MDLs of their own, and copy the SourceHandle', async () => {
    const seen: unknown[] = [];
    await on(function* ({ wdk }, original, pool) {
      const clone = yield* wdk.NdisAllocateCloneNetBufferList(original, pool, false);
      seen.push(shape(clone), clone?.SourceHandle === original.SourceHandle);
      const mdl = clone instanceof Nbl && clone.first instanceof Nb ? clone.first.mdlChain : null;
      seen.push(mdl instanceof MdlObject && mdl.part?.offset);
      if (clone) yield* wdk.NdisFreeCloneNetBufferList(clone, false);
      yield* wdk.NdisFreeNetBufferList(original);
      yield* wdk.NdisFreeNetBufferListPool(pool);
      seen.push('freed');
    });
    expect(seen).to.deep.equal([['0/26: 6+20'], true, 4, 'freed']);
  });

  it('clones may use the MDLs of the original as they are, and come from a pool of NDIS', async () => {
    const seen: unknown[] = [];
    const { rig } = await on(function* ({ wdk }, original) {
      const clone = yield* wdk.NdisAllocateCloneNetBufferList(original, null, true);
      seen.push(shape(clone));
      if (clone) yield* wdk.NdisFreeCloneNetBufferList(clone, true);
      const other = yield* wdk.NdisAllocateCloneNetBufferList(original, null, true);
      if (other) yield* wdk.NdisFreeCloneNetBufferList(other, false);
    });
    expect(seen).to.deep.equal([['4/26: 10+20']]);
    const stop = (await rig.trace()).find(({ ddi }) => ddi === 'Bugcheck');
    expect(stop?.args?.['code']).to.equal('0xC2');
  });

  it('fragments are as long as asked for at most, with space of their own in front', async () => {
    const seen: unknown[] = [];
    await on(function* ({ wdk }, original, pool) {
      const fragments = yield* wdk.NdisAllocateFragmentNetBufferList(original, pool, 2, 10, { used: 14, unused: 2 });
      seen.push(shape(fragments));
      const whole =
        fragments && (yield* wdk.NdisAllocateReassembledNetBufferList(fragments, pool, 14, { used: 0, unused: 8 }));
      seen.push(shape(whole));
      if (whole) yield* wdk.NdisFreeReassembledNetBufferList(whole);
      if (fragments) yield* wdk.NdisFreeFragmentNetBufferList(fragments);
      yield* wdk.NdisFreeNetBufferList(original);
      yield* wdk.NdisFreeNetBufferListPool(pool);
      seen.push('freed');
    });
    expect(seen).to.deep.equal([['2/24: 16+4+6', '2/24: 16+10', '2/18: 16+4'], ['0/24: 4+6+10+4'], 'freed']);
  });

  it('an original that is not with the driver any more is read where it may not be', async () => {
    const { rig } = await on(function* ({ wdk, handles }, original) {
      const [handle] = handles;
      if (handle) yield* wdk.NdisFSendNetBufferLists(handle, original, 0, 0);
      yield* wdk.NdisAllocateCloneNetBufferList(original, null, false);
    });
    const access = (await rig.trace()).find(({ ddi }) => ddi === 'Access');
    expect(access?.args).to.include({ what: 'nbl', access: 'read' });
  });
});

describe('The beginning of the data', () => {
  it('is moved back into what is unused, and then into a new MDL in front, without a gap', async () => {
    const seen: unknown[] = [];
    await on(function* ({ wdk }, original) {
      const nb = original.FirstNetBuffer;
      if (!nb) return;
      yield* wdk.NdisRetreatNetBufferDataStart(nb, 3);
      seen.push(shape(original));
      yield* wdk.NdisRetreatNetBufferDataStart(nb, 14);
      seen.push(shape(original));
      yield* wdk.NdisAdvanceNetBufferDataStart(nb, 14);
      seen.push(shape(original));
    });
    expect(seen).to.deep.equal([['1/29: 10+20'], ['0/43: 13+10+20'], ['1/29: 10+20']]);
  });
});
