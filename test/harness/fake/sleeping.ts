/** `npm run test:target`: scenarios that put the machine to sleep, also one that pauses its stack for it. */
import { expect } from 'chai';
import { brokenIn, counted, Plays } from './plays';

describe('Scenarios about sleep on the fake Windows machine', () => {
  it('find what the simulator finds, or cannot say', async () => {
    const plays = await Plays.prepare('features/sequences/sleep-and-resume.feature', 'features/oid/originate.feature');
    for (const sleep of [undefined, 'with a pause'] as const) {
      for (const driver of ['reference', 'oid-requests-in-low-power']) {
        const options = { driver, level: 'white box', ...(sleep && { sleep }) } as const;
        const played = await plays.play(options);
        expect(await plays.disagreements(options, played), `${driver} ${sleep}`).to.deep.equal([]);
        if (driver === 'reference') expect(counted(played)['pass']).to.be.at.least(3);
        else expect(brokenIn(played)).to.not.include.members(['PAU-11']);
      }
    }
  });
});
