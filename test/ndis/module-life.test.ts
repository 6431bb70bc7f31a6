import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisHandle, NdisStatus, Out } from '../../src/ndis';
import type { Stage } from './play';
import { outcome, runningStage, seen, stage, states } from './play';
import type { Tiny } from './tiny-filter';
import { handleOf, ownNbl } from './tiny-filter';

/** Lets the application run code of the driver with the handle of the first module. */
async function byWrite(staged: Stage, act: (handle: NdisHandle, tiny: Tiny) => Call<unknown>): Promise<void> {
  const { rig, tiny } = staged;
  tiny.onWrite = function* () {
    const [handle] = tiny.handles;
    if (handle) yield* act(handle, tiny);
  };
  await rig.openHandle('app', 'A');
  await rig.ask('app', 'send');
}

function pausing(...statuses: readonly NdisStatus[]) {
  let paused = 0;
  return () => ({
    *PauseHandler(): Generator<never, NdisStatus> {
      return statuses[Math.min(paused++, statuses.length - 1)] ?? 'NDIS_STATUS_SUCCESS';
    },
  });
}

describe('Pause of a module', () => {
  it('ends with NdisFPauseComplete when FilterPause pends', async () => {
    const staged = await runningStage(pausing('NDIS_STATUS_PENDING'));
    const { rig } = staged;
    const pause = await rig.pause('A');
    expect([await outcome(rig, pause), await states(rig)]).to.deep.equal(['pending', ['m1 Pausing']]);
    await byWrite(staged, (handle, { wdk }) => wdk.NdisFPauseComplete(handle));
    expect([await outcome(rig, pause), await states(rig)]).to.deep.equal(['done NDIS_STATUS_SUCCESS', ['m1 Paused']]);
  });

  it('may be completed before FilterPause has returned NDIS_STATUS_PENDING', async () => {
    const { rig } = await runningStage(({ wdk }) => ({
      *PauseHandler(module): Call<NdisStatus> {
        yield* wdk.NdisFPauseComplete(handleOf(module));
        return 'NDIS_STATUS_PENDING';
      },
    }));
    expect(await outcome(rig, await rig.pause('A'))).to.equal('done NDIS_STATUS_SUCCESS');
    expect(await outcome(rig, await rig.restart('A'))).to.equal('done NDIS_STATUS_SUCCESS');
  });

  it('takes an undocumented status for an end', async () => {
    const { rig } = await runningStage(pausing('NDIS_STATUS_FAILURE'));
    expect(await outcome(rig, await rig.pause('A'))).to.equal('done NDIS_STATUS_SUCCESS');
    expect((await seen(rig, '<-', 'FilterPause'))[0]?.status).to.equal('NDIS_STATUS_FAILURE');
  });

  it('shows a status that the driver never set', async () => {
    const { rig } = await runningStage(() => ({
      *PauseHandler(): Generator<never, NdisStatus> {
        return undefined as unknown as NdisStatus;
      },
    }));
    await rig.pause('A');
    expect((await seen(rig, '<-', 'FilterPause'))[0]?.status).to.equal('0xCCCCCCCC');
  });

  for (const [name, before] of [
    ['after it ended with success', 'NDIS_STATUS_SUCCESS'],
    ['twice', 'NDIS_STATUS_PENDING'],
  ] as const) {
    it(`completed ${name}: 0x7C with 0x1F`, async () => {
      const staged = await runningStage(pausing(before));
      await staged.rig.pause('A');
      await byWrite(staged, function* (handle, { wdk }) {
        yield* wdk.NdisFPauseComplete(handle);
        yield* wdk.NdisFPauseComplete(handle);
      });
      expect(await staged.rig.bugcheck()).to.match(/0x7C.*no pause pending/);
    });
  }

  it('completed by a call and by success: 0x7C with 0x1F', async () => {
    const { rig } = await runningStage(({ wdk }) => ({
      *PauseHandler(module): Call<NdisStatus> {
        yield* wdk.NdisFPauseComplete(handleOf(module));
        return 'NDIS_STATUS_SUCCESS';
      },
    }));
    await rig.pause('A');
    expect(await rig.bugcheck()).to.match(/0x7C.*already been completed/);
  });

  it('completed while Running: 0x7C with 0x1F', async () => {
    const staged = await runningStage();
    await byWrite(staged, (handle, { wdk }) => wdk.NdisFPauseComplete(handle));
    expect(await staged.rig.bugcheck()).to.match(/0x7C.*no pause pending/);
  });
});

describe('Restart of a module', () => {
  it('ends with NdisFRestartComplete when FilterRestart pends, and the protocol waits for it', async () => {
    const staged = await stage(() => ({
      *RestartHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_PENDING';
      },
    }));
    const { rig } = staged;
    await rig.attach('A');
    const restart = await rig.restart('A');
    expect([await outcome(rig, restart), await states(rig)]).to.deep.equal(['pending', ['m1 Restarting']]);
    await byWrite(staged, (handle, { wdk }) => wdk.NdisFRestartComplete(handle, 'NDIS_STATUS_SUCCESS'));
    expect([await outcome(rig, restart), await states(rig)]).to.deep.equal([
      'done NDIS_STATUS_SUCCESS',
      ['m1 Running'],
    ]);
  });

  it('may fail through the completion call', async () => {
    const staged = await stage(({ wdk }) => ({
      *RestartHandler(module): Call<NdisStatus> {
        yield* wdk.NdisFRestartComplete(handleOf(module), 'NDIS_STATUS_RESOURCES');
        return 'NDIS_STATUS_PENDING';
      },
    }));
    await staged.rig.attach('A');
    expect(await outcome(staged.rig, await staged.rig.restart('A'))).to.equal('done NDIS_STATUS_RESOURCES');
    expect(await states(staged.rig)).to.deep.equal(['m1 Detached']);
  });

  it('completed although it succeeded: 0x7C with 0x1F', async () => {
    const staged = await runningStage();
    await byWrite(staged, (handle, { wdk }) => wdk.NdisFRestartComplete(handle, 'NDIS_STATUS_SUCCESS'));
    expect(await staged.rig.bugcheck()).to.match(/0x7C.*no restart pending/);
  });

  it('offers attributes first and after a change of the stack, and each filter sees what the one below made of them', async () => {
    const seenMtu: (number | null)[] = [];
    const { rig } = await runningStage(
      () => ({
        *RestartHandler(_module, { RestartAttributes }): Generator<never, NdisStatus> {
          seenMtu.push(RestartAttributes && RestartAttributes.MtuSize);
          if (RestartAttributes) RestartAttributes.MtuSize -= 4;
          return 'NDIS_STATUS_SUCCESS';
        },
      }),
      { layers: ['dut', 'dut'] },
    );
    await rig.pause('A');
    await rig.restart('A');
    await rig.insertFilter('A', 'above', 'neighbour');
    expect(seenMtu).to.deep.equal([1500, 1496, null, null, 1500, 1496]);
    expect((await seen(rig, '<-', 'FilterRestart'))[0]?.args).to.deep.equal({ attributes: 'mtu=1496 lookahead=256' });
  });
});

describe('Handlers of a module', () => {
  it('are changed inside FilterSetModuleOptions, for this module and from then on', async () => {
    const { rig } = await stage(
      (tiny) => ({
        *SetFilterModuleOptionsHandler(module): Call<NdisStatus> {
          if (handleOf(module).handle !== 'h1') return 'NDIS_STATUS_SUCCESS';
          return yield* tiny.wdk.NdisSetOptionalHandlers(handleOf(module), {});
        },
      }),
      { layers: ['dut', 'dut'] },
    );
    await rig.enableAdapter('A');
    await rig.sendFromAbove('A', { count: 1 });
    expect((await seen(rig, '->', 'FilterSendNetBufferLists')).map(({ module }) => module)).to.deep.equal(['m2']);
  });

  it('are not changed from anywhere else, nor into a table that makes no sense', async () => {
    const statuses: NdisStatus[] = [];
    const staged = await runningStage((tiny) => ({
      // For the driver as a whole there is nothing to be set.
      *SetOptionsHandler(driver): Call<NdisStatus> {
        statuses.push(yield* tiny.wdk.NdisSetOptionalHandlers(driver, {}));
        return 'NDIS_STATUS_SUCCESS';
      },
      *SetFilterModuleOptionsHandler(module): Call<NdisStatus> {
        const cancelAlone = { CancelSendNetBufferListsHandler: function* (): Call<void> {} };
        statuses.push(yield* tiny.wdk.NdisSetOptionalHandlers(handleOf(module), cancelAlone));
        return 'NDIS_STATUS_SUCCESS';
      },
    }));
    await byWrite(staged, function* (handle, { wdk }) {
      statuses.push(yield* wdk.NdisSetOptionalHandlers(handle, {}));
    });
    const refused = 'NDIS_STATUS_NOT_SUPPORTED';
    expect(statuses).to.deep.equal([refused, 'NDIS_STATUS_FAILURE', refused]);
    await staged.rig.sendFromAbove('A', { count: 1 });
    expect(await seen(staged.rig, '->', 'FilterSendNetBufferLists')).to.have.length(1);
  });
});

describe('A handle of a detached module', () => {
  const uses: readonly (readonly [string, (handle: NdisHandle, tiny: Tiny) => Call<unknown>])[] = [
    ['NdisFSendNetBufferLists', (handle, tiny) => send(handle, tiny)],
    ['NdisFPauseComplete', (handle, { wdk }) => wdk.NdisFPauseComplete(handle)],
    ['NdisFRestartFilter', (handle, { wdk }) => wdk.NdisFRestartFilter(handle)],
    ['NdisFCancelSendNetBufferLists', (handle, { wdk }) => wdk.NdisFCancelSendNetBufferLists(handle, 'c1')],
    [
      'NdisFIndicateStatus',
      (handle, { wdk }) =>
        wdk.NdisFIndicateStatus(handle, {
          SourceHandle: handle,
          StatusCode: 'NDIS_STATUS_LINK_STATE',
          DestinationHandle: null,
          RequestId: null,
          StatusBuffer: null,
          StatusBufferSize: 0,
        }),
    ],
    ['NdisFCancelOidRequest', (handle, { wdk }) => wdk.NdisFCancelOidRequest(handle, 1)],
    [
      'NdisFNetPnPEvent',
      (handle, { wdk }) => wdk.NdisFNetPnPEvent(handle, { NetEvent: 'NetEventReconfigure', Buffer: null }),
    ],
    ['NdisAllocateMemoryWithTagPriority', (handle, { wdk }) => wdk.NdisAllocateMemoryWithTagPriority(handle, {}, 'T')],
  ];

  function* send(handle: NdisHandle, tiny: Tiny): Call<void> {
    if (!tiny.driver) return;
    const nbl = yield* ownNbl(tiny, tiny.driver);
    nbl.SourceHandle = handle;
    yield* tiny.wdk.NdisFSendNetBufferLists(handle, nbl, 0, 0);
  }

  for (const [ddi, use] of uses) {
    it(`in ${ddi}: 0x3B, and the trace names the module`, async () => {
      const staged = await runningStage();
      await staged.rig.disableAdapter('A');
      await byWrite(staged, use);
      expect(await staged.rig.bugcheck()).to.match(/^SYSTEM_SERVICE_EXCEPTION \(0x3B\).*m1, which is detached/);
      expect((await seen(staged.rig, '=>', ddi)).at(-1)?.module).to.equal('m1');
      expect((await staged.rig.trace()).at(-1)?.ddi).to.equal('Bugcheck');
    });
  }

  it('is as deadly once the adapter has a new module', async () => {
    const staged = await runningStage();
    await staged.rig.disableAdapter('A');
    await staged.rig.enableAdapter('A');
    await byWrite(staged, send);
    expect(await staged.rig.bugcheck()).to.include('(0x3B)');
  });

  it('in a timer: 0xD1, in a work item: 0x7E', async () => {
    for (const [code, defer] of [
      [
        '0xD1',
        function* (handle: NdisHandle, { wdk, driver }: Tiny): Call<void> {
          if (!driver) return;
          const timer = yield* wdk.NdisAllocateTimerObject(driver, {
            TimerFunction: () => wdk.NdisFPauseComplete(handle),
            FunctionContext: null,
          });
          if (timer) yield* wdk.NdisSetTimerObject(timer, 10, 0);
        },
      ],
      [
        '0x7E',
        function* (handle: NdisHandle, { wdk, driver }: Tiny): Call<void> {
          const item = driver && (yield* wdk.NdisAllocateIoWorkItem(driver));
          if (item) yield* wdk.NdisQueueIoWorkItem(item, () => wdk.NdisFPauseComplete(handle), null);
        },
      ],
    ] as const) {
      const staged = await runningStage();
      await staged.rig.disableAdapter('A');
      await byWrite(staged, defer);
      await staged.rig.letTimePass(10);
      expect(await staged.rig.bugcheck()).to.include(`(${code})`);
    }
  });

  it('is no handle at all when it was made up', async () => {
    const staged = await runningStage();
    await byWrite(staged, (_handle, { wdk }) => wdk.NdisFPauseComplete({ handle: 'h1' }));
    expect(await staged.rig.bugcheck()).to.match(/0x3B.*does not know/);
  });
});

describe('Detach of a module', () => {
  it('waits until handlers that NDIS has entered have returned', async () => {
    const { rig } = await runningStage();
    await rig.stopBefore({ point: 'NdisFIndicateStatus', inside: 'FilterStatus' });
    await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
    const detach = await rig.detach('A');
    expect([await outcome(rig, detach), await states(rig)]).to.deep.equal(['pending', ['m1 Paused']]);
    await rig.letGo();
    expect([await outcome(rig, detach), await states(rig)]).to.deep.equal([
      'done NDIS_STATUS_SUCCESS',
      ['m1 Detached'],
    ]);
  });

  it('gives the next instance another name and another handle', async () => {
    const { rig, tiny } = await runningStage();
    await rig.disableAdapter('A');
    await rig.enableAdapter('A');
    expect(await states(rig)).to.deep.equal(['m1 Detached', 'm2 Running']);
    expect(tiny.handles.map(({ handle }) => handle)).to.deep.equal(['h1', 'h2']);
  });
});

describe('The border between driver and kit', () => {
  it('an exception of the driver is a bugcheck, not an error of the kit', async () => {
    const { rig } = await runningStage(() => ({
      *PauseHandler(): Generator<never, NdisStatus> {
        return (null as unknown as { status: NdisStatus }).status;
      },
    }));
    await rig.pause('A');
    expect(await rig.bugcheck()).to.match(/0x7E.*the driver raised an exception: TypeError/);
  });

  it("an exception of the driver that went through the kit is still the driver's", async () => {
    const { rig } = await runningStage(
      () => ({
        *SendNetBufferListsHandler(module): Generator<never, void> {
          if (handleOf(module).handle === 'h1') throw new RangeError('of the lower module');
        },
      }),
      { layers: ['dut', 'neighbour'] },
    );
    await rig.sendFromAbove('A', { count: 1 });
    expect(await rig.bugcheck()).to.match(/0xD1.*RangeError: of the lower module/);
  });

  it('a handler that never had its context fails where a driver would', async () => {
    const { rig } = await stage(() => ({
      *AttachHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_SUCCESS';
      },
    }));
    await rig.enableAdapter('A');
    await rig.sendFromAbove('A', { count: 1 });
    expect(await rig.bugcheck()).to.match(/0xD1.*TypeError/);
  });

  it('attach parameters kept beyond FilterAttach are freed memory', async () => {
    let kept: { BaseMiniportName: string } | undefined;
    const { rig } = await stage((tiny) => ({
      *AttachHandler(handle, _driver, parameters): Call<NdisStatus> {
        kept = parameters;
        return yield* tiny.wdk.NdisFSetAttributes(handle, { handle }, { Flags: 0 });
      },
      *RestartHandler(): Generator<never, NdisStatus> {
        return kept?.BaseMiniportName ? 'NDIS_STATUS_SUCCESS' : 'NDIS_STATUS_FAILURE';
      },
    }));
    await rig.enableAdapter('A');
    expect(await rig.bugcheck()).to.include('(0x50)');
  });

  it('code that calls itself without end uses up the kernel stack', async () => {
    const staged = await runningStage(({ wdk }) => ({
      *SendNetBufferListsCompleteHandler(module, chain): Call<void> {
        yield* wdk.NdisFSendNetBufferLists(handleOf(module), chain, 0, 0);
      },
    }));
    await staged.rig.setNeighbours('A', { miniportSends: 'inside-the-call' });
    await byWrite(staged, function* (handle, tiny) {
      yield* tiny.wdk.NdisFSendNetBufferLists(handle, yield* ownNbl(tiny, handle), 0, 0);
    });
    expect(await staged.rig.bugcheck()).to.include('(0x7F)');
  });

  it('a second filter of the image gets no modules, and takes none with it when it goes', async () => {
    const staged = await runningStage();
    const statuses: NdisStatus[] = [];
    await byWrite(staged, function* (_handle, { wdk }) {
      for (const UniqueName of ['{5cbf81bd-5055-47cd-9055-a76b2b4e3698}', '{5CBF81BD-5055-47CD-9055-A76B2B4E3698}']) {
        const out: Out<NdisHandle> = { value: undefined };
        const names = { MajorNdisVersion: 6, MinorNdisVersion: 30, FriendlyName: 'x', UniqueName, ServiceName: 'x' };
        const handler = function* (): Generator<never, NdisStatus> {
          return 'NDIS_STATUS_FAILURE';
        };
        const handlers = { AttachHandler: handler, RestartHandler: handler, PauseHandler: handler };
        const detach = { *DetachHandler(): Call<void> {} };
        const object = { DriverUnload: null };
        const all = { ...names, ...handlers, ...detach };
        statuses.push(yield* wdk.NdisFRegisterFilterDriver(object, null, all, out));
        if (out.value) staged.tiny.onWrite = () => wdk.NdisFDeregisterFilterDriver(out.value as NdisHandle);
      }
    });
    expect(statuses, 'of a name there is one').to.deep.equal(['NDIS_STATUS_SUCCESS', 'NDIS_STATUS_FAILURE']);
    await staged.rig.ask('app', 'send');
    expect([await states(staged.rig), await staged.rig.bugcheck()]).to.deep.equal([['m1 Running'], undefined]);
  });

  it('a driver that was unloaded without deregistering is called into nothing', async () => {
    const { rig, tiny } = await stage();
    tiny.driver = undefined;
    await rig.unload();
    await rig.attach('A');
    expect(await rig.bugcheck()).to.include('(0xCE)');
  });
});
