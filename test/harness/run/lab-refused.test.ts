import { expect } from 'chai';
import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RigRefusal } from '../../../adapters/contract';
import type { RunOptions } from '../../../src/conformance';
import { kitVersion } from '../../../src/conformance/kit-root';
import { runSpecification } from '../../../src/conformance/run';
import { startLab } from '../../../src/conformance/run-on-lab';
import { facts } from '../link/machine';
import type { TestMachine } from '../link/in-process';
import { HASTY, labFolder, runLab, TARGET, testMachine } from './lab';

describe('a run on a lab machine that cannot be made', () => {
  let folder: string;
  let machine: TestMachine;

  beforeEach(() => {
    folder = labFolder();
    machine = testMachine();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function refused(options: Partial<RunOptions> = {}): Promise<string> {
    const failure: unknown = await runLab(machine, folder, options).catch((thrown: unknown) => thrown);
    expect(failure).to.have.property('name', 'CannotJudge');
    return (failure as Error).message;
  }

  it('says which option has no place beside a target file', async () => {
    const wrong: readonly (readonly [Partial<RunOptions>, RegExp])[] = [
      [{ driver: 'my.sys' }, /"driver"\): leave --driver out/],
      [{ profile: 'my.yaml' }, /"driver.profile"\): leave --profile out/],
      [{ answerWithin: 5 }, /"limits.answer"\): leave --answer-within out/],
      [{ engine: 'jit' }, /leave --engine out/],
      [{ command: 'x' }, /leave --command out/],
      [{ workers: 2 }, /one scenario at a time: leave --workers out/],
      [{ adapter: 'emulator' }, /not for emulator: leave one of them out/],
    ];
    for (const [options, message] of wrong) expect(await refused(options)).to.match(message);
    const alone = runSpecification({ adapter: 'harness', driver: 'reference', seed: 1, evidence: 'full' });
    expect(await alone.catch((failure: Error) => failure.message)).to.match(
      /needs the lab machine: --target lab\.yaml/,
    );
    expect(machine.steps.reads).to.equal(0);
    expect(existsSync(join(folder, 'reports'))).to.equal(false);
  });

  it('says what is wrong in the files, and where', async () => {
    expect(await refused({ target: join(folder, 'none.yaml') })).to.match(/none\.yaml.*no such file/);
    writeFileSync(join(folder, 'bad.yaml'), TARGET.replace('host:', 'hots:').replace('name: lab-1\n', ''));
    expect(await refused({ target: join(folder, 'bad.yaml') })).to.match(
      /bad\.yaml:1:1: .*"name".*; .*bad\.yaml:2:\d+: .*hots/,
    );
    appendFileSync(join(folder, 'mine.yaml'), 'what: is this\n');
    expect(await refused()).to.match(/mine\.yaml:5:\d+: .*what/);
    writeFileSync(
      join(folder, 'mine.yaml'),
      `profile: 1\ndriver: mine\nservice: mine\nnotes: ${'x'.repeat(300_000)}\n`,
    );
    expect(await refused()).to.match(/mine\.yaml has 300\d+ characters.*shorten its notes/);
  });

  it('says what to do about the machine', async () => {
    machine.said = { version: '0.0.1' };
    expect(await refused()).to.equal(
      `lab-1 (${join(folder, 'lab.yaml')}): the agent there is of ndis-lwf-spec 0.0.1, and this is ${kitVersion}. Install the same there: npm install --prefix "/opt/lwf" ndis-lwf-spec@${kitVersion}`,
    );
    const fact = facts();
    machine.said = { version: kitVersion, facts: { ...fact, os: { ...fact.os, wine: true } } };
    expect(await refused()).to.match(/this is Wine and no Windows/);
    machine.said = { version: kitVersion, facts: { ...fact, levels: { white: false, black: true } } };
    expect(await refused()).to.match(/has the probe in it, and the machine cannot hear it/);
    machine.said = { version: kitVersion, facts: { ...fact, levels: { white: false, black: false } } };
    expect(await refused()).to.match(
      /lab-1 .*: the target file says that the driver has the probe|can observe nothing/,
    );
    machine.isGone = true;
    expect(await refused()).to.match(/ended with exit code 255.*`lwf doctor --target .*` looks closer/);
    // Nothing that looks like a run is left.
    expect(readdirSync(join(folder, 'reports'))).to.deep.equal([]);
  });

  it('tells what could not be taken back', async () => {
    const told: string[] = [];
    const lab = await startLab(
      {
        target: join(folder, 'lab.yaml'),
        driver: 'reference',
        seed: 1,
        evidence: 'full',
        onMachine: (words) => told.push(words),
      },
      { channel: machine.open, clock: HASTY },
    );
    told.length = 0;
    const rig = await lab.adapter.open({ seed: 1 });
    await rig.load();
    machine.clearFails = new RigRefusal('environment', 'access is denied');
    await lab.end();
    expect(told).to.deep.equal(['lab-1: this could not be taken back: load taken back: access is denied']);
  });
});
