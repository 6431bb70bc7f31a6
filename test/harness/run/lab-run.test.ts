import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions } from '../../../src/conformance';
import { outcomeOf } from '../../../src/conformance';
import type { Kill, TestMachine } from '../link/in-process';
import { dieAtSteps, stopAt, stopped, verdicts, WATCHDOG } from './deaths';
import { labFolder, runLab, testMachine, type LabRun } from './lab';

const PATHS = ['features/pause/completing.feature'];

const SOMEBODY =
  'The computer has rebooted from a bugcheck.  The bugcheck was: 0x000000d1 (0x0000000000000028, 0x0000000000000002, 0x0000000000000000, 0xfffff80112345678). A dump was saved in: C:\\Windows\\MEMORY.DMP.';

describe('a run on a lab machine', () => {
  let folder: string;
  let machine: TestMachine;

  beforeEach(() => {
    folder = labFolder();
    machine = testMachine();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (options: Partial<RunOptions> = {}): Promise<LabRun> =>
    runLab(machine, folder, { paths: PATHS, ...options });

  const stopsAt = (step: number, text?: string, at: Kill['at'] = 'reads'): void => stopAt(machine, { at, step }, text);

  it('finds what the same driver is found to do elsewhere, says on which machine, and leaves it as it was', async () => {
    machine.said = {
      ...machine.said,
      findDriver: async () => ({ file: 'mine.sys', sha256: 'ab'.repeat(32), bytes: 12 }),
    };
    const { run: found, told } = await run();
    expect(new Set(verdicts(found))).to.deep.equal(new Set(['pass']));
    const { machine: identity, driver, profile } = found.identity;
    expect(identity).to.deep.include({ name: 'lab-1', adapter: 'Ethernet 2', instrumented: true });
    expect(identity?.target.file).to.equal('lab.yaml');
    expect(driver.image).to.deep.equal({ file: 'mine.sys', sha256: 'ab'.repeat(32), size: 12 });
    expect(profile?.file).to.equal('mine.yaml');
    expect(found.scenarios.map((scenario) => scenario.machine)).to.deep.equal(
      found.scenarios.map(() => ({ boot: 'boot-1' })),
    );
    expect(told).to.deep.equal([
      'lab-1: none: a test, build 0, x64; boot boot-1; memory; mine.sys, SHA-256 abababababab…, built with the probe header',
    ]);
    expect([...machine.changed]).to.deep.equal([]);
    const name = readFileSync(join(folder, 'reports/.lwf-machine-run'), 'utf8');
    expect(readFileSync(join(folder, 'reports/machine', name, 'observations.ndjson'), 'utf8')).to.match(
      /"name":"pause"/,
    );
  });

  it('fails the scenario in which a filter stops the system, keeps what the machine knows, and goes on', async () => {
    stopsAt(15, WATCHDOG);
    const dump = join(folder, 'MEMORY.DMP');
    writeFileSync(dump, 'dump');
    // One is of a crash of long ago.
    machine.said = {
      ...machine.said,
      findFiles: async () => [
        { name: 'dumps/OLD.DMP', path: join(folder, 'mine.yaml') },
        ...(machine.boots > 1 ? [{ name: 'dumps/MEMORY.DMP', path: dump }] : []),
      ],
    };
    const { run: found, told } = await run();
    expect(found.missing).to.equal(undefined);
    const [victim, ...others] = stopped(found);
    expect(others).to.deep.equal([]);
    expect(victim?.verdict).to.equal('fail');
    expect(victim?.reason).to.match(
      /^the system stopped: BUGCODE_NDIS_DRIVER \(0x7C\): NDIS waited in vain for a filter to pause \(0x25, 0x11, .*into question come PAU-02/,
    );
    expect(victim?.machine?.stop).to.deep.include({ how: 'bugcheck', boot: 'boot-2' });
    expect(verdicts(found).filter((verdict) => verdict !== 'pass')).to.deep.equal(['fail']);
    expect(outcomeOf(found)).to.equal('violations');
    expect(victim?.machine?.stop?.files?.map(({ name }) => name)).to.deep.equal(['dumps/MEMORY.DMP']);
    const kept = join(folder, 'reports', victim?.machine?.stop?.folder ?? '?');
    expect(readFileSync(join(kept, 'bugcheck.txt'), 'utf8')).to.include('0x0000007c');
    expect(readFileSync(join(kept, 'files/dumps/MEMORY.DMP'), 'utf8')).to.equal('dump');
    expect(told.join('\n')).to.match(/is looked for[^]*lab-1 stopped: BUGCODE_NDIS_DRIVER/);
    expect([...machine.changed]).to.deep.equal([]);
  });

  it('condemns nobody for a bugcheck of which nothing says whose it was, nor for a restart or a cable', async () => {
    stopsAt(15, SOMEBODY);
    const foreign = await run();
    expect(stopped(foreign.run).map(({ verdict }) => verdict)).to.deep.equal(['error']);
    expect(stopped(foreign.run)[0]?.reason).to.match(
      /lab-1 stopped: DRIVER_IRQL.*nothing in its log says which driver/,
    );
    expect(outcomeOf(foreign.run)).to.equal('could not judge');

    machine = testMachine();
    stopsAt(15, '');
    machine.said = { ...machine.said, findCrashes: async () => [] };
    const restarted = await run();
    expect(stopped(restarted.run)[0]?.reason).to.match(/was started anew, and its log of events has no bugcheck/);

    machine = testMachine();
    stopsAt(15);
    const cut = await run();
    expect(stopped(cut.run)[0]?.reason).to.equal(
      'the connection to lab-1 was lost; the machine itself had not stopped',
    );
    expect(outcomeOf(cut.run)).to.equal('could not judge');
  });

  it('holds against no scenario what one before it may have left behind', async () => {
    stopsAt(15);
    const { run: found } = await run({
      onScenario: ({ machine: notes }) => {
        if (notes?.stop?.how === 'connection') stopsAt(15, WATCHDOG);
      },
    });
    const lost = stopped(found).map(({ verdict, reason }) => `${verdict}: ${reason}`);
    expect(lost).to.have.length(2);
    expect(lost[1]).to.match(/^error: lab-1 stopped: BUGCODE_NDIS_DRIVER.* a scenario before it lost its agent/);
  });

  it('believes no bugcheck that was there before', async () => {
    machine.said = {
      ...machine.said,
      findCrashes: async (after) => (after < 7 ? [{ record: 7, time: 'then', text: WATCHDOG }] : []),
    };
    machine.killAt({ at: 'reads', step: machine.steps.reads + 15, withMachine: true });
    const { run: found } = await run();
    expect(stopped(found).map(({ verdict }) => verdict)).to.deep.equal(['error']);
  });

  it('acquits nobody of the scenario that it dies in, at one step after the other', () => dieAtSteps(23));

  it('keeps each thing that the machine saw once, when it is interrupted in the middle and taken up again', async () => {
    const asked = new AbortController();
    const first = await run({ signal: asked.signal, onScenario: () => asked.abort() });
    expect(first.run.missing).to.have.length.greaterThan(0);
    const name = readFileSync(join(folder, 'reports/.lwf-machine-run'), 'utf8');
    const file = join(folder, 'reports/machine', name, 'observations.ndjson');
    const before = readFileSync(file, 'utf8');
    // It was killed in the middle of a line, too.
    writeFileSync(file, `${before}{"boot":"boot-1","seq":`);
    await run({ resume: true });
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith(before)).to.equal(true);
    const numbers = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(numbers).to.have.length.greaterThan(before.trim().split('\n').length);
    expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1));
  });

  it('ends where the machine does not come back, and goes on with --resume', async () => {
    let played = 0;
    const broken = await run({
      onScenario: () => {
        played += 1;
        if (played === 2) {
          machine.isGone = true;
          machine.killAt({ at: 'reads', step: machine.steps.reads + 3 });
        }
      },
    });
    expect(broken.run.brokenOff).to.match(/^lab-1 went away and did not come back: .*exit code 255/);
    expect(broken.run.scenarios.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass', 'error']);
    expect(broken.told.at(-1)).to.match(/lab-1 does not answer: what was changed on it is taken back by its agent/);
    machine.isGone = false;
    const again = await run({ resume: true });
    expect(again.run.missing).to.equal(undefined);
    expect(verdicts(again.run).slice(0, 3)).to.deep.equal(['pass', 'pass', 'error']);
    expect(new Set(verdicts(again.run).slice(3))).to.deep.equal(new Set(['pass']));
  });

  it('waits for nobody when it is interrupted, and keeps no verdict that it did not wait for', async () => {
    const asked = new AbortController();
    const { run: found } = await run({
      signal: asked.signal,
      onMachine: (words) => {
        if (/is looked for/.test(words)) asked.abort();
      },
      onStart: (_, finished) => {
        if (finished !== 1) return;
        machine.isGone = true;
        machine.killAt({ at: 'reads', step: machine.steps.reads + 5 });
      },
    });
    expect(verdicts(found)).to.deep.equal(['pass']);
    expect(found.missing).to.have.length.greaterThan(0);
    expect(existsSync(join(folder, 'reports/.lwf-machine-run'))).to.equal(true);
  });
});
