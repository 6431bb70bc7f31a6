import { expect } from 'chai';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../adapters/harness/protocol';
import type { RunOptions, RunResult } from '../../../src/conformance';
import { runOnLab } from '../../../src/conformance/run';
import { startLab } from '../../../src/conformance/run-on-lab';
import { profileTextOf } from '../fake/driver-profile';
import { shipped } from '../fake/target';
import { FakeWindows, type WindowsOptions } from '../fake/windows';
import { fakeLab, wayTo } from './fake-windows';
import { labFolder } from './lab';

const WATCHED = { flags: 0x2209bb, drivers: ['dut.sys', 'ndis.sys'] };
const SCENARIO = 'features/pause/completing.feature:13';

describe('Driver Verifier on a lab machine', () => {
  let folder: string;
  let told: string[];

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function machine(driver: string, options: Partial<WindowsOptions> = {}): FakeWindows {
    folder = labFolder(`${fakeLab(options.probe ?? false)}verifier: true\n`);
    writeFileSync(join(folder, 'mine.yaml'), profileTextOf(shipped(driver)) ?? '');
    return new FakeWindows({ driver: shipped(driver), unbound: true, ...options });
  }

  async function run(
    windows: FakeWindows,
    paths: readonly string[],
    heard?: (line: string) => void,
  ): Promise<RunResult> {
    told = [];
    const options: RunOptions = {
      ...{ target: join(folder, 'lab.yaml'), driver: 'reference', seed: 1, evidence: 'full' },
      ...{ journalFolder: join(folder, 'reports'), paths: [...paths], onMachine: (words) => told.push(words) },
    };
    const channel = wayTo(windows, join(folder, 'agent'), heard);
    return runOnLab(await startLab(options, { channel, clock: realClock }), options);
  }

  const numberOf = ({ boot }: FakeWindows): number => Number(boot.slice(-3));

  it('watches the driver and NDIS from a start of the machine on, and no longer after the run', async () => {
    const windows = machine('reference', { probe: true });
    let active: unknown;
    const { scenarios } = await run(windows, [SCENARIO], (line) => {
      if (line.includes('"pause"')) active = windows.verifier.active;
    });
    expect(active).to.deep.equal(WATCHED);
    expect(scenarios.map(({ verdict, machine: notes }) => [verdict, notes?.boot.slice(-1)])).to.deep.equal([
      ['pass', '2'],
    ]);
    expect(windows.verifier.settings).to.equal(undefined);
    // The next who reaches it starts it.
    expect(windows.isDown).to.equal(true);
    expect(told.join('\n')).to.match(
      /is started again, so that [^]*watches dut\.sys, ndis\.sys[^]*is started again: Driver Verifier was to watch/,
    );
  });

  it('is left as it was, and the machine not started again, where it watches them anyway', async () => {
    const windows = machine('reference', { probe: true });
    windows.verifier.settings = WATCHED;
    windows.reboot();
    await run(windows, [SCENARIO]);
    expect(numberOf(windows)).to.equal(2);
    expect(windows.verifier.settings).to.deep.equal(WATCHED);
    expect(windows.isDown).to.equal(false);
  });

  it('watches again what it watched before the run', async () => {
    const windows = machine('reference', { probe: true });
    const before = { flags: 0x9bb, drivers: ['other.sys'] };
    windows.verifier.settings = before;
    await run(windows, [SCENARIO]);
    expect(windows.verifier.settings).to.deep.equal(before);
  });

  it('is left alone where nobody could bring back what is set: of all drivers none is named', async () => {
    const windows = machine('reference', { probe: true });
    const all = { flags: 0x209bb, drivers: [] };
    windows.verifier.settings = all;
    const failure = await run(windows, [SCENARIO]).catch((thrown: unknown) => thrown);
    expect(String(failure)).to.match(/Driver Verifier has settings that could not be brought back/);
    expect(windows.verifier.settings).to.equal(all);
  });

  it('condemns a filter, also from outside, that takes more than 10 s to pause, and goes on watching', async () => {
    const windows = machine('pending-pause-is-never-completed');
    const { scenarios } = await run(windows, ['features/pause/pends.feature:12', 'features/pause/pends.feature:24']);
    const [first] = scenarios;
    expect(`${first?.verdict} ${first?.reason}`).to.match(
      /^fail the system stopped: DRIVER_VERIFIER_DETECTED_VIOLATION/,
    );
    expect(first?.machine?.stop?.rules).to.include('PAU-02');
    expect(windows.log.records[0]?.message).to.include('0x000000c4 (0x0000000000092010');
    expect(told.filter((words) => /watches dut\.sys/.test(words))).to.have.length.greaterThan(0);
    expect(windows.verifier.settings).to.equal(undefined);
  });
});
