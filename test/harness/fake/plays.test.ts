import { expect } from 'chai';
import { brokenIn, counted, Plays, type Level } from './plays';

const LEVELS: readonly Level[] = ['white box', 'black box'];

/** A chosen set: `npm run test:target` plays the whole specification. */
describe('Scenarios on the fake Windows machine', () => {
  let plays: Plays;
  const HOLDS = 'features/pause/pends.feature:12';
  const CLOSES = 'features/pause/pends.feature:77';

  before(async () => {
    plays = await Plays.prepare('features/pause/pends.feature');
  });

  for (const level of LEVELS) {
    // Whoever sees every crossing does not need to be told of states.
    const TELLINGS = ['before the callback', 'after the callback'] as const;
    for (const telling of level === 'white box' ? TELLINGS.slice(0, 1) : TELLINGS) {
      it(`find nothing against the reference filter in a ${level} that tells of states ${telling}`, async () => {
        const options = { driver: 'reference', level, telling };
        const played = await plays.play(options);
        expect(await plays.disagreements(options, played)).to.deep.equal([]);
        expect(counted(played)['fail']).to.equal(undefined);
        expect(counted(played)['pass']).to.be.at.least(level === 'white box' ? 9 : 1);
      });
    }

    it(`find PAU-11 broken by a pause that succeeds with sends out, in a ${level}`, async () => {
      const driver = 'pause-returns-success-with-sends-out';
      const played = await plays.play({ driver, level }, [HOLDS, CLOSES]);
      expect(counted(played)).to.deep.equal({ fail: 2 });
      expect(brokenIn(played)).to.deep.equal(['PAU-11']);
      expect(await plays.disagreements({ driver, level }, played)).to.deep.equal([]);
    });

    it(`take a pause that never ends for the driver's failure, or cannot say, in a ${level}`, async () => {
      const played = await plays.play({ driver: 'pending-pause-is-never-completed', level }, [HOLDS, CLOSES]);
      expect(counted(played)['pass']).to.equal(undefined);
    });
  }

  describe('when something goes wrong with the machine', () => {
    const isPaused = ({ payload }: { payload: string }): boolean => Buffer.from(payload, 'base64')[16] === 2;

    for (const level of LEVELS) {
      it(`are not observed where ETW loses events, in a ${level}`, async () => {
        for (const driver of ['reference', 'pause-returns-success-with-sends-out']) {
          const played = await plays.play(
            {
              driver,
              level,
              disturb: ({ etw }) => (etw.loses = (event) => isPaused(event) || event.payload.length % 3 === 0),
            },
            [HOLDS],
          );
          expect(counted(played), driver).to.deep.equal({ 'not observed': 1 });
        }
      });
    }

    it('are not observed, or fail for what is proven, where ETW loses events and does not know it', async () => {
      for (let lost = 0; lost < 60; lost += 7) {
        let written = 0;
        const disturb: Parameters<Plays['play']>[0]['disturb'] = ({ etw }) => {
          etw.forgets = (event) => event.metadata !== undefined && (written += 1) === lost + 20;
        };
        const good = await plays.play({ driver: 'reference', level: 'white box', disturb }, [HOLDS]);
        expect(counted(good), `lost ${lost}`).to.deep.equal({ 'not observed': 1 });
        written = 0;
        const driver = 'pause-returns-success-with-sends-out';
        const bad = await plays.play({ driver, level: 'white box', disturb }, [HOLDS]);
        expect(counted(bad)['pass'], `lost ${lost}`).to.equal(undefined);
      }
    });

    it('are judged as ever where the probe answers late, as nothing else was lost', async () => {
      const disturb: Parameters<Plays['play']>[0]['disturb'] = ({ etw }) => (etw.answersLate = true);
      const good = await plays.play({ driver: 'reference', level: 'white box', disturb }, [HOLDS, CLOSES]);
      expect(counted(good)).to.deep.equal({ pass: 2 });
      const driver = 'pause-returns-success-with-sends-out';
      const bad = await plays.play({ driver, level: 'white box', disturb }, [HOLDS, CLOSES]);
      expect(counted(bad)).to.deep.equal({ fail: 2 });
    });

    it('find the same, or from outside nothing, where ETW hands out events in another order', async () => {
      for (const level of LEVELS) {
        const disturb: Parameters<Plays['play']>[0]['disturb'] = ({ etw }) => (etw.reorders = true);
        const good = await plays.play({ driver: 'reference', level, disturb });
        expect(await plays.disagreements({ driver: 'reference', level }, good), level).to.deep.equal([]);
        if (level === 'white box') expect(counted(good)['pass']).to.be.at.least(9);
        const driver = 'pause-returns-success-with-sends-out';
        const bad = await plays.play({ driver, level, disturb }, [HOLDS, CLOSES]);
        expect(counted(bad)['pass'], level).to.equal(undefined);
      }
    });

    it('are errors where the machine goes down', async () => {
      for (const level of LEVELS) {
        for (const at of [3, 20, 40]) {
          let written = 0;
          const played = await plays.play(
            {
              ...{ driver: 'reference', level },
              disturb: (windows) => {
                windows.etw.forgets = () => {
                  if ((written += 1) === at) windows.model.turnOff();
                  return false;
                };
              },
            },
            [HOLDS],
          );
          expect(counted(played), `${level}, ${at}`).to.have.any.keys('error', 'not observed');
        }
      }
    });
  });
});
