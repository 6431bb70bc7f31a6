import { expect } from 'chai';
import type { Rig } from '../../../adapters/contract';
import { onMachine, running } from './in-rig';

const stateOf = async (rig: Rig): Promise<string | undefined> => (await rig.modules()).at(-1)?.state;

describe('verbs of the agent', () => {
  it('begin with a machine on which the driver does not run', async () => {
    const { machine, adapter } = onMachine();
    await adapter.open({ seed: 1 });
    expect(machine.takeTold()).to.deep.equal([
      'info',
      'etw.start',
      'GetAdapter Ethernet 2',
      'GetAdapterOfAddress 192.0.2.1',
      'GetBindingsOf ms_mylwf',
      'GetBindingsOf ms_mylwf',
      'DisableBinding Ethernet ms_mylwf',
      'DisableBinding Ethernet 2 ms_mylwf',
      'GetBinding Ethernet 2',
      'DisableBinding Ethernet 2 ms_tcpip',
      'GetService mylwf',
      'StopService mylwf',
    ]);
  });

  it('leave the machine as it was found', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    await rig.close();
    const { machine, changes } = inRig;
    expect([machine.service, machine.bindings.get('ms_mylwf'), machine.dutElsewhere]).to.deep.equal([
      'Stopped',
      false,
      false,
    ]);
    const { undone, failed } = await changes.undoAll();
    expect(failed).to.deep.equal([]);
    expect(undone).to.deep.equal([
      'service "mylwf" is started again',
      '"ms_tcpip" is bound to adapter "Ethernet 2" again',
      '"ms_mylwf" is bound to adapter "Ethernet 2" again',
      '"ms_mylwf" is bound to adapter "Ethernet" again',
      'the ETW session is stopped',
    ]);
    expect([machine.service, machine.bindings.get('ms_mylwf'), machine.dutElsewhere]).to.deep.equal([
      'Running',
      true,
      true,
    ]);
  });

  it('pause a running module, show it Paused, and show that Windows has restarted it when the scenario asks for that', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    expect(await stateOf(rig)).to.equal('Running');
    const pause = await rig.pause('A');
    expect(inRig.machine.takeTold()).to.deep.equal(['DisableBinding Ethernet 2 ms_pacer']);
    expect(await rig.operation(pause)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect(await stateOf(rig)).to.equal('Paused');
    const restart = await rig.restart('A');
    expect(await rig.operation(restart)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect(await rig.modules()).to.deep.equal([
      { module: 'm1', adapter: 'A', position: 0, state: 'Running', restarts: 2 },
    ]);
  });

  it('keep a pause pending while the miniport holds what the driver has sent', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.openHandle('application', 'A');
    const write = await rig.ask('application', 'send', 2);
    const { miniportSends } = await rig.neighbours('A');
    expect(miniportSends).to.deep.equal([
      { item: 'f1', origin: 'filter', module: 'm1' },
      { item: 'f2', origin: 'filter', module: 'm1' },
    ]);
    const pause = await rig.pause('A');
    expect(await rig.operation(pause)).to.deep.equal({ state: 'pending' });
    expect(await stateOf(rig)).to.equal('Pausing');
    await rig.completeSends('A', { count: 1 });
    expect((await rig.neighbours('A')).miniportSends.map(({ item }) => item)).to.deep.equal(['f2']);
    expect(await stateOf(rig)).to.equal('Pausing');
    await rig.completeSends('A');
    expect(await rig.operation(pause)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect(await rig.operation(write)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
    expect(await stateOf(rig)).to.equal('Paused');
  });

  it('disable and enable the adapter, and what has ended stays so', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    const disabling = await rig.disableAdapter('A');
    expect(await stateOf(rig)).to.equal('Detached');
    const enabling = await rig.enableAdapter('A');
    expect(inRig.machine.takeTold()).to.deep.equal([
      'DisableAdapter Ethernet 2',
      'GetAdapter Ethernet 2',
      'EnableAdapter Ethernet 2',
      'fnmp.close',
      'fnmp.open',
    ]);
    for (const operation of [disabling, enabling])
      expect(await rig.operation(operation)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect((await rig.modules()).map(({ module, state }) => `${module} ${state}`)).to.deep.equal([
      'm1 Detached',
      'm2 Running',
    ]);
  });

  it('detach the module, and leave nothing of it', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    const detach = await rig.detach('A');
    expect(inRig.machine.takeTold()).to.deep.equal(['GetBinding Ethernet 2', 'DisableBinding Ethernet 2 ms_mylwf']);
    expect(await rig.operation(detach)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    const unload = await rig.unload();
    expect(inRig.machine.takeTold()).to.deep.equal(['GetService mylwf', 'StopService mylwf']);
    expect(await rig.operation(unload)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
  });

  it('tell by the status that a module was not attached, or not restarted', async () => {
    for (const [failsTo, state] of [
      ['attach', undefined],
      ['restart', 'Paused'],
    ] as const) {
      const rig = await running(onMachine({ failsTo }));
      expect(await stateOf(rig)).to.equal(state);
    }
    const inRig = onMachine({ failsTo: 'restart' });
    const rig = await inRig.adapter.open({ seed: 1 });
    await rig.load();
    await rig.addAdapter('A');
    const enabling = await rig.enableAdapter('A');
    expect(await rig.operation(enabling)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_FAILURE' });
  });

  it('attach, show the module Paused, and restart it when the scenario asks for that', async () => {
    const inRig = onMachine();
    const rig = await inRig.adapter.open({ seed: 1 });
    await rig.load();
    await rig.addAdapter('A');
    const attach = await rig.attach('A');
    expect(await rig.operation(attach)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect(await stateOf(rig)).to.equal('Paused');
    await rig.restart('A');
    expect(await stateOf(rig)).to.equal('Running');
  });

  it('tell what Windows could not do', async () => {
    const inRig = onMachine();
    const rig = await inRig.adapter.open({ seed: 1 });
    inRig.machine.failing.set('StartService', 'PowerShell: The hash of the image is not known.');
    const load = await rig.load();
    const said = await rig.operation(load).catch((failure: Error) => failure.message);
    expect(said).to.equal('PowerShell: The hash of the image is not known.');
  });

  it('conclude nothing from a module that Windows has not done anything to', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    inRig.machine.failing.set('DisableBinding', 'Access is denied.');
    await rig.pause('A');
    const said = await rig.modules().catch((failure: Error) => failure);
    expect(said).to.include({ kind: 'environment', message: 'Access is denied.' });
    // What was seen before is there for the judges.
    expect(await rig.trace()).not.to.deep.equal([]);
  });

  it('keep the stack paused for as long as frames are held, when the driver does not wait for them', async () => {
    const rig = await running(onMachine({ pausesAtOnce: true }));
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.openHandle('application', 'A');
    await rig.ask('application', 'send', 1);
    await rig.pause('A');
    expect(await stateOf(rig)).to.equal('Paused');
    const crossings = await rig.trace();
    const paused = crossings.find(({ args, seq }) => args?.['state'] === 'Paused' && seq > 5);
    const frames = crossings.filter(({ ddi }) => ddi === 'Frame');
    const spans = frames.map(({ certainty }) => certainty as { after: number; before: number });
    const span = paused?.certainty as { after: number; before: number };
    // Held before the pause was over, and held after that: what convicts.
    expect(spans.some(({ before }) => before <= span.after)).to.equal(true);
    expect(spans.some(({ after }) => after >= span.before)).to.equal(true);
  });

  it('begin anew after everything was taken back in between', async () => {
    const inRig = onMachine();
    await (await running(inRig)).close();
    await inRig.changes.undoAll();
    inRig.machine.status = 'Disabled';
    const rig = await running(inRig);
    expect(await stateOf(rig)).to.equal('Running');
    await rig.close();
    await inRig.changes.undoAll();
    const { machine } = inRig;
    expect([machine.status, machine.service, machine.bindings.get('ms_tcpip')]).to.deep.equal([
      'Disabled',
      'Running',
      true,
    ]);
  });

  it('disable the adapter while sends are out, and ask nobody on it when it is gone', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    await rig.setNeighbours('A', { miniportSends: 'hold' });
    await rig.openHandle('application', 'A');
    await rig.ask('application', 'send', 2);
    const disabling = await rig.disableAdapter('A');
    expect(await rig.operation(disabling)).to.deep.equal({ state: 'pending' });
    expect(await stateOf(rig)).to.equal('Pausing');
    await rig.completeSends('A');
    expect(await rig.operation(disabling)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    expect(await stateOf(rig)).to.equal('Detached');
    await rig.enableAdapter('A');
    expect(await stateOf(rig)).to.equal('Running');
    // What it was told to keep it keeps.
    await rig.openHandle('other', 'A');
    await rig.ask('other', 'send', 1);
    expect((await rig.neighbours('A')).miniportSends).to.have.length(1);
  });

  it('do not let an application end that still has a handle, when the module is to go', async () => {
    const rig = await running(onMachine());
    await rig.openHandle('application', 'A');
    const said = await rig.disableAdapter('A').then(
      () => 'done',
      (failure: Error) => failure.message,
    );
    expect(said).to.match(/it can keep none/);
  });

  it('let nothing through before fnlwf, above the driver, runs as well', async () => {
    const inRig = onMachine({ runsAboveAfter: 3 });
    const rig = await running(inRig);
    await rig.sendFromAbove('A', { count: 1 });
    const told = inRig.machine.takeTold().filter((op) => op.startsWith('fnlwf.'));
    expect(told).to.deep.equal([...Array<string>(4).fill('fnlwf.datapath'), 'fnlwf.send']);
    const never = onMachine({ runsAboveAfter: Infinity });
    const failure = await running(never)
      .then((late) => late.sendFromAbove('A', { count: 1 }))
      .catch((refused: unknown) => refused);
    expect(failure).to.include({ kind: 'notObserved' });
    expect(never.machine.takeTold()).to.not.include('fnlwf.send');
  });
});
