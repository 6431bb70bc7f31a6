import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisFilterDriverCharacteristics, NdisStatus } from '../../src/ndis';
import { outcome, runningStage, told, type Stage } from './play';
import { handleOf } from './tiny-filter';

const OID = 'OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES';
const STORY = /Synchronous/;

type Handlers = Pick<
  NdisFilterDriverCharacteristics,
  'SynchronousOidRequestHandler' | 'SynchronousOidRequestCompleteHandler'
>;

/** Two modules of the filter with a neighbour between. @param heard what the completion handlers were given */
function twoModules(
  preview: (module: string) => NdisStatus,
  heard: unknown[] = [],
  change: (status: NdisStatus) => NdisStatus = (status) => status,
): Promise<Stage> {
  const handlers: Handlers = {
    *SynchronousOidRequestHandler(module, _request, callContext): Call<NdisStatus> {
      callContext.value = `seen by ${handleOf(module).handle}`;
      return preview(handleOf(module).handle);
    },
    *SynchronousOidRequestCompleteHandler(_module, _request, status, callContext): Call<void> {
      heard.push([status.value, callContext]);
      status.value = change(status.value);
    },
  };
  return runningStage(() => handlers, { layers: ['dut', 'neighbour', 'dut'] });
}

describe('Synchronous OID requests', () => {
  it('are seen by each filter on the way down, and by each on the way back, with what it has put aside', async () => {
    const heard: unknown[] = [];
    const { rig } = await twoModules(() => 'NDIS_STATUS_SUCCESS', heard);
    expect(await outcome(rig, await rig.oidFromAbove('A', OID))).to.equal('done NDIS_STATUS_SUCCESS');
    expect(told(await rig.trace(), STORY)).to.deep.equal([
      'protocol =>NdisSynchronousOidRequest',
      'm2 ->FilterSynchronousOidRequest',
      'm1 ->FilterSynchronousOidRequest',
      'miniport ->MiniportSynchronousOidRequest',
      'm1 ->FilterSynchronousOidRequestComplete',
      'm2 ->FilterSynchronousOidRequestComplete',
    ]);
    expect(heard).to.deep.equal([
      ['NDIS_STATUS_SUCCESS', 'seen by h1'],
      ['NDIS_STATUS_SUCCESS', 'seen by h2'],
    ]);
  });

  for (const [ends, status] of [
    ['NDIS_STATUS_ALREADY_COMPLETE', 'NDIS_STATUS_SUCCESS'],
    ['NDIS_STATUS_INVALID_DATA', 'NDIS_STATUS_INVALID_DATA'],
  ] as const) {
    it(`that a filter ends with ${ends} go no further, and come back to those above it only`, async () => {
      const heard: unknown[] = [];
      const { rig } = await twoModules((module) => (module === 'h1' ? ends : 'NDIS_STATUS_SUCCESS'), heard);
      expect(await outcome(rig, await rig.oidFromAbove('A', OID))).to.equal(`done ${status}`);
      expect(heard).to.deep.equal([[status, 'seen by h2']]);
      expect(told(await rig.trace(), /MiniportSynchronous/)).to.deep.equal([]);
    });
  }

  it('end with the status that a completion handler makes of it', async () => {
    const { rig } = await twoModules(
      () => 'NDIS_STATUS_SUCCESS',
      [],
      () => 'NDIS_STATUS_RESOURCES',
    );
    expect(await outcome(rig, await rig.oidFromAbove('A', OID))).to.equal('done NDIS_STATUS_RESOURCES');
  });

  it('come back to a filter that has a completion handler alone', async () => {
    const heard: unknown[] = [];
    const { rig } = await runningStage(() => ({
      *SynchronousOidRequestCompleteHandler(_module, _request, status, callContext): Call<void> {
        heard.push([status.value, callContext]);
      },
    }));
    await rig.oidFromAbove('A', OID);
    expect(heard).to.deep.equal([['NDIS_STATUS_SUCCESS', null]]);
  });

  it('of a module go to those below it', async () => {
    const { rig, tiny } = await twoModules(() => 'NDIS_STATUS_SUCCESS');
    tiny.onWrite = function* (): Call<void> {
      const upper = tiny.handles[1];
      const request = upper && (yield* tiny.wdk.AllocateOidRequest(upper));
      if (!upper || !request) return;
      request.Oid = OID;
      yield* tiny.wdk.NdisFSynchronousOidRequest(upper, request);
    };
    await rig.openHandle('app', 'A');
    await rig.ask('app', 'send');
    expect(told(await rig.trace(), STORY)).to.deep.equal([
      'm2 =>NdisFSynchronousOidRequest',
      'm1 ->FilterSynchronousOidRequest',
      'miniport ->MiniportSynchronousOidRequest',
      'm1 ->FilterSynchronousOidRequestComplete',
    ]);
  });

  it('are waited for before FilterDetach', async () => {
    const { rig } = await twoModules(() => 'NDIS_STATUS_SUCCESS');
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    await rig.oidFromAbove('A', OID);
    const disabling = await rig.disableAdapter('A');
    expect(await outcome(rig, disabling)).to.equal('pending');
    await rig.completeOids('A');
    expect(await outcome(rig, disabling)).to.match(/^done/);
  });
});
