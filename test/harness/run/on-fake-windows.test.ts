import { expect } from 'chai';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { examineLab } from '../../../src/conformance/lab/doctor/examine';
import { CannotJudge, type RunResult } from '../../../src/conformance';
import { runOnLab } from '../../../src/conformance/run';
import { startLab } from '../../../src/conformance/run-on-lab';
import { profileTextOf } from '../fake/driver-profile';
import { shipped } from '../fake/target';
import { COMPONENT, UNDER_TEST } from '../fake/network';
import { FakeWindows, type WindowsOptions } from '../fake/windows';
import { fakeLab, wayTo } from './fake-windows';
import { HASTY, labFolder } from './lab';

const SCENARIOS = ['features/pause/completing.feature:13', 'features/pause/completing.feature:61'];

describe('the agent on a fake Windows machine', () => {
  let folder: string;

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function machine(name: string, options: Omit<WindowsOptions, 'driver'>): FakeWindows {
    folder = labFolder(fakeLab(options.probe ?? false));
    const driver = shipped(name);
    writeFileSync(join(folder, 'mine.yaml'), profileTextOf(driver) ?? '');
    return new FakeWindows({ ...options, driver });
  }

  async function run(
    windows: FakeWindows,
    heard?: (line: string) => void,
    paths: readonly string[] = SCENARIOS,
  ): Promise<RunResult> {
    const options = {
      ...{ target: join(folder, 'lab.yaml'), driver: 'reference', seed: 1, evidence: 'full' as const },
      ...{ journalFolder: join(folder, 'reports'), paths },
    };
    const channel = wayTo(windows, join(folder, 'agent'), heard);
    const lab = await startLab(options, { channel, clock: HASTY });
    return runOnLab(lab, options);
  }

  it('is judged by what the machine shows', async () => {
    const right = await run(machine('reference', { probe: true }));
    expect(right.observation).to.equal('white-box');
    expect(right.scenarios[0]?.verdict).to.equal('pass');
    rmSync(folder, { recursive: true });
    const defect = 'pause-returns-success-with-sends-out';
    const wrong = await run(machine(defect, { probe: true }));
    const broken = wrong.rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule);
    expect(broken).to.include(registeredDriver(defect)?.breaks);
  });

  it('refuses a profile that it cannot use, before anything is changed', async () => {
    const windows = machine('reference', { probe: true });
    const text = profileTextOf(shipped('reference')) ?? '';
    const refused: readonly (readonly [string, RegExp])[] = [
      ['{instance}', /uses \{instance\}, which a lab machine does not tell/],
      ['{filterGuid}', /give "filter\.guid", the NetCfgInstanceId of the INF/],
    ];
    for (const [file, words] of refused) {
      writeFileSync(join(folder, 'mine.yaml'), text.replace('{adapter}', file));
      const failure = await run(windows).catch((found: unknown) => found);
      expect(failure).to.be.instanceOf(CannotJudge).with.property('message').that.matches(words);
    }
    expect(windows.network.adapters.get(UNDER_TEST)?.bindings.get(COMPONENT)).to.equal(true);
  });

  it('brings a crash of its machine back as a result, and goes on', async () => {
    const windows = machine('reference', { probe: true });
    const { boot } = windows;
    let crashed = false;
    const found = await run(windows, (line) => {
      if (crashed || !line.includes('"pause"')) return;
      crashed = true;
      windows.crash('0x7C', ['0x25', '0x11']);
    });
    expect(windows.boot).not.to.equal(boot);
    const [victim, next] = found.scenarios;
    expect(`${victim?.verdict} ${victim?.reason}`).to.match(/^fail the system stopped: BUGCODE_NDIS_DRIVER \(0x7C\)/);
    expect(victim?.machine?.stop?.how).to.equal('bugcheck');
    expect(next?.machine).to.deep.equal({ boot: windows.boot });
  });

  it('is put to sleep and wakes up in the same conversation, or is looked for', async () => {
    const paths = ['features/sequences/sleep-and-resume.feature:45', 'features/pause/completing.feature:13'];
    const asleep = await run(machine('reference', { probe: true }), undefined, paths);
    expect(asleep.scenarios.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass']);
    rmSync(folder, { recursive: true });
    const windows = machine('reference', { probe: true, sleep: 'for ever' });
    const { boot } = windows;
    const found = await run(windows, undefined, paths);
    expect(windows.boot).not.to.equal(boot);
    expect(found.scenarios.map(({ verdict }) => verdict)).to.deep.equal(['error', 'pass']);
    expect(found.scenarios[0]?.reason).to.match(/started anew/);
  });

  it('tells the doctor that states are told after the callback', async () => {
    const windows = machine('reference', { probe: true, telling: 'after the callback' });
    const { ready, rows } = await examineLab({
      target: join(folder, 'lab.yaml'),
      ...{ samples: 1, takeover: false, lookOnly: false, clock: HASTY },
      ...{ channel: wayTo(windows, join(folder, 'agent')), tell: () => undefined, log: () => undefined },
    });
    const row = (name: string): string => {
      const found = rows.find((each) => each.name.startsWith(name));
      return `${found?.state}: ${found?.found}`;
    };
    expect(row('Pausing'))
      .to.match(/^measured: /)
      .and.to.match(/after: /);
    expect(row('a frame held below')).to.match(/^fine: still held/);
    expect(row('ETW hands out')).to.match(/^measured/);
    expect(row('pause: ')).to.match(/^measured/);
    expect(ready).to.equal(true);
  });
});
