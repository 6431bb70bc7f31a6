import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisHandle, NdisOidRequest, NdisStatus } from '../../src/ndis';
import { createJudges } from '../../src/rules';
import type { Rig } from '../../adapters/contract';
import type { Stage } from './play';
import { during, outcome, runningStage, seen } from './play';
import type { Tiny } from './tiny-filter';
import { handleOf } from './tiny-filter';

const RSS_ENTRIES = 'OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES';

async function byWrite(staged: Stage, act: (handle: NdisHandle) => Call<unknown>): Promise<void> {
  staged.tiny.onWrite = function* () {
    const [handle] = staged.tiny.handles;
    if (handle) yield* act(handle);
  };
  await staged.rig.openHandle('app', 'A');
  await staged.rig.ask('app', 'send');
}

function* newRequest(handle: NdisHandle, { wdk }: Tiny, oid: string): Call<NdisOidRequest> {
  const request = yield* wdk.AllocateOidRequest(handle);
  if (!request) throw new Error('memory is short');
  request.Oid = oid;
  request.RequestHandle = handle;
  request.InformationBuffer = {};
  request.InformationBufferLength = 20;
  return request;
}

/** Which rules the filter has broken, in the reading that everybody shares. */
async function condemned(rig: Rig): Promise<string[]> {
  const judges = createJudges({ complete: true });
  for (const crossing of await rig.trace()) judges.see(crossing);
  judges.finish();
  return judges.violations.filter(({ reading }) => reading === 'default').map(({ rule }) => rule);
}

describe('Regular OID requests of a filter that does not wait for them', () => {
  /** The completion frees the request, and nothing in FilterDetach asks for it. */
  const careless = ({ wdk }: Tiny) => ({
    *OidRequestHandler(): Call<NdisStatus> {
      return 'NDIS_STATUS_NOT_SUPPORTED';
    },
    *OidRequestCompleteHandler(_module: unknown, request: NdisOidRequest): Call<void> {
      yield* wdk.NdisFreeMemory(request);
    },
  });

  const issuing = async (): Promise<Stage> => {
    const staged = await runningStage(careless);
    await staged.rig.setNeighbours('A', { miniportOids: 'hold' });
    await byWrite(staged, function* (handle) {
      const request = yield* newRequest(handle, staged.tiny, 'OID_GEN_STATISTICS');
      yield* staged.tiny.wdk.NdisFOidRequest(handle, request);
    });
    return staged;
  };

  it('are back before NDIS calls FilterDetach, and no rule is broken', async () => {
    const { rig } = await issuing();
    const disabling = await rig.disableAdapter('A');
    expect(await outcome(rig, disabling)).to.equal('pending');
    expect(await seen(rig, '->', 'FilterDetach')).to.deep.equal([]);
    const then = await during(rig, () => rig.completeOids('A'), /^Filter(Oid|Detach)/);
    expect(then).to.deep.equal(['m1 ->FilterOidRequestComplete', 'm1 ->FilterDetach']);
    expect(await outcome(rig, disabling)).to.equal('done NDIS_STATUS_SUCCESS');
    expect(await condemned(rig)).to.deep.equal([]);
  });

  it('may be issued on NetEventFilterPreDetach, the last chance, and are back as well', async () => {
    const staged = await runningStage((tiny) => ({
      ...careless(tiny),
      *NetPnPEventHandler(module, event): Call<NdisStatus> {
        const handle = handleOf(module);
        if (event.NetEvent === 'NetEventFilterPreDetach') {
          yield* tiny.wdk.NdisFOidRequest(handle, yield* newRequest(handle, tiny, 'OID_GEN_STATISTICS'));
        }
        return yield* tiny.wdk.NdisFNetPnPEvent(handle, event);
      },
    }));
    await staged.rig.setNeighbours('A', { miniportOids: 'hold' });
    const disabling = await staged.rig.disableAdapter('A');
    expect(await outcome(staged.rig, disabling)).to.equal('pending');
    await staged.rig.completeOids('A');
    expect(await outcome(staged.rig, disabling)).to.equal('done NDIS_STATUS_SUCCESS');
    expect(await condemned(staged.rig)).to.deep.equal([]);
  });
});

describe('Synchronous OID requests of a filter', () => {
  it('are over when the call returns, and have counts and status', async () => {
    const staged = await runningStage();
    let answer: readonly unknown[] = [];
    await byWrite(staged, function* (handle) {
      const request = yield* newRequest(handle, staged.tiny, RSS_ENTRIES);
      request.RequestType = 'NdisRequestMethod';
      const status = yield* staged.tiny.wdk.NdisFSynchronousOidRequest(handle, request);
      answer = [status, request.BytesRead, request.BytesWritten];
      yield* staged.tiny.wdk.NdisFreeMemory(request);
    });
    expect(answer).to.deep.equal(['NDIS_STATUS_SUCCESS', 20, 0]);
    expect(await seen(staged.rig, '!!', 'Access')).to.deep.equal([]);
  });

  it('are refused by NDIS when the object is not one for that interface', async () => {
    const staged = await runningStage();
    let status: NdisStatus | undefined;
    await byWrite(staged, function* (handle) {
      const request = yield* newRequest(handle, staged.tiny, 'OID_GEN_STATISTICS');
      status = yield* staged.tiny.wdk.NdisFSynchronousOidRequest(handle, request);
    });
    expect(status).to.equal('NDIS_STATUS_NOT_SUPPORTED');
  });

  it('keep their thread while the miniport works on them, can not be cancelled, and NDIS does not wait for them', async () => {
    const staged = await runningStage();
    const { rig, tiny } = staged;
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    let status: NdisStatus | undefined;
    await byWrite(staged, function* (handle) {
      const request = yield* newRequest(handle, tiny, RSS_ENTRIES);
      status = yield* tiny.wdk.NdisFSynchronousOidRequest(handle, request);
    });
    await rig.cancelOidFromAbove('A');
    expect(status).to.equal(undefined);
    const disabling = await rig.disableAdapter('A');
    expect(await outcome(rig, disabling)).to.equal('done NDIS_STATUS_SUCCESS');
    expect(await condemned(rig)).to.include('DET-04');
    await rig.completeOids('A', { status: 'NDIS_STATUS_FAILURE' });
    expect(status).to.equal('NDIS_STATUS_FAILURE');
  });
});
