import { expect } from 'chai';
import { registeredDriver } from '../../adapters/simulator/drivers';
import { brokenRules, play, running, type Script } from './play';

/** The story of the question: a handle is open, frames are sent, the adapter is disabled, and the application writes once more. */
const theCrash: Script = async (rig) => {
  await running(rig);
  await rig.ask('app', 'send');
  await rig.disableAdapter('A');
  await rig.ask('app', 'send');
};

function driver(name: string) {
  const registered = registeredDriver(name);
  if (!registered) throw new Error(`the kit has no driver ${name}`);
  return registered.driver;
}

describe('the drivers of the question', () => {
  for (const name of ['npcap-2016-no-pause', 'npcap-2016-first-fix']) {
    it(`${name} ends in the bugcheck of the dump`, async () => {
      const { bugcheck, trace } = await play(driver(name), theCrash);
      expect(bugcheck).to.match(/^SYSTEM_SERVICE_EXCEPTION \(0x3B\): NdisFSendNetBufferLists /);
      const [stop] = trace.filter(({ dir }) => dir === '!!').slice(-1);
      expect(stop?.ddi).to.equal('Bugcheck');
    });

    it(`${name} is caught by the rules that it breaks on the way`, async () => {
      const { violations } = await play(driver(name), theCrash);
      expect(brokenRules(violations)).to.include.members(['DET-06', 'DEV-03']);
    });

    it(`${name} sends through a paused module`, async () => {
      const { violations } = await play(driver(name), async (rig) => {
        await running(rig);
        await rig.pause('A');
        await rig.ask('app', 'send');
      });
      expect(brokenRules(violations)).to.include('PAU-07');
    });

    it(`${name} lets a pause succeed with its sends out`, async () => {
      const { violations } = await play(driver(name), async (rig) => {
        await running(rig, { miniportSends: 'hold' });
        await rig.ask('app', 'send');
        await rig.pause('A');
      });
      expect(brokenRules(violations)).to.include('PAU-11');
    });
  }

  it('the sketch of the answer sends after a pause that succeeded at once', async () => {
    const { violations } = await play(driver('answers-sketch'), async (rig) => {
      await running(rig);
      await rig.pause('A');
      await rig.ask('app', 'send');
    });
    expect(brokenRules(violations)).to.include('PAU-07');
  });

  it('the sketch of the answer refuses for ever after a pause that pended', async () => {
    const { violations } = await play(driver('answers-sketch'), async (rig) => {
      await running(rig, { miniportSends: 'hold' });
      await rig.ask('app', 'send');
      await rig.pause('A');
      await rig.completeSends('A');
      await rig.restart('A');
      await rig.ask('app', 'send');
    });
    expect(brokenRules(violations)).to.deep.equal(['RST-13']);
  });

  it('the sketch of the answer never completes a pause that waits for an originated receive', async () => {
    const { violations } = await play(driver('answers-sketch'), async (rig) => {
      await running(rig);
      await rig.ask('app', 'receive');
      await rig.pause('A');
    });
    expect(brokenRules(violations)).to.deep.equal(['PAU-02']);
  });

  it('an own OID request without RequestHandle is left to the strict reading', async () => {
    const { violations, strictFindings } = await play(driver('own-oid-without-a-request-handle'), async (rig) => {
      await running(rig);
      await rig.ask('app', 'oid');
    });
    expect(brokenRules(violations)).to.deep.equal([]);
    expect(brokenRules(strictFindings)).to.include('OO-02');
  });
});
