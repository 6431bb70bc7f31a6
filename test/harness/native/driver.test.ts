/** Requests of lwfio.exe to the driver under test: its machine code runs in the kit's interpreter. */
import { expect } from 'chai';
import { useHelper } from './process/built';
import { DEVICE, Lwfio } from './process/lwfio';

const NO_ATTRIBUTE = { name: '', value: '' };
const CANCELLED = 0xc0000120;

function open(lwfio: Lwfio, handle: number, path = DEVICE): Readonly<Record<string, unknown>> {
  const params = { request: 100 + handle, handle, path, attribute: NO_ATTRIBUTE, synchronous: false };
  const answer = lwfio.ask('device.open', params);
  lwfio.pass(10);
  return answer;
}

const put = (
  request: number,
  handle: number,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  ...{ request, handle, what: 'write', code: 0, output: 0 },
  buffers: [{ bytes: '0102', pointers: [] }],
  ...more,
});

describe('lwfio and the driver under test', () => {
  let lwfio: Lwfio;

  useHelper();

  beforeEach(() => {
    lwfio = new Lwfio();
  });

  const done = (): (readonly unknown[])[] => {
    lwfio.pass(10);
    return lwfio.events('device.done').map(({ request, status, information }) => [request, status, information]);
  };

  it('opens it as it is told', () => {
    expect(open(lwfio, 1, `${DEVICE}\\{12}`)).to.deep.equal({});
    const attribute = { name: 'MyOpen', value: '01000000' };
    const params = { request: 8, handle: 2, path: `${DEVICE}\\é`, attribute, synchronous: true };
    expect(lwfio.ask('device.open', params)).to.deep.equal({});
    expect(done()).to.deep.equal([
      [101, 0, 0],
      [8, 0, 0],
    ]);
    expect(lwfio.driver.opened).to.deep.equal([
      { path: `${DEVICE}\\{12}`, isSynchronous: false },
      { path: `${DEVICE}\\é`, isSynchronous: true, attribute: ['MyOpen', '01000000'] },
    ]);
  });

  it('says what an open failed with, and has no handle then', () => {
    lwfio.driver.opens = 0xc00000a3;
    open(lwfio, 1);
    expect(done()).to.deep.equal([[101, 0xc00000a3, 0]]);
    expect(lwfio.ask('device.put', put(2, 1))['error']).to.equal('there is no such handle');
    lwfio.driver.opens = 0;
    expect(open(lwfio, 1)).to.deep.equal({});
    expect(lwfio.ask('device.put', put(2, 1))).to.deep.equal({});
  });

  it('writes, reads and controls, and tells how each has ended', () => {
    open(lwfio, 1);
    lwfio.driver.reacts = ({ what }) =>
      what === 'read' ? { status: 0x80000005, information: 7 } : { status: 0, information: 2 };
    lwfio.ask('device.put', put(1, 1));
    lwfio.pass(10);
    lwfio.ask('device.put', put(2, 1, { what: 'read', output: 1514 }));
    lwfio.pass(10);
    lwfio.ask('device.put', put(3, 1, { what: 'control', code: 0x222004, output: 16 }));
    expect(done().slice(1)).to.deep.equal([
      [1, 0, 2],
      [2, 0x80000005, 7],
      [3, 0, 2],
    ]);
    expect(
      lwfio.driver.puts.map(({ what, bytes, code, output }) => [what, bytes.toString('hex'), code, output]),
    ).to.deep.equal([
      ['write', '0102', 0, 0],
      ['read', '', 0, 1514],
      ['control', '0102', 0x222004, 16],
    ]);
  });

  it('writes addresses of buffers into others', () => {
    open(lwfio, 1);
    const buffers = [
      { bytes: `05000000${'00'.repeat(4)}${'00'.repeat(8)}`, pointers: [{ offset: 8, buffer: 1 }] },
      { bytes: 'ff'.repeat(8), pointers: [{ offset: 0, buffer: 2 }] },
      { bytes: 'aabbccddee', pointers: [] },
    ];
    let seen = '';
    lwfio.driver.reacts = ({ bytes }) => {
      const first = lwfio.process.bytes(bytes.readBigUInt64LE(8), 8);
      seen = lwfio.process.bytes(first.readBigUInt64LE(0), 5).toString('hex');
      return { status: 0 };
    };
    lwfio.ask('device.put', put(1, 1, { what: 'control', code: 3, buffers }));
    expect(done().at(-1)).to.deep.equal([1, 0, 0]);
    expect(seen).to.equal('aabbccddee');
  });

  it('keeps several requests of several handles under way, and goes on meanwhile', () => {
    for (const handle of [1, 2]) open(lwfio, handle);
    lwfio.driver.reacts = ({ what }) => (what === 'read' ? 'keeps the caller' : 'pends');
    lwfio.ask('device.put', put(1, 1));
    lwfio.pass(10);
    lwfio.ask('device.put', put(2, 2, { what: 'read', output: 4 }));
    lwfio.pass(10);
    lwfio.ask('device.put', put(3, 2));
    expect(done()).to.have.lengthOf(2);
    expect(lwfio.ask('info')).to.include({ wine: false });
    lwfio.driver.complete(0, 2);
    expect(done().slice(2)).to.deep.equal([[1, 0, 2]]);
    lwfio.driver.complete(0xc0000001);
    lwfio.driver.complete(0, 5);
    expect(done().slice(3)).to.deep.equal([
      [2, 0xc0000001, 0],
      [3, 0, 5],
    ]);
  });

  it('has requests cancelled, and closes while they are under way', () => {
    for (const handle of [1, 2]) open(lwfio, handle);
    expect(lwfio.ask('device.cancel', { handle: 1 })).to.deep.equal({});
    lwfio.driver.reacts = () => 'pends';
    lwfio.ask('device.put', put(1, 1));
    lwfio.ask('device.put', put(2, 2));
    lwfio.pass(10);
    expect(lwfio.ask('device.cancel', { handle: 1 })).to.deep.equal({});
    expect(done().slice(2)).to.deep.equal([[1, CANCELLED, 0]]);
    expect(lwfio.ask('device.close', { request: 3, handle: 2 })).to.deep.equal({});
    expect(done().slice(3)).to.deep.equal([[3, 0, 0]]);
    expect(lwfio.driver.closed).to.have.lengthOf(1);
    expect(lwfio.ask('device.put', put(4, 2))['error']).to.equal('there is no such handle');
    lwfio.driver.complete(0);
    expect(done().slice(4)).to.deep.equal([[2, 0, 0]]);
  });

  it('opens nothing but devices, and no more than it can keep', () => {
    const refused = [
      ...['\\Device\\', '\\??\\', '\\SystemRoot\\x', 'C:\\x', '\\Device', '\\\\.\\Mine', '\\Device\\\\Mine', ''],
      `\\Device\\${'x'.repeat(1024)}`,
    ];
    for (const path of refused) expect(open(lwfio, 1, path)['error'], path).to.match(/"path" is one of a device/);
    expect(lwfio.driver.opened).to.deep.equal([]);
    for (let handle = 1; handle <= 32; handle += 1) expect(open(lwfio, handle)).to.deep.equal({});
    expect(open(lwfio, 5)['error']).to.equal('there is a handle of that number');
    expect(open(lwfio, 33)['error']).to.equal('32 handles are open already');
  });

  it('refuses what is no request, and more than it can wait for', () => {
    open(lwfio, 1);
    const buffer = { bytes: '0102', pointers: [] };
    const eight = '00'.repeat(8);
    const bad: Record<string, unknown>[] = [
      { what: 'flush' },
      { code: -1 },
      { output: 1048577 },
      { buffers: [] },
      { buffers: Array.from({ length: 65 }, () => buffer) },
      { buffers: [{ bytes: '012', pointers: [] }] },
      { buffers: [{ bytes: '01' }] },
      { buffers: [{ ...buffer, pointers: [{ offset: 0, buffer: 0 }] }] },
      { buffers: [{ bytes: eight, pointers: [{ offset: 1, buffer: 0 }] }] },
      { buffers: [{ bytes: eight, pointers: [{ offset: 0, buffer: 1 }] }] },
      { handle: 9 },
      { request: 'one' },
    ];
    for (const more of bad)
      expect(lwfio.ask('device.put', put(1, 1, more))['error'], JSON.stringify(more)).to.be.a('string');
    expect(lwfio.driver.puts).to.deep.equal([]);
    lwfio.driver.reacts = () => 'pends';
    for (let request = 1; request <= 64; request += 1) {
      expect(lwfio.ask('device.put', put(request, 1)), String(request)).to.deep.equal({});
    }
    expect(lwfio.ask('device.put', put(65, 1))['error']).to.equal('too many requests are under way already');
  });

  it('ends with its input, whatever is under way', () => {
    open(lwfio, 1);
    lwfio.driver.reacts = () => 'pends';
    lwfio.ask('device.put', put(1, 1));
    expect(lwfio.end()).to.equal(0);
  });
});
