import { expect } from 'chai';
import { RigRefusal, type Rig } from '../../../adapters/contract';
import { CONFIG, onMachine, running } from './in-rig';

async function refusal(call: () => Promise<unknown>): Promise<RigRefusal> {
  try {
    await call();
  } catch (failure) {
    if (failure instanceof RigRefusal) return failure;
    throw failure;
  }
  throw new Error('it was not refused');
}

const IMPOSSIBLE: Readonly<Record<string, (rig: Rig) => Promise<unknown>>> = {
  'a driver that is loaded when its adapter is there': (rig) => rig.load(),
  'a second adapter': (rig) => rig.addAdapter('B'),
  'another filter in the stack': (rig) => rig.addAdapter('A', { layers: ['neighbour', 'dut'] }),
  'surprise removal': (rig) => rig.surpriseRemove('A'),
  'a filter that is inserted': (rig) => rig.insertFilter('A', 'above', 'neighbour'),
  'a protocol that is unbound': (rig) => rig.unbindProtocol('A'),
  sleep: (rig) => rig.suspend('A'),
  'events of choice': (rig) => rig.netPnPEvent('A', 'NetEventSetPower'),
  'a restart of what runs': (rig) => rig.restart('A'),
  'other requests than sends': (rig) => rig.ask('application', 'receive'),
  'a handle that is kept': (rig) => rig.closeHandle('application'),
  'a status of OID requests inside the call': (rig) => rig.setNeighbours('A', { oidStatus: 'NDIS_STATUS_FAILURE' }),
  'OID requests that are cancelled': (rig) => rig.cancelOidFromAbove('A'),
  'a status of choice': (rig) => rig.setNeighbours('A', { sendStatus: 'NDIS_STATUS_FAILURE' }),
  'OID requests': (rig) => rig.oidFromAbove('A', 'OID_GEN_STATISTICS'),
  'a thread that stands still': (rig) => rig.stopBefore({ point: '->FilterPause' }),
  'a shortage of memory': (rig) => rig.failAllocations(1),
  'sends from above where nobody can send them': (rig) => rig.sendFromAbove('A', { count: 1 }),
  'a completion with a status': (rig) => rig.completeSends('A', { status: 'NDIS_STATUS_FAILURE' }),
};

describe('what a real machine cannot be made to do', () => {
  let rig: Rig;

  before(async () => (rig = await running(onMachine())));

  for (const [what, call] of Object.entries(IMPOSSIBLE)) {
    it(`is refused, and the scenario not observed: ${what}`, async () => {
      expect((await refusal(() => call(rig))).kind).to.equal('notSupported');
    });
  }

  it('is refused once Windows has gone on: a module that the scenario wants Paused runs again', async () => {
    const inRig = onMachine();
    const paused = await running(inRig);
    await paused.openHandle('application', 'A');
    await paused.pause('A');
    inRig.machine.takeTold();
    for (const call of [
      () => paused.ask('application', 'send'),
      () => paused.detach('A'),
      () => paused.disableAdapter('A'),
      () => paused.pause('A'),
      () => paused.receiveFromBelow('A', { count: 1 }),
    ])
      expect((await refusal(call)).message).to.match(/^Windows goes on by itself/);
    expect(inRig.machine.takeTold()).to.deep.equal([]);
  });

  it('is refused when the handle that it would be asked through is not there any more', async () => {
    const inRig = onMachine();
    const restarted = await running(inRig);
    await restarted.openHandle('application', 'A');
    await restarted.pause('A');
    await restarted.restart('A');
    expect((await refusal(() => restarted.ask('application', 'send'))).message).to.match(/handle for each send/);
    await restarted.openHandle('other', 'A');
    const write = await restarted.ask('other', 'send');
    expect(await restarted.operation(write)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
  });

  it('names the lists of neighbours that nobody sees', async () => {
    const { unseen } = await rig.neighbours('A');
    expect(unseen).to.include.members(['sendsBack', 'protocolReceives', 'miniportOids']);
    expect(unseen).not.to.include('miniportSends');
  });
});

describe('a machine on which nothing can be tested', () => {
  const opening = async (prepare: (inRig: ReturnType<typeof onMachine>) => void, config = CONFIG): Promise<string> => {
    const inRig = onMachine({}, config);
    prepare(inRig);
    const { kind, message } = await refusal(() => inRig.adapter.open({ seed: 1 }));
    expect(kind).to.equal('environment');
    return message;
  };

  it('is told with what is wrong', async () => {
    expect(await opening(({ machine }) => (machine.carrier = 'Ethernet 2'))).to.match(/carries this connection/);
    expect(await opening(({ machine }) => (machine.service = 'Missing'))).to.match(/no service "mylwf"/);
    expect(await opening(({ machine }) => machine.bindings.delete('ms_mylwf'))).to.match(/netcfg -l INF/);
    const adapter = { name: 'Ethernet 9', kind: 'fnmp' } as const;
    expect(await opening(() => undefined, { ...CONFIG, adapter })).to.match(/no adapter "Ethernet 9"/);
    expect(await opening(({ machine }) => machine.failing.set('StopService', 'It cannot be stopped.'))).to.equal(
      'It cannot be stopped.',
    );
  });

  it('is Wine', async () => {
    const { adapter } = onMachine({ wine: true });
    expect((await refusal(() => adapter.capabilities())).message).to.match(/^This is Wine/);
  });

  it('is made one when the INF is there', async () => {
    const inRig = onMachine({}, { ...CONFIG, driver: { ...CONFIG.driver, inf: 'C:\\lwf\\mylwf.inf' } });
    inRig.machine.bindings.delete('ms_mylwf');
    await inRig.adapter.open({ seed: 1 });
    expect(inRig.machine.takeTold()).to.include('netcfg -v -l C:\\lwf\\mylwf.inf -c s -i ms_mylwf');
    await inRig.changes.undoAll();
    expect(inRig.machine.takeTold()).to.include('netcfg -v -u ms_mylwf');
  });
});
