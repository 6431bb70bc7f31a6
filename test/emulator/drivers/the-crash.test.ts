import { expect } from 'chai';
import { join } from 'node:path';
import { buildDrivers } from '../../../scripts/build-drivers';
import { findToolchain } from '../../../scripts/drivers/toolchain';
import { kitImage, runSpecification, type ScenarioResult } from '../../../src/conformance';
import { kitRoot } from '../../../src/conformance/kit-root';

const STORY = 'features/sequences/disabled-while-an-application-writes.feature';
const CRASH =
  /^SYSTEM_SERVICE_EXCEPTION \(0x3B\): NdisFSendNetBufferLists was given the handle of m1, which is detached/;

/** The drivers of the crash in C, and what becomes of each when its adapter is disabled while an application keeps writing. */
describe('The crash, in C', function () {
  this.timeout(240_000);

  before(async function () {
    if (!findToolchain()) this.skip();
    await buildDrivers(['no-pause', 'answers-advice', 'first-fix', 'repaired'].map((name) => `npcap-2016-${name}`));
  });

  const play = async (name: string, paths?: readonly string[]): Promise<readonly ScenarioResult[]> =>
    (
      await runSpecification({
        driver: join(kitRoot, `drivers/build/npcap-2016-${name}.sys`),
        profile: join(kitRoot, 'drivers/profiles/npcap-2016-in-the-kit.yaml'),
        seed: 1,
        evidence: paths ? 'full' : 'violations',
        ...(paths && { paths }),
      })
    ).scenarios;

  const brokenIn = ({ violations }: ScenarioResult): string[] => [...new Set(violations.map(({ rule }) => rule))];
  const story = async (name: string): Promise<[ScenarioResult, ScenarioResult, ScenarioResult]> => {
    const [between, waiting, after] = await play(name, [STORY]);
    if (!between || !waiting || !after) throw new Error(`${STORY} has changed`);
    return [between, waiting, after];
  };

  for (const name of ['no-pause', 'first-fix']) {
    it(`${name}: sends while Paused, a pause that waits for nothing, and the stale handle`, async () => {
      const [between, waiting, after] = await story(name);
      expect(brokenIn(between)).to.include.members(['PAU-07', 'DEV-04']);
      expect(brokenIn(waiting)).to.include.members(['PAU-11', 'DET-06', 'DEV-03']);
      expect(waiting.bugcheck).to.match(CRASH);
      expect(brokenIn(after)).to.include.members(['DET-06', 'DEV-03']);
      expect(after.bugcheck).to.match(CRASH);
      const stack = after.trace.at(-1)?.args?.['stack'];
      expect(String(stack)).to.match(/^ndis!NdisFSendNetBufferLists,\S+!NpfWrite\+0x\w+,\S+!DispatchWrite\+0x\w+/);
    });
  }

  it('answers-advice: waits for what is out, but sends while Paused when nothing is, and keeps the stale handle', async () => {
    const [between, waiting, after] = await story('answers-advice');
    expect(brokenIn(between)).to.include.members(['PAU-07', 'DEV-04']);
    expect(brokenIn(waiting)).to.deep.equal(['DET-03']);
    expect(waiting.bugcheck).to.equal(undefined);
    expect(brokenIn(after)).to.include.members(['DET-06', 'DEV-03']);
    expect(after.bugcheck).to.match(CRASH);
  });

  it('repaired: a profile that does not fit it condemns nothing', async () => {
    const { profile } = kitImage('npcap-2016-repaired', 'drivers/build');
    const scenarios = (
      await runSpecification({
        driver: join(kitRoot, 'drivers/build/npcap-2016-repaired.sys'),
        // It asks for all that the reference filter can do, by requests that this driver refuses.
        profile,
        seed: 1,
        evidence: 'violations',
        paths: ['features/receive', 'features/oid', 'features/send'],
      })
    ).scenarios;
    expect(scenarios.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).to.deep.equal([]);
    expect(scenarios.filter(({ verdict }) => verdict === 'not observed')).not.to.have.length(0);
  });

  it('repaired: every scenario that applies to it passes', async () => {
    const scenarios = await play('repaired');
    expect(scenarios.filter(({ verdict }) => !['pass', 'not applicable'].includes(verdict)).map(({ id }) => id)).to.eql(
      [],
    );
    expect(scenarios.filter(({ uri, verdict }) => uri === STORY && verdict === 'pass')).to.have.length(3);
    expect(scenarios.filter(({ verdict }) => verdict === 'pass')).to.have.length.above(400);
  });
});
