import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisHandle, NdisOidRequest, NdisStatus, Out } from '../../src/ndis';
import type { Stage } from './play';
import { outcome, runningStage, seen, told } from './play';
import type { Tiny } from './tiny-filter';
import { handleOf } from './tiny-filter';

const OID = 'OID_GEN_STATISTICS';

/** Forwards OID requests as the documentation asks for: clone, send, copy the results, free the clone. */
function forwarding({ wdk }: Tiny) {
  function* finish(module: unknown, clone: NdisOidRequest): Call<NdisOidRequest> {
    const original = clone.SourceReserved as NdisOidRequest;
    original.BytesWritten = clone.BytesWritten;
    original.BytesRead = clone.BytesRead;
    original.BytesNeeded = clone.BytesNeeded;
    yield* wdk.NdisFreeCloneOidRequest(handleOf(module), clone);
    return original;
  }
  return {
    *OidRequestHandler(module: unknown, request: NdisOidRequest): Call<NdisStatus> {
      const out: Out<NdisOidRequest> = { value: undefined };
      const cloned = yield* wdk.NdisAllocateCloneOidRequest(handleOf(module), request, 'Tiny', out);
      if (cloned !== 'NDIS_STATUS_SUCCESS' || !out.value) return cloned;
      out.value.SourceReserved = request;
      const status = yield* wdk.NdisFOidRequest(handleOf(module), out.value);
      if (status !== 'NDIS_STATUS_PENDING') yield* finish(module, out.value);
      return status;
    },
    *OidRequestCompleteHandler(module: unknown, clone: NdisOidRequest, status: NdisStatus): Call<void> {
      const original = yield* finish(module, clone);
      yield* wdk.NdisFOidRequestComplete(handleOf(module), original, status);
    },
    *CancelOidRequestHandler(module: unknown, id: unknown): Call<void> {
      yield* wdk.NdisFCancelOidRequest(handleOf(module), id);
    },
  };
}

async function byWrite(staged: Stage, act: (handle: NdisHandle, tiny: Tiny) => Call<unknown>): Promise<void> {
  staged.tiny.onWrite = function* () {
    const [handle] = staged.tiny.handles;
    if (handle) yield* act(handle, staged.tiny);
  };
  await staged.rig.openHandle('app', 'A');
  await staged.rig.ask('app', 'send');
}

function* issue(handle: NdisHandle, { wdk }: Tiny): Call<NdisOidRequest | null> {
  const request = yield* wdk.AllocateOidRequest(handle);
  if (!request) return null;
  request.Oid = OID;
  request.InformationBufferLength = 8;
  request.RequestHandle = handle;
  yield* wdk.NdisFOidRequest(handle, request);
  return request;
}

describe('OID requests from above', () => {
  for (const policy of ['inside-the-call', 'later'] as const) {
    it(`pass two modules and come back when the miniport answers ${policy}`, async () => {
      const { rig } = await runningStage(forwarding, { layers: ['dut', 'neighbour', 'dut'] });
      await rig.setNeighbours('A', { miniportOids: policy });
      const operation = await rig.oidFromAbove('A', OID);
      expect(await outcome(rig, operation)).to.equal('done NDIS_STATUS_SUCCESS');
      expect(told(await rig.trace(), /^(FilterOid|MiniportOid)Request$/)).to.deep.equal([
        'm2 ->FilterOidRequest',
        'm1 ->FilterOidRequest',
        'miniport ->MiniportOidRequest',
      ]);
      expect(await seen(rig, '!!', 'Access')).to.deep.equal([]);
    });
  }

  it('reach a module one at a time', async () => {
    const { rig } = await runningStage(forwarding);
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    const first = await rig.oidFromAbove('A', OID);
    const second = await rig.oidFromAbove('A', OID, 'set');
    expect(await seen(rig, '->', 'FilterOidRequest')).to.have.length(1);
    await rig.completeOids('A', { status: 'NDIS_STATUS_NOT_SUPPORTED' });
    expect(await seen(rig, '->', 'FilterOidRequest')).to.have.length(2);
    await rig.completeOids('A');
    expect([await outcome(rig, first), await outcome(rig, second)]).to.deep.equal([
      'done NDIS_STATUS_NOT_SUPPORTED',
      'done NDIS_STATUS_SUCCESS',
    ]);
  });

  it('are cancelled where they are: in the miniport, or in front of the module', async () => {
    const { rig } = await runningStage(forwarding);
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    const operations = [await rig.oidFromAbove('A', OID), await rig.oidFromAbove('A', OID)];
    await rig.cancelOidFromAbove('A');
    for (const operation of operations) {
      expect(await outcome(rig, operation)).to.equal('done NDIS_STATUS_REQUEST_ABORTED');
    }
    expect(await seen(rig, '->', 'FilterCancelOidRequest')).to.have.length(1);
    expect(await seen(rig, '->', 'FilterOidRequest')).to.have.length(1);
  });

  it('may be completed before FilterOidRequest has returned NDIS_STATUS_PENDING', async () => {
    const { rig } = await runningStage(({ wdk }) => ({
      *OidRequestHandler(module, request): Call<NdisStatus> {
        yield* wdk.NdisFOidRequestComplete(handleOf(module), request, 'NDIS_STATUS_SUCCESS');
        return 'NDIS_STATUS_PENDING';
      },
      *OidRequestCompleteHandler(): Call<void> {},
    }));
    expect(await outcome(rig, await rig.oidFromAbove('A', OID))).to.equal('done NDIS_STATUS_SUCCESS');
  });

  it('keep NDIS from detaching a module that has one', async () => {
    const { rig } = await runningStage(forwarding);
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    await rig.oidFromAbove('A', OID);
    const removal = await rig.removeFilter('A', 'above', 'dut');
    expect(await outcome(rig, removal)).to.equal('pending');
    expect(await seen(rig, '->', 'FilterDetach')).to.deep.equal([]);
    await rig.completeOids('A');
    expect(await outcome(rig, removal)).to.equal('done NDIS_STATUS_SUCCESS');
  });

  it('are skipped by a filter without the handler', async () => {
    const { rig } = await runningStage();
    expect(await outcome(rig, await rig.oidFromAbove('A', OID))).to.equal('done NDIS_STATUS_SUCCESS');
    expect(await seen(rig, '->', 'FilterOidRequest')).to.deep.equal([]);
  });

  const faults: readonly (readonly [string, RegExp, (tiny: Tiny) => object])[] = [
    [
      'completed and answered: 0x7C with 0x26',
      /0x7C.*already completed/,
      ({ wdk }) => ({
        *OidRequestHandler(module: unknown, request: NdisOidRequest): Call<NdisStatus> {
          yield* wdk.NdisFOidRequestComplete(handleOf(module), request, 'NDIS_STATUS_SUCCESS');
          return 'NDIS_STATUS_SUCCESS';
        },
      }),
    ],
    [
      'completed twice: 0x7C with 0x26',
      /0x7C.*not pending/,
      ({ wdk }) => ({
        *OidRequestHandler(module: unknown, request: NdisOidRequest): Call<NdisStatus> {
          yield* wdk.NdisFOidRequestComplete(handleOf(module), request, 'NDIS_STATUS_SUCCESS');
          yield* wdk.NdisFOidRequestComplete(handleOf(module), request, 'NDIS_STATUS_SUCCESS');
          return 'NDIS_STATUS_PENDING';
        },
      }),
    ],
    [
      'forwarded without a clone: 0x7E',
      /0x7E|0xD1/,
      ({ wdk }) => ({
        OidRequestHandler: (module: unknown, request: NdisOidRequest) => wdk.NdisFOidRequest(handleOf(module), request),
      }),
    ],
    [
      'answered beyond its buffer: 0x7C with 0x1D',
      /0x7C.*more bytes written/,
      () => ({
        *OidRequestHandler(_module: unknown, request: NdisOidRequest): Call<NdisStatus> {
          request.BytesWritten = request.InformationBufferLength + 1;
          return 'NDIS_STATUS_SUCCESS';
        },
      }),
    ],
    [
      'a clone used after it was freed: 0x50',
      /0x50/,
      ({ wdk }) => ({
        *OidRequestHandler(module: unknown, request: NdisOidRequest): Call<NdisStatus> {
          const out: Out<NdisOidRequest> = { value: undefined };
          yield* wdk.NdisAllocateCloneOidRequest(handleOf(module), request, 'Tiny', out);
          if (!out.value) return 'NDIS_STATUS_RESOURCES';
          yield* wdk.NdisFreeCloneOidRequest(handleOf(module), out.value);
          request.BytesWritten = out.value.BytesWritten;
          return 'NDIS_STATUS_SUCCESS';
        },
      }),
    ],
  ];

  for (const [name, bugcheck, override] of faults) {
    it(name, async () => {
      const { rig } = await runningStage((tiny) => ({ ...forwarding(tiny), ...override(tiny) }));
      await rig.oidFromAbove('A', OID);
      expect(await rig.bugcheck()).to.match(bugcheck);
    });
  }

  it('a clone freed while the miniport has it', async () => {
    const staged = await runningStage(forwarding);
    const { rig, tiny } = staged;
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    let clone: NdisOidRequest | undefined;
    const out: Out<NdisOidRequest> = { value: undefined };
    await byWrite(staged, function* (handle) {
      const request = yield* tiny.wdk.AllocateOidRequest(handle);
      if (!request) return;
      yield* tiny.wdk.NdisAllocateCloneOidRequest(handle, request, 'Tiny', out);
      clone = out.value;
      if (!clone) return;
      yield* tiny.wdk.NdisFOidRequest(handle, clone);
      yield* tiny.wdk.NdisFreeCloneOidRequest(handle, clone);
    });
    expect((await seen(rig, '!!', 'Access'))[0]?.args).to.include({ what: 'oid', access: 'free' });
    await rig.completeOids('A');
    expect(await rig.bugcheck()).to.include('(0xD1)');
  });
});

describe('OID requests of a filter', () => {
  it("are the filter's again when the call returns a final status", async () => {
    const staged = await runningStage();
    await byWrite(staged, function* (handle, tiny) {
      const request = yield* issue(handle, tiny);
      expect(request?.BytesNeeded).to.equal(0);
    });
    expect(await seen(staged.rig, '!!', 'Access')).to.deep.equal([]);
    expect((await seen(staged.rig, '=>', 'NdisFOidRequest'))[0]?.args).to.include({ oid: OID, requestHandle: 'h1' });
  });

  it('come back through FilterOidRequestComplete when they were pending, and are out of bounds until then', async () => {
    const back: NdisStatus[] = [];
    const staged = await runningStage(() => ({
      *OidRequestHandler(): Call<NdisStatus> {
        return 'NDIS_STATUS_NOT_SUPPORTED';
      },
      *OidRequestCompleteHandler(_module, request, status): Call<void> {
        back.push(status);
        request.BytesNeeded = 0;
      },
    }));
    await staged.rig.setNeighbours('A', { miniportOids: 'hold' });
    await byWrite(staged, function* (handle, tiny) {
      const request = yield* issue(handle, tiny);
      if (request) request.BytesNeeded = 1;
    });
    const touched = await seen(staged.rig, '!!', 'Access');
    expect(touched.map(({ args }) => args?.['access'])).to.deep.equal(['write']);
    await staged.rig.completeOids('A');
    expect(back).to.deep.equal(['NDIS_STATUS_SUCCESS']);
  });

  it('freed while pending below, and completed then: a bugcheck', async () => {
    const staged = await runningStage();
    await staged.rig.setNeighbours('A', { miniportOids: 'hold' });
    await byWrite(staged, function* (handle, tiny) {
      const request = yield* issue(handle, tiny);
      if (request) yield* tiny.wdk.NdisFreeMemory(request);
    });
    await staged.rig.completeOids('A');
    expect(await staged.rig.bugcheck()).to.include('(0xD1)');
  });

  it('fail from FilterDetach: the way is closed', async () => {
    let status: NdisStatus | undefined;
    const { rig } = await runningStage(({ wdk }) => ({
      *DetachHandler(module): Call<void> {
        const request = yield* wdk.AllocateOidRequest(handleOf(module));
        if (request) status = yield* wdk.NdisFOidRequest(handleOf(module), request);
      },
    }));
    await rig.disableAdapter('A');
    expect(status).to.equal('NDIS_STATUS_FAILURE');
  });

  it('on the direct path come to the lower module at once, however many are under way there', async () => {
    const waiting: NdisOidRequest[] = [];
    const back: NdisStatus[] = [];
    const staged = await runningStage(
      ({ wdk }) => ({
        *DirectOidRequestHandler(_module, request): Call<NdisStatus> {
          waiting.push(request);
          return 'NDIS_STATUS_PENDING';
        },
        *DirectOidRequestCompleteHandler(_module, _request, status): Call<void> {
          back.push(status);
        },
        *StatusHandler(module): Call<void> {
          if (handleOf(module).handle !== 'h1') return;
          for (const request of waiting) {
            yield* wdk.NdisFDirectOidRequestComplete(handleOf(module), request, 'NDIS_STATUS_SUCCESS');
          }
        },
      }),
      { layers: ['dut', 'dut'] },
    );
    await byWrite(staged, function* (_handle, tiny) {
      const upper = tiny.handles[1];
      for (let i = 0; upper && i < 2; i += 1) {
        const request = yield* tiny.wdk.AllocateOidRequest(upper);
        if (request) yield* tiny.wdk.NdisFDirectOidRequest(upper, request);
      }
    });
    expect(waiting).to.have.length(2);
    await staged.rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
    expect(back).to.deep.equal(['NDIS_STATUS_SUCCESS', 'NDIS_STATUS_SUCCESS']);
    expect((await seen(staged.rig, '->', 'FilterDirectOidRequestComplete')).map(({ module }) => module)).to.deep.equal([
      'm2',
      'm2',
    ]);
  });
});

describe('Cancels of OID requests of a module', () => {
  for (const [call, handler] of [
    ['NdisFCancelOidRequest', 'FilterCancelOidRequest'],
    ['NdisFCancelDirectOidRequest', 'FilterCancelDirectOidRequest'],
  ] as const) {
    it(`by ${call} come to the lower module in ${handler}`, async () => {
      const staged = await runningStage(
        () => ({
          *OidRequestHandler(): Call<NdisStatus> {
            return 'NDIS_STATUS_SUCCESS';
          },
          *OidRequestCompleteHandler(): Call<void> {},
          *CancelOidRequestHandler(): Call<void> {},
          *DirectOidRequestHandler(): Call<NdisStatus> {
            return 'NDIS_STATUS_SUCCESS';
          },
          *DirectOidRequestCompleteHandler(): Call<void> {},
          *CancelDirectOidRequestHandler(): Call<void> {},
        }),
        { layers: ['dut', 'dut'] },
      );
      await byWrite(staged, function* (_handle, { wdk, handles }) {
        const [, upper] = handles;
        if (upper) yield* wdk[call](upper, 'r1');
      });
      expect(told(await staged.rig.trace(), /Cancel(Direct)?Oid/)).to.deep.equal([`m2 =>${call}`, `m1 ->${handler}`]);
    });
  }
});

describe('Status indications and PnP events', () => {
  it('a status goes up through every filter with the handler to the protocol', async () => {
    const { rig } = await runningStage(undefined, { layers: ['dut', 'neighbour', 'dut'] });
    await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
    expect(told(await rig.trace(), /Status/)).to.deep.equal([
      'miniport =>NdisMIndicateStatusEx',
      'm1 ->FilterStatus',
      'm1 =>NdisFIndicateStatus',
      'm2 ->FilterStatus',
      'm2 =>NdisFIndicateStatus',
      'protocol ->ProtocolStatusEx',
    ]);
    expect((await rig.neighbours('A')).statusesAbove).to.deep.equal(['NDIS_STATUS_LINK_STATE']);
  });

  it('an event that a filter keeps to itself goes no further', async () => {
    const { rig } = await runningStage(() => ({
      *NetPnPEventHandler(): Call<NdisStatus> {
        return 'NDIS_STATUS_SUCCESS';
      },
    }));
    await rig.netPnPEvent('A', 'NetEventPnPCapabilities');
    expect((await rig.neighbours('A')).netPnPEventsAbove).to.not.include('NetEventPnPCapabilities');
  });

  it('a device event goes down from the uppermost filter to the miniport', async () => {
    const { rig } = await runningStage(undefined, { layers: ['dut', 'dut'] });
    await rig.devicePnPEvent('A', 'NdisDevicePnPEventPowerProfileChanged');
    expect(told(await rig.trace(), /DevicePnPEventNotify$/).filter((line) => line.includes('->'))).to.deep.equal([
      'm2 ->FilterDevicePnPEventNotify NdisDevicePnPEventPowerProfileChanged',
      'm1 ->FilterDevicePnPEventNotify NdisDevicePnPEventPowerProfileChanged',
      'miniport ->MiniportDevicePnPEventNotify NdisDevicePnPEventPowerProfileChanged',
    ]);
  });
});
