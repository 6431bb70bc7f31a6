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
});
