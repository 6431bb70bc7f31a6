import { expect } from 'chai';
import { lendDevicePnPEvent, lendStatus } from '../../../adapters/emulator/machine/ndis/events';
import {
  LINK_STATE,
  NET_DEVICE_PNP_EVENT,
  OBJECT_HEADER,
  STATUS_INDICATION,
} from '../../../adapters/emulator/machine/ndis/layouts';
import { LINK_STATE_SIZE, type NdisStatusIndication } from '../../../src/ndis';
import { Link } from '../../../src/ndis/stack/link';
import { Caller } from './caller';

const INDICATION: NdisStatusIndication = {
  SourceHandle: null,
  StatusCode: 'NDIS_STATUS_LINK_STATE',
  DestinationHandle: null,
  RequestId: null,
  StatusBuffer: null,
  StatusBufferSize: 0,
};

describe('What comes with an event', () => {
  it('is the new state of the link, for as long as the handler runs', () => {
    const { guest } = new Caller();
    const { memory } = guest;
    const link = new Link();
    const speeds = [1, 2].map(() => {
      const about = { StatusBuffer: link.change(), StatusBufferSize: LINK_STATE_SIZE };
      const lent = lendStatus(guest, { ...INDICATION, ...about });
      const at = guest.offset(memory.u64(lent.offset + STATUS_INDICATION.statusBuffer));
      expect(memory.u32(lent.offset + STATUS_INDICATION.statusBufferSize)).to.equal(LINK_STATE.size);
      expect(memory.u16(at + OBJECT_HEADER.length)).to.equal(LINK_STATE.size);
      expect([memory.u32(at + 4), memory.u32(at + 8)]).to.deep.equal([1, 2]);
      expect(memory.u64(at + LINK_STATE.xmitLinkSpeed)).to.equal(memory.u64(at + LINK_STATE.rcvLinkSpeed));
      lent.end();
      expect(memory.firstDenied('read', at, 1, 0)).to.equal(at);
      return memory.u64(at + LINK_STATE.xmitLinkSpeed);
    });
    expect(speeds).to.deep.equal([100_000_000n, 1_000_000_000n]);
  });

  it('is nothing with other statuses, and the source of power with a change of its profile', () => {
    const { guest } = new Caller();
    const { memory } = guest;
    const other = lendStatus(guest, { ...INDICATION, StatusCode: 'NDIS_STATUS_RESET_START' });
    expect(memory.u64(other.offset + STATUS_INDICATION.statusBuffer)).to.equal(0n);
    const { informationBuffer, informationBufferLength } = NET_DEVICE_PNP_EVENT;
    const gone = lendDevicePnPEvent(guest, { DevicePnPEvent: 'NdisDevicePnPEventSurpriseRemoved' });
    expect(memory.u64(gone.offset + informationBuffer)).to.equal(0n);
    const power = lendDevicePnPEvent(guest, { DevicePnPEvent: 'NdisDevicePnPEventPowerProfileChanged' });
    expect(memory.u32(power.offset + informationBufferLength)).to.equal(4);
    expect(memory.u32(guest.offset(memory.u64(power.offset + informationBuffer)))).to.equal(1);
  });
});
