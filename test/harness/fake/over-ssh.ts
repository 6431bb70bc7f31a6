/** `npm run test:target`: `lwf run --target` over a real OpenSSH server, with the agent as it is, on programs that ask the fake machine. */
import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../../src/conformance';
import { lwfProcess } from '../../cli/lwf';
import { useSshd } from '../link/sshd';
import { RemoteMachine } from './remote';
import { shipped } from './target';
import { COMPONENT, UNDER_TEST } from './network';
import { FakeWindows, type WindowsOptions } from './windows';

describe('lwf run --target on the fake Windows machine', () => {
  const sshd = useSshd();
  let folder: string;
  let windows: FakeWindows;
  let remote: RemoteMachine;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-fake-'));
  });
  afterEach(() => {
    remote.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(driver: string, options: Partial<WindowsOptions> = {}): void {
    windows = new FakeWindows({ driver: shipped(driver), probe: true, unbound: true, ...options });
    remote = new RemoteMachine(windows, folder, sshd().target);
  }

  async function run(...paths: readonly string[]): Promise<{ code: number | null; err: string; result: RunResult }> {
    const out = join(folder, 'out');
    const { code, err } = await lwfProcess([
      ...['run', '--target', join(folder, 'lab.yaml'), '--out', out, '--no-allure', ...paths],
    ]);
    expect(existsSync(join(out, 'run.json')), err).to.equal(true);
    return { code, err, result: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunResult };
  }

  const verdicts = ({ scenarios }: RunResult): readonly string[] => scenarios.map(({ verdict }) => verdict);

  it('finds nothing against the reference filter, and leaves the machine as it was', async () => {
    start('reference');
    const { code, err, result } = await run('features/pause/pends.feature', 'features/pause/completing.feature');
    expect(`${code} ${err}`).to.match(/lab-1: Fake Windows/);
    expect(verdicts(result)).to.include('pass').and.not.include('fail').and.not.include('error');
    const bindings = windows.network.adapters.get(UNDER_TEST)?.bindings;
    expect([...(bindings ?? [])]).to.deep.equal(
      ['ms_pacer', 'ms_tcpip', 'ms_tcpip6', 'ms_rspndr', 'ms_lltdio', COMPONENT].map((each) => [
        each,
        each !== COMPONENT,
      ]),
    );
    expect(windows.network.isRunning).to.equal(false);
    expect(windows.etw.session).to.equal(undefined);
  });

  it('goes on when a machine that has stopped is there again, and holds it against nobody whom its log does not name', async () => {
    start('pause-succeeds-and-is-completed-too');
    const { code, err, result } = await run(
      'features/pause/pends.feature:12',
      'features/registration/entry-points.feature:11',
    );
    expect(code).to.equal(2);
    expect(err).to.match(/lab-1 stopped: BUGCODE_NDIS_DRIVER \(0x7C\)[^]*nothing in its log says which driver/);
    expect(verdicts(result)[0]).to.equal('error');
    expect(verdicts(result).slice(1)).to.include('pass').and.not.include('fail').and.not.include('error');
    expect(windows.log.records).to.have.lengthOf(1);
    expect(windows.network.adapters.get(UNDER_TEST)?.bindings.get(COMPONENT)).to.equal(false);
  });

  for (const probe of [true, false]) {
    it(`finds PAU-11 broken by a driver that breaks it, ${probe ? 'built with the probe' : 'seen from outside'}`, async () => {
      start('pause-returns-success-with-sends-out', { probe });
      const { code, result } = await run('features/pause/pends.feature:12', 'features/pause/pends.feature:77');
      expect(code).to.equal(1);
      expect(verdicts(result)).to.deep.equal(['fail', 'fail']);
      expect(result.scenarios.flatMap(({ violations }) => violations.map(({ rule }) => rule))).to.include('PAU-11');
    });
  }
});
