/** `npm run test:target`: the whole specification on the fake Windows machine, and defective drivers where they show. */
import { expect } from 'chai';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { brokenIn, counted, Plays } from './plays';

/** What they are there to break is seen on a machine whose scheduler is not the test's. */
const SHOWN: readonly string[] = [
  'pause-returns-success-with-sends-out',
  'pause-returns-an-uninitialized-status',
  'restart-leaves-the-gate-closed',
  'detach-forgets-the-pool',
  'registers-without-a-pause-handler',
  'source-handle-is-left-empty',
  'pnp-event-is-forwarded-at-dispatch-level',
  'unload-without-deregistering',
  'clone-is-freed-too-late',
  'results-of-the-clone-are-not-copied',
  'gate-stays-open-while-the-pause-pends',
  'detach-is-finished-by-a-work-item',
  'restart-announces-itself',
  'probe-is-sent-before-the-restart',
];
/** They stop or block the machine, or nothing there makes them do what they do wrong: they are not to be acquitted of it. */
const HIDDEN: readonly string[] = [
  'npcap-2016-no-pause',
  'npcap-2016-first-fix',
  'answers-sketch',
  'pause-succeeds-and-is-completed-too',
  'pending-pause-is-never-completed',
  'gate-stays-open-after-a-pause-that-succeeds',
  'attach-forgets-its-attributes',
  'only-the-first-completion-is-handed-up',
  'own-sends-are-completed-upward',
  'oid-request-is-completed-twice',
  'oid-request-is-forwarded-without-a-clone',
  'synchronous-answer-is-taken-for-pending',
  'own-oid-is-completed-upward',
  'own-oid-is-freed-while-pending',
  'oid-requests-in-low-power',
];
/** They are condemned from outside, too. */
const SEEN_FROM_OUTSIDE: ReadonlySet<string> = new Set([
  'pause-returns-success-with-sends-out',
  'npcap-2016-no-pause',
  'npcap-2016-first-fix',
]);

/** Besides the scenarios of the rule that a driver breaks: what is seen best from outside. */
const ALWAYS = 'features/pause/pends.feature';

describe('The specification on the fake Windows machine', () => {
  let whole: Plays;

  before(async () => {
    whole = await Plays.prepare('features');
  });

  function chosenFor(driver: string): readonly string[] {
    const { breaks } = registeredDriver(driver) ?? {};
    return whole.ids.filter((id) => id.startsWith(ALWAYS) || whole.ruleOf(id) === breaks);
  }

  for (const [level, telling] of [
    ['white box', 'before the callback'],
    ['black box', 'before the callback'],
    ['black box', 'after the callback'],
  ] as const) {
    it(`finds nothing against the correct drivers in a ${level} that tells of states ${telling}`, async () => {
      for (const driver of level === 'white box' ? ['reference', 'counting'] : ['reference']) {
        const options = { driver, level, telling };
        const played = await whole.play(options);
        expect(await whole.disagreements(options, played), driver).to.deep.equal([]);
        expect(counted(played), driver).to.have.any.keys('pass').and.not.have.any.keys('fail', 'error');
      }
    });
  }

  for (const driver of [...SHOWN, ...HIDDEN]) {
    it(`agrees with the simulator on ${driver}`, async () => {
      const options = { driver, level: 'white box' } as const;
      const played = await whole.play(options, chosenFor(driver));
      expect(await whole.disagreements(options, played)).to.deep.equal([]);
      const { breaks = '' } = registeredDriver(driver) ?? {};
      if (SHOWN.includes(driver)) expect(brokenIn(played)).to.include(breaks);
    });

    it(`agrees with the simulator on ${driver}, seen from outside`, async () => {
      const options = { driver, level: 'black box' } as const;
      const played = await whole.play(options, chosenFor(driver));
      expect(await whole.disagreements(options, played)).to.deep.equal([]);
      expect(brokenIn(played)).to.deep.equal(SEEN_FROM_OUTSIDE.has(driver) ? ['PAU-11'] : []);
    });
  }
});
