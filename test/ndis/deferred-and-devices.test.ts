import { expect } from 'chai';
import { Device } from '../../src/ndis/io-manager';
import type { Call } from '../../src/kernel';
import type { Irp, NdisHandle, NtStatus, Out } from '../../src/ndis';
import type { Stage } from './play';
import { outcome, runningStage, seen, stage } from './play';
import type { Tiny } from './tiny-filter';
import { DEVICE, tinyFilter } from './tiny-filter';
import { rigOf } from './play';

async function byWrite(staged: Stage, act: (tiny: Tiny, driver: NdisHandle) => Call<unknown>): Promise<void> {
  const { rig, tiny } = staged;
  tiny.onWrite = function* () {
    if (tiny.driver) yield* act(tiny, tiny.driver);
  };
  await rig.openHandle('app', 'A');
  await rig.ask('app', 'send');
}

describe('Timers', () => {
  function* newTimer({ wdk }: Tiny, driver: NdisHandle, fired: number[]): Call<NdisHandle> {
    const timer = yield* wdk.NdisAllocateTimerObject(driver, {
      *TimerFunction(): Call<void> {
        fired.push(wdk.KeGetCurrentIrql());
      },
      FunctionContext: null,
    });
    if (!timer) throw new Error('no timer');
    return timer;
  }

  it('fire at DISPATCH_LEVEL, and a cancel says whether it came in time', async () => {
    const fired: number[] = [];
    const cancelled: boolean[] = [];
    let timer: NdisHandle | undefined;
    const staged = await runningStage();
    await byWrite(staged, function* (tiny, driver) {
      timer = yield* newTimer(tiny, driver, fired);
      yield* tiny.wdk.NdisSetTimerObject(timer, 100, 0);
      cancelled.push(yield* tiny.wdk.NdisCancelTimerObject(timer));
      yield* tiny.wdk.NdisSetTimerObject(timer, 100, 0);
    });
    await staged.rig.letTimePass(100);
    staged.tiny.onWrite = function* () {
      if (timer) cancelled.push(yield* staged.tiny.wdk.NdisCancelTimerObject(timer));
    };
    await staged.rig.ask('app', 'send');
    expect(fired).to.deep.equal([2]);
    expect(cancelled).to.deep.equal([true, false]);
    expect((await seen(staged.rig, '->', 'NdisTimerFunction'))[0]).to.deep.include({
      time: 100,
      args: { timer: 'timer1' },
    });
  });

  it('set again tell that they were armed', async () => {
    const armed: boolean[] = [];
    const staged = await runningStage();
    await byWrite(staged, function* (tiny, driver) {
      const timer = yield* newTimer(tiny, driver, []);
      armed.push(yield* tiny.wdk.NdisSetTimerObject(timer, 100, 0));
      armed.push(yield* tiny.wdk.NdisSetTimerObject(timer, 50, 0));
    });
    expect(armed).to.deep.equal([false, true]);
  });

  for (const [how, period] of [
    ['by KeFlushQueuedDpcs', 0],
    ['by cancelling a periodic one', 100],
  ] as const) {
    it(`are waited for ${how}`, async () => {
      const seenDone: boolean[] = [];
      const staged = await runningStage();
      let timer: NdisHandle | null = null;
      let done = false;
      await byWrite(staged, function* ({ wdk }, driver) {
        timer = yield* wdk.NdisAllocateTimerObject(driver, {
          *TimerFunction(): Call<void> {
            yield* wdk.SharedAccess('work');
            yield { point: 'work that takes 5 ms', ready: () => false, deadline: 105 };
            done = true;
          },
          FunctionContext: null,
        });
        if (timer) yield* wdk.NdisSetTimerObject(timer, 100, period);
      });
      await staged.rig.letTimePass(100);
      staged.tiny.onWrite = function* ({ wdk } = staged.tiny) {
        if (timer) yield* wdk.NdisCancelTimerObject(timer);
        if (period === 0) yield* wdk.KeFlushQueuedDpcs();
        seenDone.push(done);
      };
      await staged.rig.ask('app', 'send');
      expect(seenDone).to.deep.equal([true]);
    });
  }

  it('freed while armed: 0xC7', async () => {
    const staged = await runningStage();
    await byWrite(staged, function* (tiny, driver) {
      const timer = yield* newTimer(tiny, driver, []);
      yield* tiny.wdk.NdisSetTimerObject(timer, 100, 0);
      yield* tiny.wdk.NdisFreeTimerObject(timer);
    });
    expect(await staged.rig.bugcheck()).to.include('(0xC7)');
  });

  it('that outlive the driver call into nothing: 0xCE', async () => {
    const staged = await runningStage();
    await byWrite(staged, function* (tiny, driver) {
      yield* tiny.wdk.NdisSetTimerObject(yield* newTimer(tiny, driver, []), 100, 0);
    });
    await staged.rig.closeHandle('app');
    await staged.rig.unload();
    await staged.rig.letTimePass(100);
    expect(await staged.rig.bugcheck()).to.include('(0xCE)');
  });
});

describe('Work items', () => {
  it('run at PASSIVE_LEVEL on a thread of the system, and may free themselves', async () => {
    const staged = await runningStage();
    await byWrite(staged, function* ({ wdk }, driver) {
      const item = yield* wdk.NdisAllocateIoWorkItem(driver);
      if (!item) return;
      yield* wdk.NdisQueueIoWorkItem(item, () => wdk.NdisFreeIoWorkItem(item), null);
    });
    const ran = (await seen(staged.rig, '->', 'NdisIoWorkItemFunction'))[0];
    expect(ran).to.deep.include({ irql: 0, args: { workItem: 'work1' } });
    expect(ran?.thread).not.to.equal((await seen(staged.rig, '=>', 'NdisQueueIoWorkItem'))[0]?.thread);
    expect(await staged.rig.bugcheck()).to.equal(undefined);
  });

  for (const what of ['freed', 'queued again'] as const) {
    it(`${what} while in the queue: 0xE4`, async () => {
      const staged = await runningStage();
      await byWrite(staged, function* ({ wdk }, driver) {
        const item = yield* wdk.NdisAllocateIoWorkItem(driver);
        if (!item) return;
        const routine = function* (): Call<void> {};
        yield* wdk.NdisQueueIoWorkItem(item, routine, null);
        if (what === 'freed') yield* wdk.NdisFreeIoWorkItem(item);
        else yield* wdk.NdisQueueIoWorkItem(item, routine, null);
      });
      expect(await staged.rig.bugcheck()).to.include('(0xE4)');
    });
  }
});

describe('Devices and IRPs', () => {
  it('a handle names the adapter, and outlives its modules', async () => {
    const { rig } = await runningStage();
    await rig.openHandle('app', 'A');
    await rig.disableAdapter('A');
    expect(await outcome(rig, await rig.ask('app', 'send'))).to.equal('done STATUS_SUCCESS');
    expect((await seen(rig, '->', 'IRP_MJ_CREATE'))[0]?.args).to.deep.equal({ irp: 'irp1', file: 'file1', name: 'A' });
  });

  it('is found by each of its names, however they are spelled', () => {
    const DeviceName = '\\Device\\Mine';
    const attributes = { DeviceName, SymbolicName: '\\DosDevices\\MyLink', MajorFunctions: {} };
    const device = new Device('device1', attributes);
    for (const name of [
      DeviceName,
      '\\device\\MINE',
      '\\??\\MyLink',
      '\\\\.\\mylink',
      '\\DosDevices\\Global\\MyLink',
    ]) {
      expect(device.isNamed(name), name).to.equal(true);
    }
    for (const name of ['\\Device\\MyLink', '\\??\\Mine', 'MyLink']) expect(device.isNamed(name), name).to.equal(false);
  });

  it('without a device there is nothing to open', async () => {
    const { rig } = await stage(() => ({ PauseHandler: null }));
    expect(await outcome(rig, await rig.openHandle('app', 'A'))).to.equal('done STATUS_OBJECT_NAME_NOT_FOUND');
  });

  it('closing sends cleanup, waits for what is pending, and sends close', async () => {
    const pending: Irp[] = [];
    const { rig, complete } = await withDispatch(function* (irp, { wdk }) {
      yield* wdk.IoMarkIrpPending(irp);
      pending.push(irp);
      return 'STATUS_PENDING';
    });
    await rig.openHandle('app', 'A');
    const write = await rig.ask('app', 'send');
    const close = await rig.closeHandle('app');
    expect([await outcome(rig, write), await outcome(rig, close)]).to.deep.equal(['pending', 'pending']);
    expect(await seen(rig, '->', 'IRP_MJ_CLOSE')).to.deep.equal([]);
    await complete(pending[0] as Irp);
    expect([await outcome(rig, write), await outcome(rig, close)]).to.deep.equal([
      'done STATUS_CANCELLED',
      'done STATUS_SUCCESS',
    ]);
  });

  it('cancelling calls the routine at DISPATCH_LEVEL, once', async () => {
    const irqls: number[] = [];
    const { rig } = await withDispatch(function* (irp, { wdk }) {
      yield* wdk.IoMarkIrpPending(irp);
      yield* wdk.IoSetCancelRoutine(irp, function* (cancelled): Call<void> {
        irqls.push(wdk.KeGetCurrentIrql());
        cancelled.Status = 'STATUS_CANCELLED';
        yield* wdk.IoCompleteRequest(cancelled);
      });
      return 'STATUS_PENDING';
    });
    await rig.openHandle('app', 'A');
    const write = await rig.ask('app', 'send');
    await rig.cancelRequests('app');
    await rig.cancelRequests('app');
    expect(await outcome(rig, write)).to.equal('done STATUS_CANCELLED');
    expect(irqls).to.deep.equal([2]);
  });

  it('an IRP that the driver forgets never ends', async () => {
    const { rig } = await withDispatch(function* () {
      return 'STATUS_SUCCESS';
    });
    await rig.openHandle('app', 'A');
    expect(await outcome(rig, await rig.ask('app', 'send'))).to.equal('pending');
  });

  it('an IRP completed twice: 0x44; a dispatch routine that returns at DISPATCH_LEVEL: 0x4A', async () => {
    for (const [code, fault] of [
      ['0x44', (irp: Irp, { wdk }: Tiny) => wdk.IoCompleteRequest(irp)],
      ['0x4A', (_irp: Irp, { wdk }: Tiny) => wdk.KeRaiseIrql(2)],
    ] as const) {
      const { rig } = await withDispatch(function* (irp, tiny) {
        yield* tiny.wdk.IoCompleteRequest(irp);
        yield* fault(irp, tiny);
        return 'STATUS_SUCCESS';
      });
      await rig.openHandle('app', 'A');
      await rig.ask('app', 'send');
      expect(await rig.bugcheck()).to.include(`(${code})`);
    }
  });

  it('only a driver handle makes a device, and no name is taken twice', async () => {
    const statuses: string[] = [];
    const staged = await runningStage();
    await byWrite(staged, function* ({ wdk, handles }, driver) {
      const out: Out<NdisHandle> = { value: undefined };
      const attributes = { DeviceName: DEVICE, SymbolicName: '\\DosDevices\\Other', MajorFunctions: {} };
      statuses.push(yield* wdk.NdisRegisterDeviceEx(driver, attributes, out));
      if (handles[0]) statuses.push(yield* wdk.NdisRegisterDeviceEx(handles[0], attributes, out));
    });
    expect(statuses).to.deep.equal(['NDIS_STATUS_RESOURCES', 'NDIS_STATUS_NOT_SUPPORTED']);
  });
});

/** A filter whose IRP_MJ_WRITE is the test's, and a way to complete an IRP later, as STATUS_CANCELLED. */
async function withDispatch(dispatch: (irp: Irp, tiny: Tiny) => Call<NtStatus>) {
  let tiny: Tiny | undefined;
  const driver = tinyFilter(undefined, (loaded) => {
    tiny = loaded;
    loaded.write = dispatch;
  });
  const rig = await rigOf(driver);
  await rig.load();
  await rig.addAdapter('A');
  const complete = async (irp: Irp): Promise<void> => {
    if (!tiny) return;
    const { wdk } = tiny;
    tiny.write = function* (own): Call<NtStatus> {
      irp.Status = 'STATUS_CANCELLED';
      yield* wdk.IoCompleteRequest(irp);
      yield* wdk.IoCompleteRequest(own);
      return 'STATUS_SUCCESS';
    };
    await rig.openHandle('other', 'A');
    await rig.ask('other', 'send');
  };
  return { rig, complete };
}

describe('Memory pressure', () => {
  it('makes the next allocations of a kind fail, and no others', async () => {
    const got: (boolean | string)[] = [];
    const staged = await runningStage();
    await staged.rig.failAllocations(2, 'memory');
    await byWrite(staged, function* ({ wdk, handles }, driver) {
      const [handle] = handles;
      if (!handle) return;
      const parameters = { fAllocateNetBuffer: true, ContextSize: 0, PoolTag: 'Tiny', DataSize: 0 };
      got.push((yield* wdk.NdisAllocateNetBufferListPool(driver, parameters)) !== null);
      got.push((yield* wdk.ExAllocatePoolWithTag({}, 'Tiny')) !== null);
      got.push((yield* wdk.NdisAllocateMemoryWithTagPriority(handle, {}, 'Tiny')) !== null);
      got.push((yield* wdk.NdisAllocateMemoryWithTagPriority(handle, {}, 'Tiny')) !== null);
    });
    expect(got).to.deep.equal([true, false, false, true]);
    const allocated = (await seen(staged.rig, '<=', 'NdisAllocateMemoryWithTagPriority')).map(({ module, args }) => [
      module,
      args?.['memory'],
    ]);
    expect(allocated[0]).to.deep.equal(['m1', null]);
  });
});
