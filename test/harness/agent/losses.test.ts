import { expect } from 'chai';
import { RigRefusal, type Rig } from '../../../adapters/contract';
import { onMachine, running, type InRig } from './in-rig';

/** What a scenario is told that looks. */
async function told(look: () => Promise<unknown>): Promise<string> {
  try {
    await look();
  } catch (failure) {
    if (failure instanceof RigRefusal) return `${failure.kind}: ${failure.message}`;
    throw failure;
  }
  return 'nothing';
}

async function withHeldSend(inRig: InRig): Promise<Rig> {
  const rig = await running(inRig);
  await rig.setNeighbours('A', { miniportSends: 'hold' });
  await rig.openHandle('application', 'A');
  await rig.ask('application', 'send', 1);
  return rig;
}

describe('a scenario of which something is missing', () => {
  it('is not observed when ETW lost events, and keeps what was seen before', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    const before = await rig.trace();
    inRig.machine.lost = 2;
    expect(await told(() => rig.modules())).to.equal('notObserved: ETW lost 2 events and buffers.');
    expect(await rig.trace()).to.deep.equal(before);
    expect(await told(() => rig.modules())).to.match(/^notObserved/);
  });

  it('tells it once to whoever only reads the trace', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    inRig.machine.lost = 1;
    expect(await told(() => rig.trace())).to.equal('notObserved: ETW lost 1 event or buffer.');
    expect(await told(() => rig.trace())).to.equal('nothing');
  });

  it('does not count what was lost in the scenario before', async () => {
    const inRig = onMachine();
    const first = await running(inRig);
    inRig.machine.lost = 5;
    await first.close();
    const rig = await running(inRig);
    expect(await told(() => rig.modules())).to.equal('nothing');
  });

  it('is not observed when the miniport gave back what it held by itself', async () => {
    const inRig = onMachine();
    const rig = await withHeldSend(inRig);
    inRig.machine.dropHeld();
    expect(await told(() => rig.neighbours('A'))).to.equal('notObserved: The test drivers gave back f1 by themselves.');
  });

  it('is not observed when it wants something to be held for longer than they can be', async () => {
    const inRig = onMachine();
    const rig = await withHeldSend(inRig);
    await rig.letTimePass(900);
    expect(await told(() => rig.modules())).to.equal('nothing');
    for (let more = 4; more > 0; more -= 1) await rig.letTimePass(900);
    expect(await told(() => rig.modules())).to.match(
      /^notObserved: The scenario wants something to be held for longer/,
    );
  });

  it('is not observed when the helper dies, and the next one begins with a session of its own', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    inRig.machine.tell('exit', { reason: 'lwfio was ended by SIGKILL.' });
    expect(await told(() => rig.modules())).to.match(/^notObserved: The helper on the machine is gone: lwfio/);
    await rig.close();
    inRig.machine.takeTold();
    await inRig.adapter.open({ seed: 1 });
    expect(inRig.machine.takeTold()).to.include('etw.start');
  });

  it('is not observed when Windows does not do its part', async () => {
    const inRig = onMachine();
    const rig = await running(inRig);
    inRig.machine.isStuck = true;
    await rig.pause('A');
    expect(await told(() => rig.modules())).to.equal('notObserved: Windows has not done its part within 10 s.');
  });
});
