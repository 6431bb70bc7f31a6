import { expect } from 'chai';
import { ATTACHED, broken, detached, exercised, paused, PAUSED, REGISTERED, restarted, RUNNING } from './trace-dsl';

const LINK = 'NDIS_STATUS_LINK_STATE';
const indicate = (code = LINK, source = 'hmini'): string => `
  m1 =>NdisFIndicateStatus handle=hm1 code=${code} source=${source}
  m1 <=NdisFIndicateStatus`;
const arrive = (body = '', code = LINK): string => `
  m1 ->FilterStatus code=${code} source=hmini${body}
  m1 <-FilterStatus`;
const PASSED = arrive(indicate());
const DROPPED = arrive();
const QUIET = '\n !!Quiescent';
const on = (thread: string, text: string): string => text.replace(/\bm1 /g, `${thread}: m1 `);

describe('Judging status indications', () => {
  it('acquits a filter that passes everything on, in every state', () => {
    const text = `${ATTACHED}${PASSED}${restarted()}${PASSED}${paused()}${PASSED}${QUIET}`;
    expect(broken(text)).to.deep.equal([]);
    expect(exercised('PAU-17', text)).to.equal(2);
    expect(exercised('ST-01', text)).to.equal(3);
  });

  describe('dropped because no data passes (PAU-17, RST-07)', () => {
    it('condemns what the driver passes on while Running', () => {
      expect(broken(`${RUNNING}${PASSED}${PASSED}${paused()}${DROPPED}${QUIET}`)).to.deep.equal(['PAU-17']);
      expect(broken(`${RUNNING}${PASSED}${PASSED}${paused()}${DROPPED}`)).to.deep.equal([]);
    });

    it('acquits a filter that may have passed on changes alone', () => {
      expect(broken(`${RUNNING}${PASSED}${paused()}${DROPPED}${QUIET}`)).to.deep.equal([]);
      const later = `${RUNNING}${PASSED}${paused()}${DROPPED}${QUIET}${restarted()}${PASSED}${QUIET}`;
      expect(broken(later), 'it passes on repeats').to.deep.equal(['PAU-17']);
    });

    it('condemns it when the comparison comes only later', () => {
      expect(broken(`${ATTACHED}${DROPPED}${QUIET}${restarted()}${PASSED}`)).to.deep.equal(['PAU-17']);
    });

    it('condemns it in Restarting', () => {
      const text = `${ATTACHED}
        m1 ->FilterRestart
        m1 <-FilterRestart = PENDING${DROPPED}
        m1 =>NdisFRestartComplete handle=hm1 status=SUCCESS
        m1 <=NdisFRestartComplete${PASSED}${QUIET}`;
      expect(broken(text)).to.deep.equal(['RST-07']);
    });

    it('acquits a filter that drops this status while Running, too', () => {
      expect(broken(`${RUNNING}${PASSED}${DROPPED}${paused()}${DROPPED}${QUIET}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}${arrive('', 'OTHER')}${PASSED}${paused()}${arrive('', 'OTHER')}${QUIET}`),
      ).to.deep.equal([]);
    });

    it('acquits what is passed on later by another thread, or with another code', () => {
      const later = `${DROPPED}
        t2: ->NdisIoWorkItemFunction workItem=w1${on('t2', indicate())}
        t2: <-NdisIoWorkItemFunction`;
      expect(broken(`${RUNNING}${PASSED}${paused()}${later}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${PASSED}${paused()}${arrive(indicate('EDITED'))}${QUIET}`)).to.deep.equal([]);
    });

    it('acquits a filter that was told that the adapter goes', () => {
      const gone = `
        m1 ->FilterDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved
        m1 =>NdisFDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved
        m1 <=NdisFDevicePnPEventNotify
        m1 <-FilterDevicePnPEventNotify`;
      expect(broken(`${RUNNING}${PASSED}${gone}${paused()}${DROPPED}${QUIET}`)).to.deep.equal([]);
    });
  });

  it('condemns waits inside FilterStatus (ST-01)', () => {
    expect(broken(`${RUNNING}${arrive('\n m1 =>NdisMSleep timeout=9\n m1 <=NdisMSleep')}`)).to.deep.equal(['ST-01']);
  });

  describe('originated (ST-02)', () => {
    it('condemns a foreign source, or none', () => {
      expect(broken(`${RUNNING}${indicate('MINE', 'hother')}`)).to.deep.equal(['ST-02']);
      expect(broken(`${RUNNING}${indicate('MINE', 'null')}`)).to.deep.equal(['ST-02']);
      expect(broken(`${RUNNING}${indicate('MINE', 'hm1')}`)).to.deep.equal([]);
      expect(exercised('ST-02', `${RUNNING}${indicate('MINE', 'hm1')}`)).to.equal(1);
    });

    it('says nothing where the source is not shown, or the status may be one that came in', () => {
      expect(broken(`${RUNNING}${indicate('MINE').replace(' source=hmini', '')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${DROPPED}${indicate('EDITED')}`)).to.deep.equal([]);
    });

    it('acquits a status of another that is kept for long, and condemns one that none has sent', () => {
      const kept = `${RUNNING}\n m1 ->FilterStatus code=LATE source=hmini\n m1 <-FilterStatus${QUIET}`;
      expect(broken(`${kept}${indicate('LATE', 'hmini')}`)).to.deep.equal([]);
      expect(broken(`${kept}${indicate('LATE', 'hother')}`)).to.deep.equal(['ST-02']);
      expect(broken(`${kept}${indicate('OTHER', 'hmini')}`)).to.deep.equal(['ST-02']);
    });
  });

  describe('before and after the life of the module (ST-03)', () => {
    it('condemns one inside FilterAttach (with ATT-05)', () => {
      const attaching = `${REGISTERED}
        m1 ->FilterAttach handle=hm1
        m1 =>NdisFSetAttributes handle=hm1 context=c1
        m1 <=NdisFSetAttributes = SUCCESS`;
      const text = `${attaching}${indicate('MINE', 'hm1')}\n m1 <-FilterAttach = SUCCESS`;
      expect(broken(text)).to.deep.equal(['ATT-05', 'ST-03']);
      const other = `${attaching}${on('t2', indicate('MINE', 'hm1'))}\n m1 <-FilterAttach = SUCCESS`;
      expect(broken(other)).to.deep.equal([]);
    });

    it('condemns one inside FilterDetach (with DET-05 and PNP-05), and one after it', () => {
      const inside = `${PAUSED}\n m1 ->FilterDetach${indicate('MINE', 'hm1')}\n m1 <-FilterDetach`;
      expect(broken(inside)).to.deep.equal(['DET-05', 'PNP-05', 'ST-03']);
      expect(broken(`${PAUSED}${detached()}${indicate('MINE', 'hm1')}`)).to.include('ST-03');
    });

    it('acquits FilterStatus that was under way when FilterDetach was entered', () => {
      expect(
        broken(`${PAUSED}
          t2: m1 ->FilterStatus code=${LINK} source=hmini
          m1 ->FilterDetach${on('t2', indicate())}
          t2: m1 <-FilterStatus
          m1 <-FilterDetach`),
      ).to.deep.equal([]);
    });
  });
});
