import { expect } from 'chai';
import { driver as hastyDetach } from '../../docs/examples/hasty-detach';
import { driver as injector } from '../../docs/examples/injector';
import { brokenRules, play, running } from './play';
import { stimuli } from './stimuli';

describe('the examples of the documentation', () => {
  it('the injector sends, pauses with sends out, runs again, and outlives its adapter', async () => {
    const { violations, bugcheck, trace } = await play(injector, async (rig) => {
      await running(rig, { miniportSends: 'hold' });
      await rig.ask('app', 'send', 3);
      await rig.pause('A');
      await rig.ask('app', 'send');
      await rig.completeSends('A', { count: 1 });
      await rig.completeSends('A');
      await rig.restart('A');
      await rig.setNeighbours('A', { miniportSends: 'inside-the-call' });
      await rig.ask('app', 'send', 2);
      await rig.sendFromAbove('A', { count: 2 });
      await rig.receiveFromBelow('A', { count: 2 });
      await rig.disableAdapter('A');
      await rig.ask('app', 'send');
      await rig.enableAdapter('A');
      await rig.ask('app', 'send');
      await rig.disableAdapter('A');
      await rig.closeHandle('app');
      await rig.unload();
    });
    expect(violations.map(({ message }) => message)).to.deep.equal([]);
    expect(bugcheck).to.equal(undefined);
    expect(trace.filter(({ dir, ddi }) => dir === '=>' && ddi === 'NdisFSendNetBufferLists')).to.have.lengthOf(6);
  });

  it('the hasty detach is caught', async () => {
    const script = stimuli['detach-does-not-wait-for-users'];
    if (!script) throw new Error('no such script');
    const { violations } = await play(hastyDetach, script);
    expect(brokenRules(violations)).to.include('DET-09');
  });
});
