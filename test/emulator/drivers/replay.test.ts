import { expect } from 'chai';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDrivers } from '../../../scripts/build-drivers';
import { findToolchain } from '../../../scripts/drivers/toolchain';
import { runSpecification, type RunResult, type ScenarioResult } from '../../../src/conformance';
import { kitRoot } from '../../../src/conformance/kit-root';
import { tokenOf } from '../../../src/conformance/replay';
import { traceFileOf } from '../../../src/conformance/trace-files';
import { lwf, withFolder } from '../../cli/lwf';

const NAME = 'npcap-2016-no-pause';
const STORY = 'features/sequences/disabled-while-an-application-writes.feature';
const IMAGE = join(kitRoot, 'drivers', 'build', `${NAME}.sys`);
const PROFILE = join(kitRoot, 'drivers', 'profiles', 'npcap-2016-in-the-kit.yaml');

describe('lwf replay on machine code', function () {
  this.timeout(240_000);
  let run: RunResult;
  let stopped: ScenarioResult;
  let token: string;

  before(async function () {
    if (!findToolchain()) this.skip();
    await buildDrivers([NAME, 'npcap-2016-repaired']);
    run = await runSpecification({ driver: IMAGE, profile: PROFILE, paths: [STORY], seed: 1, evidence: 'full' });
    const found = run.scenarios.findLast(({ bugcheck }) => bugcheck !== undefined);
    if (!found) throw new Error(`${STORY} no longer stops the system`);
    stopped = found;
    token = tokenOf(run.identity, stopped);
  });

  it('finds the driver of the kit and its profile by their hashes', async () => {
    const { code, out, err } = await lwf(['replay', token]);
    expect(out).to.match(/The same came again: fail, broken: .*DET-06/);
    expect(err).to.equal('');
    expect(code).to.equal(1);
  });

  it('--disassemble shows the call that used the stale handle, and changes nothing of the case', () =>
    withFolder(async (folder) => {
      const trace = join(folder, 'trace.ndjson');
      const { code, out } = await lwf(['replay', token, '--disassemble', '--trace', trace]);
      expect(code).to.equal(1);
      expect(out).to.match(/The same came again/);
      expect(readFileSync(trace).equals(traceFileOf(run, stopped).bytes)).to.equal(true);
      const text = out.slice(out.indexOf('Machine code at'));
      expect(text).to.match(
        /^Machine code at #\d+ m1 =>NdisFSendNetBufferLists .*: breaks .*DET-06.*\n(?: .*\n)*? {2}> ffffa000`[0-9a-f]{8} {2}call qword ptr \[.*\] ; ndis!NdisFSendNetBufferLists\n/m,
      );
      expect(text).to.match(/rcx +NdisFilterHandle +ffffa000`[0-9a-f]{8}\n +rdx +NetBufferList +ffffa000`/);
      expect(text).to.match(
        /!!Bugcheck .*: stopped the system\n(?: .*\n)* {2}Stack\n {4}ndis!NdisFSendNetBufferLists\n {4}\S+!NpfWrite\+0x\w+\n/,
      );
      expect(text).to.match(/<-FilterDetach .*: breaks DET-03\n(?: .*\n)*? {2}> ffffa000`/);
    }));

  it('plays another version of the driver, and says that it is another', async () => {
    const repaired = join(kitRoot, 'drivers', 'build', 'npcap-2016-repaired.sys');
    const { code, out, err } = await lwf(['replay', token, '--driver', repaired]);
    expect(err).to.match(
      /note: the token is of npcap-2016-no-pause\.sys \(sha256 [0-9a-f]{16}…\), and .*repaired\.sys has sha256/,
    );
    expect(out).to.match(/fail then, pass now/);
    expect(code).to.equal(0);
  });

  it('finds driver and profile beside the run.json', () =>
    withFolder(async (folder) => {
      const moved = { ...run.identity, driver: { ...run.identity.driver, name: 'mine.sys' } };
      const image = moved.driver.image;
      const identity = {
        ...moved,
        driver: { ...moved.driver, ...(image && { image: { ...image, file: 'mine.sys' } }) },
      };
      writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...run, identity }));
      const args = ['replay', join(folder, 'run.json'), '--scenario', stopped.id];
      expect((await lwf(args)).err).to.match(
        /The token is of mine\.sys .*, which is not here\. Give it with --driver FILE/,
      );
      copyFileSync(PROFILE, join(folder, 'mine.sys'));
      expect((await lwf(args)).err).to.match(/which is not here\. .*mine\.sys has sha256 [0-9a-f]{16}…\./);
      copyFileSync(IMAGE, join(folder, 'mine.sys'));
      expect((await lwf(args)).code).to.equal(1);
    }));
});
