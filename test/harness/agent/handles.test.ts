/** What applications do on a lab machine, down to what the helper is asked for. */
import { expect } from 'chai';
import { RigRefusal } from '../../../adapters/contract';
import type { AdapterInfo, HelperEvents, HelperOp, HelperOps, Helper } from '../../../adapters/harness/agent/ports';
import { Device } from '../../../adapters/harness/agent/rig/device';
import { devicePath } from '../../../adapters/harness/agent/rig/device-path';
import { Handles } from '../../../adapters/harness/agent/rig/handles';
import { frameName, readFrame } from '../../../adapters/harness/agent/rig/frames';
import { readRequests, RequestPlan } from '../../../adapters/harness/agent/rig/request-plan';
import { UnderWay } from '../../../adapters/harness/agent/rig/under-way';
import { ScriptedClock } from './scripted-clock';

const ADAPTER: AdapterInfo = {
  ...{ name: 'Ethernet 2', description: 'fnmp', ifIndex: 7, status: 'Up', mac: '020000000001' },
  ...{ ifGuid: '{01234567-89AB-CDEF-0123-456789ABCDEF}', instanceId: 'ROOT\\FNMP' },
};

const HEAD = `profile: 1
driver: Mine
service: mine
`;
const OPEN = `open: { device: '\\\\.\\Mine', file: '{guid}' }
`;

interface Asked {
  readonly op: HelperOp;
  readonly params: Readonly<Record<string, unknown>>;
}

/** lwfio, whose requests end when the test wants it. */
class ScriptedHelper implements Helper {
  readonly asked: Asked[] = [];
  /** Statuses of requests that end at once. */
  ends: (asked: Asked) => number | undefined = () => 0;
  fails: (asked: Asked) => boolean = () => false;
  private readonly listeners = new Map<string, ((params: never) => void)[]>();

  async request<O extends HelperOp>(op: O, params: HelperOps[O]['params']): Promise<HelperOps[O]['answer']> {
    const asked = { op, params: params as unknown as Asked['params'] };
    this.asked.push(asked);
    if (this.fails(asked)) throw new RigRefusal('environment', 'it fails');
    const status = this.ends(asked);
    const { request } = asked.params;
    if (status !== undefined && typeof request === 'number') this.done(request, status);
    return {};
  }

  on<E extends keyof HelperEvents>(event: E, listener: (params: HelperEvents[E]) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  done(request: number, status: number): void {
    this.tell('device.done', { request, status, information: 0 });
  }

  tell<E extends keyof HelperEvents>(event: E, params: HelperEvents[E]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(params as never);
  }

  /** What it was asked for, without what is not looked at. */
  get told(): readonly string[] {
    return this.asked.map(({ op, params }) => {
      const { handle, path, what, code } = params;
      const buffers = params['buffers'] as readonly { readonly bytes: string }[] | undefined;
      return [op, handle, path, what, code || undefined, buffers?.[0]?.bytes.slice(0, 8)]
        .filter((word) => word !== undefined && word !== '')
        .join(' ');
    });
  }

  close(): void {
    // Nothing is open.
  }
}

describe('applications on a lab machine', () => {
  let helper: ScriptedHelper;
  let underWay: UnderWay;
  let numbers: number;

  beforeEach(() => {
    helper = new ScriptedHelper();
    underWay = new UnderWay();
    numbers = 0;
  });

  function handles(profile: string): Handles {
    const requests = readRequests(HEAD + profile);
    if (!requests) throw new Error('the profile opens nothing');
    const next = (): number => (numbers += 1);
    return new Handles(new Device(helper), new RequestPlan(requests, ADAPTER), underWay, new ScriptedClock(), next);
  }

  const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('open the device that the profile names, and put to it what it wants after every open', async () => {
    const opened = handles(`${OPEN}setup:
  - ioctl: 0x222000
    input: [u32: ifIndex]
`);
    expect(await opened.open('app')).to.equal('STATUS_SUCCESS');
    expect(helper.told).to.deep.equal([
      `device.open 1 \\??\\Mine\\${ADAPTER.ifGuid}`,
      'device.put 1 control 2236416 07000000',
    ]);
    expect(helper.asked[0]?.params).to.deep.include({ attribute: { name: '', value: '' }, synchronous: false });
    expect(opened.areOpen).to.equal(true);
    helper.ends = ({ op }) => (op === 'device.open' ? 0xc00000a3 : 0);
    expect(await opened.open('other')).to.equal('STATUS_DEVICE_NOT_READY');
    expect(await opened.ask('other', 'send', 1)).to.equal('STATUS_INVALID_DEVICE_REQUEST');
  });

  it('send frames that are known again, each in a request, and stop at one that fails', async () => {
    const opened = handles(`${OPEN}frames: { length: 64, etherType: 0x0800 }
asks: { send: [{ write: [frame] }] }
`);
    await opened.open('app');
    expect(await opened.ask('app', 'send', 2)).to.equal('STATUS_SUCCESS');
    const frames = helper.asked
      .slice(1)
      .map(({ params }) => (params['buffers'] as { bytes: string }[])[0]?.bytes ?? '');
    expect(frames.map((bytes) => bytes.slice(24, 28))).to.deep.equal(['0800', '0800']);
    expect(frames.map((bytes) => bytes.length)).to.deep.equal([128, 128]);
    expect(frames.map(readFrame)).to.deep.equal([
      { origin: 'filter', number: 1 },
      { origin: 'filter', number: 2 },
    ]);
    helper.ends = () => 0xc0000001;
    expect(await opened.ask('app', 'send', 2)).to.equal('STATUS_UNSUCCESSFUL');
    expect(helper.asked).to.have.lengthOf(4);
  });

  it('have requests that block under way at once, and wait for the frames of them that nobody holds', async () => {
    const opened = handles(`${OPEN}asks: { send: [{ write: [frame], blocks: true }] }
`);
    await opened.open('app');
    helper.ends = () => undefined;
    const sent = opened.ask('app', 'send', 2);
    await soon();
    const puts = helper.asked.slice(1);
    expect(puts).to.have.lengthOf(2);
    const held = (...some: number[]): Set<string> =>
      new Set(some.map((number) => frameName({ origin: 'filter', number })));
    expect(underWay.isAny).to.equal(true);
    expect(underWay.isAwaited(held(), false)).to.equal(true);
    expect(underWay.isAwaited(held(1), false)).to.equal(true);
    expect(underWay.isAwaited(held(1, 2), false)).to.equal(false);
    expect(underWay.isAwaited(held(2), false)).to.equal(false);
    expect(underWay.isAwaited(held(), false)).to.equal(true);
    for (const { params } of puts) helper.done(Number(params['request']), 0);
    expect(await sent).to.equal('STATUS_SUCCESS');
    await soon();
    expect(underWay.isAny).to.equal(false);
  });

  it('put what comes behind a request that blocks, when that has had its time', async () => {
    const opened = handles(`${OPEN}asks:
  receive:
    - ioctl: 0x222000
    - write: [frame]
      blocks: true
    - ioctl: 0x222004
`);
    await opened.open('app');
    helper.ends = ({ params }) => (params['what'] === 'write' ? undefined : 0);
    const asked = opened.ask('app', 'receive', 1);
    while (helper.asked.length < 4) await soon();
    expect(helper.told.slice(1).map((line) => line.split(' ')[2])).to.deep.equal(['control', 'write', 'control']);
    helper.done(Number(helper.asked[2]?.params['request']), 0xc0000120);
    expect(await asked).to.equal('STATUS_CANCELLED');
  });

  it('open a handle for each request in flight, where the driver takes one at a time', async () => {
    const opened = handles(`open: { device: \\Device\\Mine, oneAtATime: true }
asks: { send: [{ write: [frame], blocks: true }] }
`);
    await opened.open('app');
    helper.ends = ({ op }) => (op === 'device.put' ? undefined : 0);
    const sent = opened.ask('app', 'send', 2);
    await soon();
    await soon();
    const [first, , second] = helper.asked.filter(({ op }) => op !== 'device.close');
    expect(first?.params).to.include({ handle: 1, path: '\\Device\\Mine', synchronous: true });
    expect(second?.params['handle']).not.to.equal(1);
    await opened.cancel('app');
    expect(helper.told.filter((line) => line.startsWith('device.cancel'))).to.have.lengthOf(2);
    for (const { op, params } of helper.asked) if (op === 'device.put') helper.done(Number(params['request']), 0);
    expect(await sent).to.equal('STATUS_SUCCESS');
  });

  it('have closed a handle when all of it has come back, and end with what they have open', async () => {
    const opened = handles(`${OPEN}asks: { send: [{ write: [frame] }] }
`);
    for (const app of ['one', 'two']) await opened.open(app);
    helper.ends = ({ op }) => (op === 'device.put' ? undefined : 0);
    void opened.ask('one', 'send', 1);
    await soon();
    let isClosed = false;
    const closed = opened.close('one').then((status) => {
      isClosed = true;
      return status;
    });
    await soon();
    expect([isClosed, helper.told.at(-1)]).to.deep.equal([false, 'device.close 1']);
    expect(await opened.ask('one', 'send', 1)).to.equal('STATUS_INVALID_PARAMETER');
    helper.done(Number(helper.asked[2]?.params['request']), 0);
    expect(await closed).to.equal('STATUS_SUCCESS');
    await opened.end();
    expect(helper.told.slice(-2)).to.deep.equal(['device.cancel 3', 'device.close 3']);
    expect(opened.areOpen).to.equal(false);
  });

  it('close what the driver lets them have open only when they have ended', async () => {
    const opened = handles(`${OPEN}setup: [{ ioctl: 0x222000 }]
`);
    helper.ends = ({ op }) => (op === 'device.open' ? undefined : 0);
    const open = opened.open('app');
    expect(opened.areOpen).to.equal(true);
    let hasEnded = false;
    const end = opened.end().then(() => (hasEnded = true));
    await soon();
    expect(hasEnded).to.equal(false);
    helper.done(Number(helper.asked[0]?.params['request']), 0);
    await end;
    expect(await open).to.equal('STATUS_INVALID_HANDLE');
    expect(helper.told.slice(1)).to.deep.equal(['device.close 1']);
    expect(opened.areOpen).to.equal(false);
  });

  it('are all closed, also when nothing of one can be cancelled', async () => {
    const opened = handles(OPEN);
    for (const app of ['one', 'two']) await opened.open(app);
    helper.fails = ({ op }) => op === 'device.cancel';
    await opened.end();
    expect(helper.told.filter((line) => line.startsWith('device.close'))).to.have.lengthOf(2);
  });

  it('are lost with the helper', async () => {
    const opened = handles(`${OPEN}asks: { send: [{ write: [frame] }] }
`);
    await opened.open('app');
    helper.ends = () => undefined;
    const sent = opened.ask('app', 'send', 1).catch((failure: unknown) => failure);
    await soon();
    helper.tell('exit', { reason: 'it was killed' });
    expect(await sent)
      .to.be.instanceOf(RigRefusal)
      .with.property('kind', 'lost');
  });

  it('open devices of drivers, and nothing else', () => {
    const known = {
      '\\Device\\Mine': '\\Device\\Mine',
      '\\\\.\\Mine_{12}': '\\??\\Mine_{12}',
      '\\DosDevices\\Mine': '\\??\\Mine',
      '\\\\.\\Global\\Mine': '\\??\\Mine',
    };
    for (const [device, path] of Object.entries(known)) expect(devicePath(device, '\\x')).to.equal(`${path}\\x`);
    const refused = [
      ...['\\\\.\\C:', '\\??\\C:\\Windows', '\\\\.\\PhysicalDrive0', '\\Device\\HarddiskVolume1', '\\Device\\Mup'],
      ...[
        '\\\\.\\pipe',
        '\\??\\GLOBALROOT',
        '\\Device\\..',
        '\\Device',
        'Mine',
        '\\Device\\a\\b',
        '\\Device\\a\u0000b',
      ],
      ...[
        '\\??\\STORAGE#Volume#{1}#01#{2}',
        '\\\\.\\SCSI#Disk&Ven_A#1#{2}',
        '\\Device\\LanmanRedirector',
        '\\??\\BootPartition',
      ],
      ...['\\\\.\\Global\\Global', '\\SystemRoot\\x', '\\Device\\a/b'],
    ];
    for (const device of refused) expect(() => devicePath(device, ''), device).to.throw(RigRefusal, /no device/);
    expect(() => devicePath('\\Device\\Mine', `\\${'x'.repeat(600)}`)).to.throw(RigRefusal);
  });

  it('are told what in the profile a lab machine does not know', () => {
    const refused = (profile: string): string => {
      try {
        readRequests(HEAD + profile);
      } catch (failure) {
        if (failure instanceof RigRefusal && failure.kind === 'environment') return failure.message;
        throw failure;
      }
      throw new Error('it was not refused');
    };
    expect(refused("open: { device: '\\Device\\Mine_{instance}' }\n")).to.match(
      /\{instance\}.*name the adapter by \{guid\}/,
    );
    expect(refused("open: { device: \\Device\\Mine, file: '{filterGuid}' }\n")).to.match(
      /\{filterGuid\}.*"filter.guid"/,
    );
    expect(refused("open: { device: '\\\\.\\PhysicalDrive0' }\n")).to.match(/PhysicalDrive0" is no device/);
    expect(refused('open: 7\n')).to.match(/^The profile cannot be used: the profile:4/);
    const guid = "filter: { guid: '{5CBF81BD-5055-47CD-9055-A76B2B4E3697}' }\n";
    expect(readRequests(`${HEAD}${guid}open: { device: \\Device\\Mine, file: '{filterGuid}' }\n`)).to.be.an('object');
    expect(readRequests(HEAD)).to.equal(undefined);
  });
});
