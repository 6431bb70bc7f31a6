/** lwfio.exe itself: its machine code runs in the kit's interpreter, on imports and drivers that the tests play. */
import { expect } from 'chai';
import fc from 'fast-check';
import { useHelper } from './process/built';
import { Lwfio } from './process/lwfio';

const FRAME = '02AABBCCDDEE021122334455' + '88B5' + '0001020304';
const OTHER = '02AABBCCDDEE021122334455' + '0800' + '45000000';
const PATTERN = '0000000000000000000000' + '00' + '88B5';
const MASK = '0000000000000000000000' + '00' + 'FFFF';
const NDIS = { guid: '{CDEAD503-17F5-4A3E-B7AE-DF8CC2902EB9}', level: 4, keywords: '0x411E', captureState: false };
const NDIS_BYTES = Buffer.from('03d5eacdf5173e4ab7aedf8cc2902eb9', 'hex');

describe('lwfio, executed', () => {
  useHelper();

  it('says what it is, and refuses everything else under Wine', () => {
    const windows = new Lwfio({ installed: ['fnlwf'] });
    expect(windows.lines[0]).to.deep.equal({ ready: 'lwfio/1' });
    const info = { version: '1', frequency: '10000000', wine: false, fnmp: false, fnlwf: true };
    expect(windows.ask('info')).to.deep.equal(info);
    expect(windows.ask('fnmp.open', { ifIndex: 7 })['error']).to.include('there is no such device');
    const wine = new Lwfio({ wine: true });
    expect(wine.ask('info')).to.include({ wine: true });
    expect(wine.ask('fnmp.open', { ifIndex: 7 })['error']).to.include('this is Wine');
    expect(wine.drivers.opened).to.deep.equal([]);
  });

  for (const frameSize of [48, 56]) {
    it(`holds sends, shows them and gives back the ones that it is told (frames of ${frameSize} bytes)`, () => {
      const lwfio = new Lwfio({ frameSize });
      const { handle: low } = lwfio.ask('fnmp.open', { ifIndex: 7 });
      const { handle: high } = lwfio.ask('fnlwf.open', { ifIndex: 7 });
      expect(lwfio.drivers.opened).to.deep.equal(['FnMpOpenPacket0 1 0 7', 'FnLwfOpenPacket0 1 0 7']);
      expect(lwfio.ask('fnmp.holdSends', { handle: low, pattern: PATTERN, mask: MASK })).to.deep.equal({});
      const frames = ['00', '01', '02'].map((last) => FRAME + last);
      expect(lwfio.ask('fnlwf.send', { handle: high, frames: [...frames, OTHER] })).to.deep.equal({});
      expect(lwfio.drivers.chains).to.have.lengthOf(1);
      const told = lwfio.ask('fnmp.held', { handle: low });
      expect(told['frames']).to.deep.equal(
        frames.map((bytes, index) => ({ index, bytes, length: bytes.length / 2, cpu: 3 })),
      );
      expect(Number(told['from'])).to.be.at.most(Number(told['t']));
      expect(lwfio.ask('fnmp.release', { handle: low, indexes: [0, 2] })).to.deep.equal({});
      const left = lwfio.ask('fnmp.held', { handle: low })['frames'];
      expect(left).to.deep.equal([{ index: 0, bytes: frames[1], length: 20, cpu: 3 }]);
      const back = (): string[] => lwfio.drivers.sends.back.map((frame) => frame.toString('hex').toUpperCase());
      expect(back()).to.have.members([OTHER, frames[0], frames[2]]);
      lwfio.ask('fnmp.holdSends', { handle: low, pattern: '', mask: '' });
      expect(back()).to.include(frames[1]);
      lwfio.pass(2000);
      expect(lwfio.events('fnmp.watchdog')).to.deep.equal([]);
    });
  }

  it('shows 256 bytes of a long frame, and its length', () => {
    const lwfio = new Lwfio();
    const { handle } = lwfio.ask('fnmp.open', { ifIndex: 7 });
    lwfio.ask('fnmp.holdSends', { handle, pattern: PATTERN, mask: MASK });
    lwfio.drivers.sends.offer(Buffer.from(FRAME + 'AB'.repeat(1495), 'hex'));
    const [frame] = lwfio.ask('fnmp.held', { handle })['frames'] as { bytes: string; length: number }[];
    expect(frame).to.include({ length: 1514 });
    expect(frame?.bytes).to.equal((FRAME + 'AB'.repeat(1495)).slice(0, 512));
  });

  it('tells of the watchdog of the drivers, once, and not of what was released', () => {
    const lwfio = new Lwfio();
    const { handle } = lwfio.ask('fnmp.open', { ifIndex: 7 });
    const hold = { handle, pattern: PATTERN, mask: MASK };
    lwfio.ask('fnmp.holdSends', hold);
    lwfio.pass(1000);
    lwfio.drivers.sends.offer(Buffer.from(FRAME, 'hex'));
    lwfio.pass(300);
    lwfio.ask('fnmp.release', { handle, indexes: [0] });
    lwfio.pass(1000);
    expect(lwfio.events('fnmp.watchdog')).to.deep.equal([]);
    lwfio.drivers.sends.offer(Buffer.from(FRAME, 'hex'));
    lwfio.pass(300);
    lwfio.drivers.watchdog();
    lwfio.pass(1000);
    expect(lwfio.events('fnmp.watchdog').map(({ driver }) => driver)).to.deep.equal(['fnmp']);
    expect(lwfio.ask('fnmp.held', { handle })['frames']).to.deep.equal([]);
    expect(lwfio.ask('fnmp.release', { handle, indexes: [0] })['error']).to.include('not any more');
  });

  it('indicates receives as it is told, and holds them above', () => {
    const lwfio = new Lwfio();
    const { handle: low } = lwfio.ask('fnmp.open', { ifIndex: 7 });
    const { handle: high } = lwfio.ask('fnlwf.open', { ifIndex: 7 });
    lwfio.ask('fnlwf.holdReceives', { handle: high, pattern: PATTERN, mask: MASK });
    const frames = [FRAME, FRAME + '01'];
    lwfio.ask('fnmp.indicate', { handle: low, frames, dpcLevel: true, lowResources: false });
    lwfio.ask('fnmp.indicate', { handle: low, frames: [OTHER], dpcLevel: false, lowResources: true });
    expect(lwfio.drivers.chains.map(({ flags, frames: { length }, up }) => [flags, length, up])).to.deep.equal([
      [1, 2, true],
      [2, 1, true],
    ]);
    expect(lwfio.ask('fnlwf.held', { handle: high })['frames']).to.have.lengthOf(2);
    lwfio.ask('fnlwf.release', { handle: high, indexes: [1] });
    expect(lwfio.ask('fnlwf.held', { handle: high })['frames']).to.have.lengthOf(1);
    expect(lwfio.ask('fnlwf.close', { handle: high })).to.deep.equal({});
    expect(lwfio.drivers.receives.back).to.have.lengthOf(3);
    expect(lwfio.ask('fnlwf.held', { handle: high })['error']).to.equal('there is no such handle');
  });

  it('asks and answers what else there is', () => {
    const lwfio = new Lwfio();
    const { handle: low } = lwfio.ask('fnmp.open', { ifIndex: 7 });
    const { handle: high } = lwfio.ask('fnlwf.open', { ifIndex: 7 });
    expect(lwfio.ask('fnlwf.datapath', { handle: high })).to.deep.equal({ isUp: true });
    const request = { handle: low, oid: 0x1010102, type: 'set' };
    expect(lwfio.ask('fnmp.heldOid', request)).to.deep.equal({ held: false });
    expect(lwfio.ask('fnmp.holdOids', { handle: low, oids: [{ oid: 0x1010102, type: 'set' }] })).to.deep.equal({});
    expect(lwfio.drivers.opened.at(-1)).to.equal('FnMpOpenPacket0 1 1 7');
    expect(lwfio.ask('fnmp.heldOid', request)).to.deep.equal({ held: true });
    expect(lwfio.ask('fnmp.completeOid', { ...request, status: 0xc0000001 })).to.deep.equal({});
    expect(lwfio.drivers.completed).to.deep.equal([{ oid: 0x1010102, status: 0xc0000001 }]);
    expect(lwfio.ask('fnmp.completeOid', { ...request, status: 0 })['error']).to.include('not any more');
    // Others, then none: fnmp takes a list only once for a handle.
    expect(lwfio.ask('fnmp.holdOids', { handle: low, oids: [{ oid: 0x10107, type: 'query' }] })).to.deep.equal({});
    expect(lwfio.ask('fnmp.heldOid', { handle: low, oid: 0x10107, type: 'query' })).to.deep.equal({ held: true });
    expect(lwfio.ask('fnmp.holdOids', { handle: low, oids: [] })).to.deep.equal({});
    expect(lwfio.ask('fnmp.heldOid', { handle: low, oid: 0x10107, type: 'query' })).to.deep.equal({ held: false });
    expect(lwfio.ask('fnlwf.oid', { handle: high, oid: 0x10107, type: 'query' })).to.deep.equal({ status: 0 });
  });

  it('hands out events of ETW as they are, and answers a flush when all before it are out', () => {
    const lwfio = new Lwfio();
    lwfio.etw.sessions.set('lwf', Buffer.alloc(16, 1));
    expect(lwfio.ask('etw.start', { session: 'lwf', providers: [NDIS] })).to.deep.equal({ t: '10000000' });
    expect(lwfio.etw.enabled.at(-1)).to.equal(`${NDIS_BYTES.toString('hex')} 4 411e`);
    const payload = Buffer.from([0, 1, 2, 253, 254]);
    const metadata = Buffer.from('metadata');
    const event = { provider: NDIS_BYTES, id: 10312, time: 9_007_199_254_740_993n, cpu: 1, payload };
    lwfio.etw.write(event);
    lwfio.etw.write({ ...event, cpu: 0, id: 10103, metadata });
    expect(lwfio.events('etw')).to.deep.equal([]);
    expect(lwfio.ask('etw.flush')).to.deep.equal({ t: '10000000', lost: 0 });
    const told = { provider: NDIS.guid, version: 0, t: '9007199254740993', payload: payload.toString('base64') };
    expect(lwfio.events('etw')).to.deep.equal([
      { ...told, id: 10103, cpu: 0, metadata: metadata.toString('base64') },
      { ...told, id: 10312, cpu: 1 },
    ]);
    expect(lwfio.lines.at(-1)).to.have.property('answer');
    expect(lwfio.ask('etw.stop')).to.deep.equal({ lost: 0 });
    expect([...lwfio.etw.sessions]).to.deep.equal([]);
  });

  it('tells what ETW loses, that a session is gone, and that markers do not come back', () => {
    const lwfio = new Lwfio();
    lwfio.ask('etw.start', { session: 'lwf', providers: [] });
    lwfio.etw.lost = 3;
    expect(lwfio.ask('etw.flush')).to.include({ lost: 3 });
    const notice = Buffer.from('e09a396ac64be94d870b3657f8947e7e', 'hex');
    lwfio.etw.write({ provider: notice, id: 0, time: 1n, cpu: 0, payload: Buffer.alloc(0) });
    lwfio.ask('etw.flush');
    expect(lwfio.events('lost')).to.deep.equal([{ lost: 3 }]);
    lwfio.etw.isStuck = true;
    expect(lwfio.ask('etw.flush')['error']).to.include('markers have not come back');
    lwfio.etw.isStuck = false;
    expect(lwfio.ask('etw.flush')).to.include({ lost: 3 });
    lwfio.etw.sessions.clear();
    expect(lwfio.ask('etw.flush')['error']).to.be.a('string');
    expect(lwfio.ask('etw.start', { session: 'lwf', providers: [] })['error']).to.include('stop it first');
    expect(lwfio.ask('etw.stop')).to.deep.equal({ lost: 4 });
    expect(lwfio.ask('etw.stop')).to.deep.equal({ lost: 0 });
    expect(lwfio.ask('etw.start', { session: 'lwf', providers: [] })).to.have.property('t');
  });

  it('ends with its input, and the session of ETW with it', () => {
    const lwfio = new Lwfio();
    lwfio.ask('etw.start', { session: 'lwf', providers: [NDIS] });
    expect(lwfio.end()).to.equal(0);
    expect([...lwfio.etw.sessions]).to.deep.equal([]);
  });

  it('leaves a session of the same name alone that another process has begun since, and says that its own has ended', () => {
    const lwfio = new Lwfio();
    lwfio.ask('etw.start', { session: 'lwf', providers: [NDIS] });
    const anothers = Buffer.alloc(16, 7);
    lwfio.etw.sessions.set('lwf', anothers);
    expect(lwfio.ask('etw.flush')['error']).to.be.a('string');
    expect(lwfio.end()).to.equal(0);
    expect(lwfio.etw.sessions.get('lwf')).to.equal(anothers);
    const stopped = new Lwfio();
    stopped.ask('etw.start', { session: 'lwf', providers: [NDIS] });
    stopped.etw.sessions.set('lwf', anothers);
    expect(stopped.ask('etw.stop')).to.deep.equal({ lost: 1 });
    expect(stopped.etw.sessions.get('lwf')).to.equal(anothers);
  });

  it('asks providers for their state at each flush, and hands out their answers before it answers itself', () => {
    const lwfio = new Lwfio();
    const other = { ...NDIS, guid: '{00112233-4455-6677-8899-AABBCCDDEEFF}', captureState: true };
    lwfio.ask('etw.start', { session: 'lwf', providers: [NDIS, other] });
    const asked: string[] = [];
    lwfio.etw.states = (provider) => {
      asked.push(provider.toString('hex'));
      lwfio.etw.write({ provider, id: 7, time: 1n, cpu: 3, payload: Buffer.alloc(0) });
      return 0;
    };
    expect(lwfio.ask('etw.flush')).to.include({ lost: 0 });
    expect(lwfio.events('etw').map(({ id }) => id)).to.deep.equal([7]);
    expect(asked).to.deep.equal(['33221100554477668899aabbccddeeff']);
    // Nobody is registered by that name: who is not there does not answer.
    lwfio.etw.states = () => 1168;
    expect(lwfio.ask('etw.flush')).to.include({ lost: 0 });
    lwfio.etw.states = () => 1460;
    expect(lwfio.ask('etw.flush')['error']).to.include('does not answer who asks for its state');
  });

  it('refuses what is no request, and goes on', () => {
    const lwfio = new Lwfio();
    const { handle } = lwfio.ask('fnmp.open', { ifIndex: 7 });
    const refused: [string, Record<string, unknown>][] = [
      ['none', {}],
      ['fnmp.open', { ifIndex: -1 }],
      ['fnmp.open', { ifIndex: 4294967296 }],
      ['fnmp.held', { handle: 99 }],
      ['fnlwf.held', { handle }],
      ['fnmp.holdSends', { handle, pattern: '0', mask: '0' }],
      ['fnmp.holdSends', { handle, pattern: 'FF', mask: '' }],
      ['fnmp.release', { handle, indexes: [1024] }],
      ['fnmp.indicate', { handle, frames: [], dpcLevel: false, lowResources: false }],
      ['fnmp.indicate', { handle, frames: ['00'], dpcLevel: false, lowResources: false }],
      ['fnmp.indicate', { handle, frames: [FRAME], dpcLevel: 1, lowResources: false }],
      ['fnmp.holdOids', { handle, oids: [{ oid: 1, type: 'get' }] }],
      ['etw.start', { session: 'two words', providers: [] }],
      ['etw.start', { session: 'lwf', providers: [{ ...NDIS, guid: 'NDIS' }] }],
      ['etw.start', { session: 'lwf', providers: [{ ...NDIS, captureState: 'yes' }] }],
      ['etw.flush', {}],
    ];
    for (const [op, params] of refused) expect(lwfio.ask(op, params)['error'], op).to.be.a('string');
    expect(lwfio.drivers.chains).to.deep.equal([]);
    expect(lwfio.ask('info')).to.include({ wine: false });
  });

  it('reads JSON however it is cut and written, and nothing else', () => {
    const lwfio = new Lwfio();
    const line = Buffer.from(
      '{ "params" : {"a":[1,-2.5e3,null,true,"\\u00e9\\ud83d\\ude00\\n"]}, "op":"\\u0069nfo","id" : 900 }\r\n',
    );
    for (const byte of line) lwfio.write(Buffer.from([byte]));
    lwfio.process.run(() => lwfio.lines.length > 1, 1000);
    expect(lwfio.lines[1]).to.include({ id: 900 });
    const bad = [
      '{"id":1,"op":"info"',
      '{"id":1,"op":"info"}}',
      '{"id":"1","op":"info"}',
      '{"id":1.5,"op":"info"}',
      '[]',
      '"',
      '{"id":1,"op":"\\u0000"}',
      '\u0000',
      '{"id":1,"op":"\\ud800"}',
      `{"id":1,"p":${'['.repeat(20)}}`,
      '{"id":1e3,"op":"info"}',
    ];
    const before = lwfio.lines.length;
    for (const text of bad) lwfio.write(`${text}\n`);
    lwfio.pass(10);
    expect(lwfio.lines.slice(before)).to.deep.equal([]);
    expect(lwfio.complaints.match(/a line is left out/g)).to.have.lengthOf(bad.length);
    expect(lwfio.ask('info')).to.include({ wine: false });
  });

  it('survives garbage', () => {
    const lwfio = new Lwfio();
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '\\u',
      '12',
      '"id"',
      '"op"',
      '"info"',
      'true',
      '\u00e9',
    );
    const garbage = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(garbage, (text) => {
        lwfio.write(`${text}\n`);
        lwfio.pass(1);
      }),
      { numRuns: 50 },
    );
    expect(lwfio.ask('info')).to.include({ wine: false });
  });
});
