import { expect } from 'chai';
import {
  adapterFacts,
  ethernetFrame,
  planAsk,
  planOpen,
  planSetup,
  toDriverProfile,
} from '../../../adapters/emulator/profile';
import { HEAD, hex, OPEN, read } from './profile-text';

/** What is put for `count` sends: the first letter of the kind, then the input. */
function sent(asks: string, count: number, sequence = 0): string[] {
  const profile = read(`${HEAD}${OPEN}asks:\n  send: ${asks}`);
  const requests = planAsk(profile, 'send', adapterFacts(profile, 'A', 0), count, sequence) ?? [];
  return requests.map(({ irp, input }) => `${irp.slice(7, 8)} ${hex(input.buffers[0].bytes)}`);
}

const f = (index: number) => hex(ethernetFrame(index));

describe('The requests of an ask', () => {
  it('put one with a frame in it once for each frame', () => {
    expect(sent('[write: [frame]]', 2)).to.deep.equal([`W ${f(0)}`, `W ${f(1)}`]);
    expect(sent('[write: [frame]]', 1, 5)).to.deep.equal([`W ${f(5)}`]);
  });

  it('put one that says count itself once', () => {
    expect(sent('[{ write: [u8: count, { repeat: count, of: [frame] }] }]', 2)).to.deep.equal([`W 02${f(0)}${f(1)}`]);
    expect(sent('[write: [u8: count, frame]]', 3)).to.deep.equal([`W 03${f(0)}`]);
  });

  it('put one without a frame once, or as often as it says', () => {
    expect(sent('[{ ioctl: 1, input: [u8: 9] }]', 3)).to.deep.equal(['D 09']);
    expect(sent('[{ ioctl: 1, input: [u8: count], times: count }]', 2)).to.deep.equal(['D 01', 'D 01']);
    expect(sent('[{ write: [frame], times: 2 }]', 3)).to.deep.equal([`W ${f(0)}`, `W ${f(0)}`]);
  });

  it('put each step for all frames, or the whole sequence for each', () => {
    const steps = '[write: [frame], { ioctl: 1, input: [u8: count] }]';
    expect(sent(steps, 2)).to.deep.equal([`W ${f(0)}`, `W ${f(1)}`, 'D 02']);
    const each = sent(`{ times: count, steps: ${steps} }`, 2);
    expect(each).to.deep.equal([`W ${f(0)}`, 'D 01', `W ${f(1)}`, 'D 01']);
  });

  it('carry what goes with them', () => {
    const profile = read(
      `${HEAD}${OPEN}setup:\n  - read: 16\n  - ioctl: GO\n    output: 8\n    blocks: true\n    status: [STATUS_SUCCESS, STATUS_PENDING]\n` +
        `codes:\n  GO: CTL_CODE(FILE_DEVICE_NETWORK, 0x801, METHOD_NEITHER, FILE_READ_ACCESS | FILE_WRITE_ACCESS)`,
    );
    const [first, second] = planSetup(profile, adapterFacts(profile, 'A', 0));
    expect(first).to.deep.include({ irp: 'IRP_MJ_READ', outputLength: 16, blocks: false, status: ['STATUS_SUCCESS'] });
    expect(second).to.deep.include({
      irp: 'IRP_MJ_DEVICE_CONTROL',
      code: { name: 'GO', value: 0x0012e007, method: 'METHOD_NEITHER' },
      outputLength: 8,
      blocks: true,
      status: ['STATUS_SUCCESS', 'STATUS_PENDING'],
    });
  });

  it('know a status by its name or its value', () => {
    const profile = read(
      `${HEAD}${OPEN}setup:\n  - read: 1\n    status: [STATUS_NOT_FOUND, '0xC0000225', '0xC0001234']\n`,
    );
    const [request] = planSetup(profile, adapterFacts(profile, 'A', 0));
    expect(request?.status).to.deep.equal(['STATUS_NOT_FOUND', 'STATUS_NOT_FOUND', '0xC0001234']);
    expect(() => read(`${HEAD}${OPEN}setup:\n  - read: 1\n    status: STATUS_FOUND_NOTHING\n`)).to.throw(
      'the kit does not know the value of STATUS_FOUND_NOTHING',
    );
  });

  it('take the method from the code', () => {
    const methods = [0, 1, 2, 3].map((code) => read(`${HEAD}${OPEN}setup: [ioctl: ${code}]`).setup[0]?.code?.method);
    expect(methods).to.deep.equal(['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER']);
  });

  it('are none where the driver does it by itself, and unknown where nobody says how', () => {
    const profile = read(`${HEAD}asks:\n  modifyData: []`);
    const A = adapterFacts(profile, 'A', 0);
    expect(planAsk(profile, 'modifyData', A, 1, 0)).to.deep.equal([]);
    expect(planAsk(profile, 'send', A, 1, 0)).to.equal(undefined);
    expect(planOpen(profile, A)).to.equal(undefined);
    expect(profile.capabilities).to.deep.equal(['modifiesData']);
  });
});

describe('What scenarios know of a profile', () => {
  it('is the capabilities, the device and the acting request of each ask, as plain data', () => {
    const profile = read(
      `${HEAD}${OPEN}  file: '{adapter}'\nasks:\n  send:\n    scope: module\n    steps:\n      - write: [frame]\n        blocks: true\n      - ioctl: 5\n`,
    );
    const driver = toDriverProfile(profile);
    expect(driver).to.deep.equal({
      capabilities: ['originatesSends', 'userModeHandles'],
      device: { name: '\\Device\\MyDriver', fileName: '{adapter}' },
      requests: {
        send: {
          irp: 'IRP_MJ_WRITE',
          input: { steps: [{ write: ['frame'], blocks: true }, { ioctl: 5 }], times: 1, scope: 'module', blocks: true },
        },
      },
    });
    expect(JSON.parse(JSON.stringify(driver))).to.deep.equal(driver);
  });

  it('has the code of a request by its name, else in hexadecimal', () => {
    const text = `${HEAD}${OPEN}codes: { GO: 5 }\nasks: { oid: [ioctl: GO], status: [ioctl: 0x222004] }`;
    const { oid, status } = toDriverProfile(read(text)).requests;
    expect([oid?.ioControlCode, status?.ioControlCode]).to.deep.equal(['GO', '0x00222004']);
  });

  it('is only those capabilities that the profile lists', () => {
    const text = `${HEAD}${OPEN}asks: { send: [write: [frame]], oid: [ioctl: 1] }\ncapabilities: [originatesSends]`;
    expect(toDriverProfile(read(text)).capabilities).to.deep.equal(['originatesSends']);
  });
});
