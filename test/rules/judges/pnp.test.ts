import { expect } from 'chai';
import { broken, brokenStrictly, exercised, RUNNING } from './trace-dsl';

const REMOVE = 'NetEventQueryRemoveDevice';

/** FilterNetPnPEvent with one event, passed on and answered unless told otherwise. */
function event(
  name: string,
  options: { answer?: string; returns?: string; forward?: boolean; body?: string } = {},
): string {
  const { answer = 'SUCCESS', returns = answer, forward = true, body = '' } = options;
  const passedOn = `
    m1 =>NdisFNetPnPEvent event=${name}
    m1 <=NdisFNetPnPEvent = ${answer}`;
  return `
    m1 ->FilterNetPnPEvent event=${name}${body}${forward ? passedOn : ''}
    m1 <-FilterNetPnPEvent = ${returns}`;
}

describe('Judging Plug and Play events', () => {
  it('acquits a filter that passes everything on and answers what it was answered', () => {
    const text = `${RUNNING}${event(REMOVE)}${event(REMOVE, { answer: 'FAILURE' })}${event('NetEventReconfigure')}${event('NetEventFilterPreDetach', { forward: false })}`;
    expect(broken(text)).to.deep.equal([]);
    expect(brokenStrictly(text)).to.deep.equal([]);
    expect(exercised('PNP-01', text)).to.equal(4);
    expect(exercised('PNP-02', text)).to.equal(3);
  });

  it('condemns answers that are none (PNP-01)', () => {
    expect(broken(`${RUNNING}${event(REMOVE, { returns: 'PENDING' })}`)).to.deep.equal(['PNP-01']);
    expect(broken(`${RUNNING}${event(REMOVE, { returns: '0x40010001' })}`)).to.deep.equal(['PNP-01']);
    expect(broken(`${RUNNING}${event(REMOVE, { answer: 'NOT_SUPPORTED' })}`)).to.deep.equal([]);
  });

  it('leaves a failure that means nothing to the strict reading (PNP-01)', () => {
    const text = `${RUNNING}${event('NetEventReconfigure', { returns: 'FAILURE' })}`;
    expect(broken(text)).to.deep.equal([]);
    expect(brokenStrictly(text)).to.include('PNP-01');
  });

  it('leaves a failure by another name to the strict reading, and takes it for the veto that it is (PNP-01, PNP-02)', () => {
    for (const name of ['NetEventReconfigure', REMOVE]) {
      const text = `${RUNNING}${event(name, { returns: 'NOT_SUPPORTED' })}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.include('PNP-01');
    }
    expect(broken(`${RUNNING}${event(REMOVE, { forward: false, returns: 'RESOURCES' })}`)).to.deep.equal([]);
  });

  it('condemns removal that is not passed on, and leaves other events to the strict reading (PNP-02)', () => {
    expect(broken(`${RUNNING}${event(REMOVE, { forward: false })}`)).to.deep.equal(['PNP-02']);
    expect(broken(`${RUNNING}${event(REMOVE, { forward: false, returns: 'FAILURE' })}`)).to.deep.equal([]);
    expect(broken(`${RUNNING}${event('NetEventReconfigure', { forward: false })}`)).to.deep.equal([]);
    expect(brokenStrictly(`${RUNNING}${event('NetEventReconfigure', { forward: false })}`)).to.deep.equal(['PNP-02']);
  });

  describe('going to sleep (PNP-03)', () => {
    const out = `
      m1 =>NdisFOidRequest handle=hm1 request=q1 oid=OID_X
      m1 <=NdisFOidRequest = PENDING request=q1`;
    const wait = `
      m1 ->FilterNetPnPEvent event=NetEventSetPower power=D3
      m1 =>NdisWaitEvent object=e1 timeout=0`;

    it('condemns a handler that waits for what is out', () => {
      expect(broken(`${RUNNING}${out}${wait}\n !!Quiescent`)).to.deep.equal(['PNP-03']);
      expect(exercised('PNP-03', `${RUNNING}${out}${wait}`)).to.equal(1);
    });

    it('leaves a wait that ends to the strict reading, and acquits one with nothing out', () => {
      const woken = '\n m1 <=NdisWaitEvent\n m1 <-FilterNetPnPEvent = SUCCESS\n !!Quiescent';
      expect(broken(`${RUNNING}${out}${wait}${woken}`)).to.deep.equal([]);
      expect(brokenStrictly(`${RUNNING}${out}${wait}${woken}`)).to.include('PNP-03');
      expect(broken(`${RUNNING}${wait}\n !!Quiescent`)).to.deep.equal([]);
    });
  });

  it('condemns a device event that is not passed on (PNP-06)', () => {
    const gone = (body: string): string => `${RUNNING}
      m1 ->FilterDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved${body}
      m1 <-FilterDevicePnPEventNotify`;
    const passOn = '\n m1 =>NdisFDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved';
    expect(broken(gone(''))).to.deep.equal(['PNP-06']);
    expect(broken(gone(passOn))).to.deep.equal([]);
    expect(exercised('PNP-06', gone(passOn))).to.equal(1);
  });

  it('condemns events that only miniports may send (PNP-07)', () => {
    expect(broken(`${RUNNING}\n m1 =>NdisFNetPnPEvent event=NetEventRequirePause`)).to.deep.equal(['PNP-07']);
    expect(broken(`${RUNNING}${event('NetEventRequirePause')}`)).to.deep.equal([]);
  });

  it('leaves what the trace does not show alone', () => {
    expect(broken(`${RUNNING}\n m1 ->FilterNetPnPEvent\n m1 <-FilterNetPnPEvent`)).to.deep.equal([]);
  });
});
