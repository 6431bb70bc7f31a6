import { expect } from 'chai';
import { ModelledRig } from '../../adapters/modelled';
import type { NdisStatus } from '../../src/ndis';
import { during, outcome, runningStage, seen, stage, states, told } from './play';
import { tinyFilter } from './tiny-filter';

const LIFE =
  /^(Miniport(Initialize|Restart|Pause|Halt|OidRequest|DevicePnP)|Filter(Attach|Detach|Pause|Restart|NetPnP|DevicePnP|SetModuleOptions)|Protocol(Bind|Unbind|NetPnP))/;

const TWO_FILTERS = { layers: ['dut', 'dut'] } as const;

describe('Sequences of a driver stack', () => {
  it('start: filters attach bottom to top, the protocol binds, and everything restarts from the miniport up', async () => {
    const { rig } = await stage(
      () => ({
        *SetFilterModuleOptionsHandler(): Generator<never, NdisStatus> {
          return 'NDIS_STATUS_SUCCESS';
        },
      }),
      { layers: ['dut', 'neighbour', 'dut'] },
    );
    expect(await during(rig, () => rig.enableAdapter('A'), LIFE)).to.deep.equal([
      'm1 ->FilterAttach',
      'filter:N1 ->FilterAttach',
      'm2 ->FilterAttach',
      'protocol ->ProtocolBindAdapterEx',
      'miniport ->MiniportRestart',
      'm1 ->FilterSetModuleOptions',
      'm2 ->FilterSetModuleOptions',
      'm1 ->FilterRestart',
      'filter:N1 ->FilterRestart',
      'm2 ->FilterRestart',
      'protocol ->ProtocolNetPnPEvent NetEventRestart',
    ]);
    expect(await states(rig)).to.deep.equal(['m1 Running', 'm2 Running']);
  });

  it('disable: query, pause from the protocol down, unbind, detach top to bottom, halt', async () => {
    const { rig } = await runningStage(undefined, TWO_FILTERS);
    expect(await during(rig, () => rig.disableAdapter('A'), LIFE)).to.deep.equal([
      'm1 ->FilterNetPnPEvent NetEventQueryRemoveDevice',
      'm2 ->FilterNetPnPEvent NetEventQueryRemoveDevice',
      'protocol ->ProtocolNetPnPEvent NetEventQueryRemoveDevice',
      'protocol ->ProtocolNetPnPEvent NetEventPause',
      'm2 ->FilterPause',
      'm1 ->FilterPause',
      'miniport ->MiniportPause',
      'protocol ->ProtocolUnbindAdapterEx',
      'm2 ->FilterNetPnPEvent NetEventFilterPreDetach',
      'm2 ->FilterDetach',
      'm1 ->FilterNetPnPEvent NetEventFilterPreDetach',
      'm1 ->FilterDetach',
      'miniport ->MiniportHaltEx',
    ]);
    expect(await states(rig)).to.deep.equal(['m1 Detached', 'm2 Detached']);
  });

  it('disable with a veto ends with a cancel by the same route, and everything runs on', async () => {
    const { rig } = await runningStage(undefined, TWO_FILTERS);
    await rig.setNeighbours('A', { protocolVetoes: true });
    let operation = { id: -1 };
    const story = await during(rig, async () => (operation = await rig.disableAdapter('A')), LIFE);
    expect(story).to.deep.equal([
      'm1 ->FilterNetPnPEvent NetEventQueryRemoveDevice',
      'm2 ->FilterNetPnPEvent NetEventQueryRemoveDevice',
      'protocol ->ProtocolNetPnPEvent NetEventQueryRemoveDevice',
      'm1 ->FilterNetPnPEvent NetEventCancelRemoveDevice',
      'm2 ->FilterNetPnPEvent NetEventCancelRemoveDevice',
      'protocol ->ProtocolNetPnPEvent NetEventCancelRemoveDevice',
    ]);
    expect(await outcome(rig, operation)).to.equal('done NDIS_STATUS_FAILURE');
    expect(await states(rig)).to.deep.equal(['m1 Running', 'm2 Running']);
  });

  it('surprise removal: the query goes up, the notice down, then pause, unbind, detach, halt', async () => {
    const { rig } = await runningStage();
    expect(await during(rig, () => rig.surpriseRemove('A'), LIFE)).to.deep.equal([
      'm1 ->FilterNetPnPEvent NetEventQueryRemoveDevice',
      'protocol ->ProtocolNetPnPEvent NetEventQueryRemoveDevice',
      'm1 ->FilterDevicePnPEventNotify NdisDevicePnPEventSurpriseRemoved',
      'miniport ->MiniportDevicePnPEventNotify NdisDevicePnPEventSurpriseRemoved',
      'protocol ->ProtocolNetPnPEvent NetEventPause',
      'm1 ->FilterPause',
      'miniport ->MiniportPause',
      'protocol ->ProtocolUnbindAdapterEx',
      'm1 ->FilterNetPnPEvent NetEventFilterPreDetach',
      'm1 ->FilterDetach',
      'miniport ->MiniportHaltEx',
    ]);
  });

  it('insertion of an optional filter: everybody pauses, the new one attaches, everybody hears of it and restarts', async () => {
    const { rig } = await runningStage();
    expect(await during(rig, () => rig.insertFilter('A', 'above', 'neighbour'), LIFE)).to.deep.equal([
      'protocol ->ProtocolNetPnPEvent NetEventPause',
      'm1 ->FilterPause',
      'miniport ->MiniportPause',
      'filter:N1 ->FilterAttach',
      'm1 ->FilterNetPnPEvent NetEventReconfigure',
      'filter:N1 ->FilterNetPnPEvent NetEventReconfigure',
      'protocol ->ProtocolNetPnPEvent NetEventReconfigure',
      'miniport ->MiniportRestart',
      'm1 ->FilterRestart',
      'filter:N1 ->FilterRestart',
      'protocol ->ProtocolNetPnPEvent NetEventRestart',
    ]);
  });

  it('removal of an optional filter detaches that module only', async () => {
    const { rig } = await runningStage(undefined, TWO_FILTERS);
    const story = await during(rig, () => rig.removeFilter('A', 'above', 'dut'), LIFE);
    expect(story.filter((line) => line.includes('FilterDetach'))).to.deep.equal(['m2 ->FilterDetach']);
    expect(await states(rig)).to.deep.equal(['m1 Running', 'm2 Detached']);
  });

  it('insertion of a mandatory filter: the protocol is unbound first and bound again afterwards', async () => {
    const { rig } = await runningStage(undefined, { mandatory: true });
    expect(await during(rig, () => rig.insertFilter('A', 'below', 'dut'), /Protocol|FilterAttach/)).to.deep.equal([
      'protocol ->ProtocolNetPnPEvent NetEventPause',
      'protocol ->ProtocolUnbindAdapterEx',
      'm2 ->FilterAttach',
      'protocol ->ProtocolBindAdapterEx',
      'protocol ->ProtocolNetPnPEvent NetEventReconfigure',
      'protocol ->ProtocolNetPnPEvent NetEventRestart',
    ]);
    expect((await rig.modules()).map(({ module, position }) => `${module} ${position}`)).to.deep.equal([
      'm1 1',
      'm2 0',
    ]);
  });

  it('binding and unbinding of a protocol pauses and restarts every filter', async () => {
    const { rig } = await runningStage();
    for (const act of [() => rig.unbindProtocol('A'), () => rig.bindProtocol('A')]) {
      const story = await during(rig, act, /^Filter(Pause|Restart)$|Bind|Unbind/);
      expect(story[0]).to.equal('m1 ->FilterPause');
      expect(story[1]).to.match(/Protocol(Unb|B)indAdapterEx/);
      expect(story[2]).to.equal('m1 ->FilterRestart');
    }
  });

  it('sleep pauses the stack before the miniport loses power; on resume the restart comes before the D0 event', async () => {
    const { rig } = await runningStage();
    expect(await during(rig, () => rig.suspend('A'), LIFE)).to.deep.equal([
      'm1 ->FilterNetPnPEvent NetEventQueryPower',
      'protocol ->ProtocolNetPnPEvent NetEventQueryPower',
      'm1 ->FilterNetPnPEvent NetEventSetPower',
      'protocol ->ProtocolNetPnPEvent NetEventSetPower',
      'protocol ->ProtocolNetPnPEvent NetEventPause',
      'm1 ->FilterPause',
      'miniport ->MiniportPause',
      'miniport ->MiniportOidRequest',
    ]);
    expect(await during(rig, () => rig.resume('A'), LIFE)).to.deep.equal([
      'miniport ->MiniportOidRequest',
      'miniport ->MiniportRestart',
      'm1 ->FilterRestart',
      'protocol ->ProtocolNetPnPEvent NetEventRestart',
      'm1 ->FilterNetPnPEvent NetEventSetPower',
      'protocol ->ProtocolNetPnPEvent NetEventSetPower',
    ]);
  });

  it('sleep leaves the stack running where miniport and filters ask for that, and sends come back LOW_POWER_STATE', async () => {
    const { rig } = await runningStage(undefined, { noPauseOnSuspend: true });
    expect(await during(rig, () => rig.suspend('A'), /Pause/)).to.deep.equal([]);
    await rig.sendFromAbove('A', { count: 1 });
    expect((await rig.neighbours('A')).sendsBack.map(({ status }) => status)).to.deep.equal([
      'NDIS_STATUS_LOW_POWER_STATE',
    ]);
    expect(await during(rig, () => rig.resume('A'), /Restart/)).to.deep.equal([]);
  });

  it('a driver older than NDIS 6.30 is paused for sleep whatever the miniport asks for', async () => {
    const { rig } = await runningStage(() => ({ MinorNdisVersion: 20 }), { noPauseOnSuspend: true });
    expect(await during(rig, () => rig.suspend('A'), /^FilterPause/)).to.deep.equal(['m1 ->FilterPause']);
  });

  it('a stack that was paused before sleep is not restarted on resume', async () => {
    const { rig } = await runningStage();
    await rig.pause('A');
    await rig.suspend('A');
    await rig.resume('A');
    expect(await states(rig)).to.deep.equal(['m1 Paused']);
  });

  it('after surprise removal the miniport accepts nothing', async () => {
    const { rig } = await runningStage(() => ({
      *PauseHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_PENDING';
      },
    }));
    const removal = await rig.surpriseRemove('A');
    expect(await outcome(rig, removal)).to.equal('pending');
    await rig.sendFromAbove('A', { count: 1 });
    expect((await rig.neighbours('A')).sendsBack.map(({ status }) => status)).to.deep.equal([
      'NDIS_STATUS_NOT_ACCEPTED',
    ]);
  });

  it('operations on one stack wait for each other, on two stacks they do not', async () => {
    const { rig, tiny } = await stage(() => ({
      *PauseHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_PENDING';
      },
    }));
    await rig.addAdapter('B');
    for (const adapter of ['A', 'B']) await rig.enableAdapter(adapter);
    const pause = await rig.pause('A');
    const detach = await rig.detach('A');
    expect([await outcome(rig, pause), await outcome(rig, detach)]).to.deep.equal(['pending', 'pending']);
    expect(await seen(rig, '->', 'FilterDetach')).to.deep.equal([]);
    await rig.openHandle('app', 'A');
    await rig.pause('B');
    expect(await states(rig)).to.deep.equal(['m1 Pausing', 'm2 Pausing']);
    tiny.onWrite = function* () {
      const [first] = tiny.handles;
      if (first) yield* tiny.wdk.NdisFPauseComplete(first);
    };
    await rig.ask('app', 'send');
    expect([await outcome(rig, pause), await outcome(rig, detach)]).to.deep.equal([
      'done NDIS_STATUS_SUCCESS',
      'done NDIS_STATUS_SUCCESS',
    ]);
    expect(await states(rig)).to.deep.equal(['m1 Detached', 'm2 Pausing']);
  });

  it('NdisFRestartFilter only schedules: pause, options and restart come after it has returned', async () => {
    const { rig, tiny } = await runningStage(() => ({
      *SetFilterModuleOptionsHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_SUCCESS';
      },
    }));
    await rig.openHandle('app', 'A');
    tiny.onWrite = function* () {
      const [first] = tiny.handles;
      if (first) yield* tiny.wdk.NdisFRestartFilter(first);
      yield* tiny.wdk.NdisMSleep(1);
    };
    const story = await during(rig, () => rig.ask('app', 'send'), /NdisFRestartFilter|^Filter(Pause|Set|Restart)/);
    expect(story).to.deep.equal([
      'm1 =>NdisFRestartFilter',
      'm1 ->FilterPause',
      'm1 ->FilterSetModuleOptions',
      'm1 ->FilterRestart',
    ]);
  });
});

describe('Attach and restart that fail', () => {
  const failing = (what: 'AttachHandler' | 'RestartHandler', status: NdisStatus) => () => ({
    *[what](): Generator<never, NdisStatus> {
      return status;
    },
  });

  it('an optional module that cannot attach leaves the stack to the others', async () => {
    const { rig } = await stage(failing('AttachHandler', 'NDIS_STATUS_RESOURCES'), { layers: ['dut', 'neighbour'] });
    const operation = await rig.enableAdapter('A');
    expect(await outcome(rig, operation)).to.equal('done NDIS_STATUS_RESOURCES');
    expect(await states(rig)).to.deep.equal(['m1 Detached']);
    await rig.sendFromAbove('A', { count: 1 });
    expect((await rig.neighbours('A')).sendsBack).to.have.length(1);
  });

  it('a mandatory module that cannot attach takes the stack down', async () => {
    const { rig } = await stage(failing('AttachHandler', 'NDIS_STATUS_FAILURE'), {
      layers: ['neighbour', 'dut'],
      mandatory: true,
    });
    const story = await during(rig, () => rig.enableAdapter('A'), /^FilterDetach|Bind|Restart/);
    expect(story).to.deep.equal(['filter:N1 ->FilterDetach']);
  });

  it('a pending attach is a failed one: there is no such form', async () => {
    const { rig } = await stage(failing('AttachHandler', 'NDIS_STATUS_PENDING'));
    await rig.attach('A');
    expect(await states(rig)).to.deep.equal(['m1 Detached']);
  });

  it('an optional module whose restart fails is detached, the others go on', async () => {
    const { rig } = await stage(failing('RestartHandler', 'NDIS_STATUS_FAILURE'), { layers: ['dut', 'neighbour'] });
    await rig.attach('A');
    const story = await during(rig, () => rig.restart('A'), LIFE);
    expect(story).to.deep.equal([
      'miniport ->MiniportRestart',
      'm1 ->FilterRestart',
      'm1 ->FilterNetPnPEvent NetEventFilterPreDetach',
      'm1 ->FilterDetach',
      'filter:N1 ->FilterRestart',
      'protocol ->ProtocolNetPnPEvent NetEventRestart',
    ]);
  });

  it('a mandatory module whose restart fails takes the stack down', async () => {
    const { rig } = await stage(failing('RestartHandler', 'NDIS_STATUS_RESOURCES'), {
      layers: ['neighbour', 'dut'],
      mandatory: true,
    });
    await rig.attach('A');
    const operation = await rig.restart('A');
    expect(await outcome(rig, operation)).to.equal('done NDIS_STATUS_RESOURCES');
    expect(told(await rig.trace(), /^FilterDetach|Unbind|MiniportPause/)).to.deep.equal([
      'm1 ->FilterDetach',
      'miniport ->MiniportPause',
      'protocol ->ProtocolUnbindAdapterEx',
      'filter:N1 ->FilterDetach',
    ]);
  });

  it('the restart of a halted adapter does not begin', async () => {
    const { rig } = await runningStage();
    await rig.disableAdapter('A');
    expect(await outcome(rig, await rig.restart('A'))).to.equal('done NDIS_STATUS_FAILURE');
    expect(await outcome(rig, await rig.attach('A'))).to.equal('done NDIS_STATUS_FAILURE');
  });
});

describe('Registration and deregistration', () => {
  it('adapters that are there get their modules before the registration returns', async () => {
    const { rig, tiny } = await stage();
    await rig.enableAdapter('A');
    await rig.unload();
    expect(await states(rig)).to.deep.equal(['m1 Detached']);
    tiny.handles.length = 0;
    const story = await during(rig, () => rig.load(), /Register|^Filter/);
    expect(story.slice(0, 2)).to.deep.equal(['driver =>NdisFRegisterFilterDriver', 'm2 ->FilterAttach']);
    const back = (await seen(rig, '<=', 'NdisFRegisterFilterDriver')).at(-1);
    const attached = (await seen(rig, '<-', 'FilterAttach')).at(-1);
    expect(attached?.seq).to.be.lessThan(back?.seq ?? 0);
    expect(attached?.thread).not.to.equal(back?.thread);
    expect((await rig.modules()).at(-1)).to.include({ module: 'm2', state: 'Running' });
  });

  it('deregistration pauses and detaches every module before it returns, and the rest restarts', async () => {
    const { rig } = await stage(undefined, { layers: ['dut', 'neighbour'] });
    await rig.addAdapter('B');
    for (const adapter of ['A', 'B']) await rig.enableAdapter(adapter);
    const story = await during(rig, () => rig.unload(), /Deregister|Unload|^Filter(Pause|Detach|Restart)/);
    expect(story).to.deep.equal([
      'driver ->FilterDriverUnload',
      'driver =>NdisDeregisterDeviceEx',
      'driver =>NdisFDeregisterFilterDriver',
      'filter:N1 ->FilterPause',
      'm1 ->FilterPause',
      'm1 ->FilterDetach',
      'filter:N1 ->FilterRestart',
      'm2 ->FilterPause',
      'm2 ->FilterDetach',
    ]);
  });

  for (const [what, override, status] of [
    ['no pause handler', { PauseHandler: null }, 'NDIS_STATUS_BAD_CHARACTERISTICS'],
    ['half of the OID pair', { OidRequestCompleteHandler: function* () {} }, 'NDIS_STATUS_BAD_CHARACTERISTICS'],
    ['a cancel handler without a send handler', { SendNetBufferListsHandler: null }, 'NDIS_STATUS_BAD_CHARACTERISTICS'],
    ['an NDIS 5 version', { MajorNdisVersion: 5 }, 'NDIS_STATUS_BAD_VERSION'],
    ['a minor version that never was', { MinorNdisVersion: 35 }, 'NDIS_STATUS_BAD_VERSION'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { rig } = await stage(() => override);
      expect((await seen(rig, '<=', 'NdisFRegisterFilterDriver'))[0]).to.deep.include({
        status,
        args: { handle: null },
      });
      expect((await seen(rig, '<-', 'DriverEntry'))[0]?.status).to.equal('STATUS_UNSUCCESSFUL');
    });
  }

  for (const [major, minor, status] of [
    [6, 20, 'NDIS_STATUS_BAD_VERSION'],
    [6, 30, 'NDIS_STATUS_SUCCESS'],
    [6, 89, 'NDIS_STATUS_SUCCESS'],
  ] as const) {
    it(`a system with NDIS ${major}.${minor} answers ${status} to a driver made for 6.30`, async () => {
      const rig = new ModelledRig({ ...tinyFilter(), ndis: { major, minor } }, { seed: 1, schedule: 'run-to-block' });
      await rig.load();
      expect((await seen(rig, '<=', 'NdisFRegisterFilterDriver'))[0]?.status).to.equal(status);
    });
  }

  it('a failing FilterSetOptions fails the registration', async () => {
    const { rig } = await stage(() => ({
      *SetOptionsHandler(): Generator<never, NdisStatus> {
        return 'NDIS_STATUS_RESOURCES';
      },
    }));
    expect((await seen(rig, '<=', 'NdisFRegisterFilterDriver'))[0]?.status).to.equal('NDIS_STATUS_RESOURCES');
    await rig.attach('A');
    expect(await states(rig)).to.deep.equal([]);
  });

  it('the driver stays loaded while an application has a handle', async () => {
    const { rig } = await runningStage();
    await rig.openHandle('app', 'A');
    const unload = await rig.unload();
    expect(await outcome(rig, unload)).to.equal('pending');
    await rig.closeHandle('app');
    expect(await outcome(rig, unload)).to.equal('done STATUS_SUCCESS');
  });
});
