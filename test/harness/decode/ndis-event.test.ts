/** Constructed by the templates of the manifest: nobody has recorded these events for the kit. */
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeNdisEvent, FILTER_STATES } from '../../../adapters/harness/decode/ndis-event';

const FILTER = '{0F3A1B2C-4D5E-6F70-8192-A3B4C5D6E7F8}';
const ADAPTER = '{A788889B-CAD4-45A0-9162-8F63A74D6F58}';

function guid(text: string): Buffer {
  const [one = '', two = '', three = '', ...rest] = text.replace(/[{}]/g, '').split('-');
  const number = (hex: string): Buffer => Buffer.from(hex, 'hex').reverse();
  return Buffer.concat([number(one), number(two), number(three), Buffer.from(rest.join(''), 'hex')]);
}

const text = (words: string): Buffer => Buffer.from(`${words}\0`, 'utf16le');

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function stateEvent(state: number): Buffer {
  const names = ['fnmp test adapter', 'fnmp test adapter-My filter-0000', 'My filter'].map(text);
  return Buffer.concat([guid(FILTER), Buffer.from([state]), u32(7), guid(ADAPTER), ...names]);
}

const miniport = Buffer.concat([
  ...[guid(ADAPTER), u32(13), u64(19985273102270464n)],
  ...[text('MediaTek Wi-Fi 6 MT7921 Wireless LAN Card'), u32(71)],
]);

describe('Events of NDIS', () => {
  it('tell the state of a filter module, and of which it is (10312)', () => {
    for (const [number, state] of FILTER_STATES.entries()) {
      expect(decodeNdisEvent({ id: 10312, payload: stateEvent(number) })).to.deep.equal({
        what: 'filter-state',
        state,
        ifGuid: FILTER,
        location: 7,
        miniportIfGuid: ADAPTER,
        adapterName: 'fnmp test adapter',
        instanceName: 'fnmp test adapter-My filter-0000',
        friendlyName: 'My filter',
      });
    }
  });

  it('tell less in Windows 7 (10103)', () => {
    const payload = stateEvent(5).subarray(0, 21);
    const told = { what: 'filter-state', state: 'Pausing', ifGuid: FILTER, location: 7 };
    expect(decodeNdisEvent({ id: 10103, payload })).to.deep.equal(told);
  });

  // What an event log shows that somebody published, as bytes.
  it('tell what became of a miniport, 64 bits as they are (10311, 10317)', () => {
    const told = {
      what: 'miniport-state',
      ifGuid: ADAPTER,
      ifIndex: 13,
      ifLuid: '19985273102270464',
      adapterName: 'MediaTek Wi-Fi 6 MT7921 Wireless LAN Card',
      event: 71,
    };
    expect(decodeNdisEvent({ id: 10317, payload: miniport })).to.deep.equal({ ...told, isError: true });
    expect(decodeNdisEvent({ id: 10311, payload: miniport })).to.deep.equal({ ...told, isError: false });
  });

  it('are not made up: another state, another event, one that breaks off is none', () => {
    expect(decodeNdisEvent({ id: 10312, payload: stateEvent(7) })).to.equal(undefined);
    expect(decodeNdisEvent({ id: 10058, payload: stateEvent(4) })).to.equal(undefined);
    for (const [id, payload] of [[10312, stateEvent(4)] as const, [10317, miniport] as const]) {
      for (let length = 0; length < payload.length; length += 1) {
        expect(decodeNdisEvent({ id, payload: payload.subarray(0, length) }), `${id} ${length}`).to.equal(undefined);
      }
    }
  });

  it('may have more fields in a newer version of Windows', () => {
    const newer = (payload: Buffer): Buffer => Buffer.concat([payload, text('what is new'), u32(1)]);
    expect(decodeNdisEvent({ id: 10312, payload: newer(stateEvent(2)) })).to.include({ state: 'Paused' });
    expect(decodeNdisEvent({ id: 10311, payload: newer(miniport) })).to.include({ event: 71 });
  });

  it('may be garbage', () => {
    const ids = fc.constantFrom(10312, 10103, 10311, 10317);
    fc.assert(
      fc.property(ids, fc.uint8Array({ maxLength: 120 }), (id, payload) => {
        decodeNdisEvent({ id, payload });
      }),
    );
  });
});
