import { expect } from 'chai';
import { ATTACHED, broken, brokenStrictly, exercised, judged, PAUSED } from './trace-dsl';

const enters = (attributes = ''): string => `${ATTACHED}\n m1 ->FilterRestart${attributes}`;
const returns = (status: string, attributes = ''): string => `\n m1 <-FilterRestart = ${status}${attributes}`;
const completes = (status: string, irql = ' irql=0', thread = 't4'): string => `
  ${thread}: m1 =>NdisFRestartComplete handle=hm1 status=${status}${irql}
  ${thread}: m1 <=NdisFRestartComplete`;
const QUIET = '\n !!Quiescent';

describe('Judging how a restart runs', () => {
  describe('what FilterRestart returns (RST-01)', () => {
    it('acquits what is documented', () => {
      for (const status of ['SUCCESS', 'RESOURCES', 'FAILURE'])
        expect(broken(`${enters()}${returns(status)}`)).to.deep.equal([]);
      expect(broken(`${enters()}${returns('PENDING')}${completes('SUCCESS')}${QUIET}`)).to.deep.equal([]);
    });

    it('condemns what is neither success nor failure', () => {
      for (const status of ['NOT_ACCEPTED', 'INDICATION_REQUIRED', 'STATUS_TIMEOUT', '0x40010005'])
        expect(broken(`${enters()}${returns(status)}`), status).to.deep.equal(['RST-01']);
    });

    it('leaves other failures to the strict reading, as of FilterAttach', () => {
      for (const status of [
        'INVALID_PARAMETER',
        'PAUSED',
        'BUSY',
        'STATUS_ACCESS_DENIED',
        '0xC0000022',
        'OF_THEIR_OWN',
      ]) {
        const text = `${enters()}${returns(status)}`;
        expect(broken(text), status).to.deep.equal([]);
        expect(brokenStrictly(text), status).to.deep.equal(['RST-01']);
      }
    });

    it('says nothing where the status is not written down, of this or of what follows', () => {
      const text = `${enters()}\n m1 <-FilterRestart`;
      expect(broken(text)).to.deep.equal([]);
      expect(broken(`${text}\n t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1`)).to.deep.equal([]);
      expect(broken(`${text}${completes('SUCCESS')}${QUIET}`)).to.deep.equal([]);
    });
  });

  describe('the completion of a pending restart (RST-02)', () => {
    const pending = `${enters()}${returns('PENDING')}`;

    it('condemns a restart that nobody completes, once', () => {
      expect(broken(`${pending}${QUIET}`)).to.deep.equal(['RST-02']);
      expect(judged(`${pending}${QUIET}${QUIET}`).violations.length).to.equal(1);
      expect(broken(pending), 'nobody knows what comes').to.deep.equal([]);
    });

    it('acquits one that waits for its own OID request, or for someone inside the driver', () => {
      const oid = '\n t4: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1\n t4: m1 <=NdisFOidRequest = PENDING';
      expect(broken(`${pending}${oid}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${pending}\n t4: m1 ->NdisIoWorkItemFunction workItem=w1${QUIET}`)).to.deep.equal([]);
    });

    it('condemns two completions', () => {
      expect(broken(`${pending}${completes('SUCCESS')}${completes('SUCCESS')}`)).to.deep.equal(['RST-02']);
    });

    it('condemns a status that is no result', () => {
      expect(broken(`${pending}${completes('PENDING')}`)).to.deep.equal(['RST-02']);
      expect(broken(`${pending}${completes('NOT_ACCEPTED')}`)).to.deep.equal(['RST-02']);
      expect(broken(`${pending}${completes('PAUSED')}${QUIET}`)).to.deep.equal([]);
      expect(brokenStrictly(`${pending}${completes('PAUSED')}${QUIET}`)).to.deep.equal(['RST-02']);
      for (const status of ['RESOURCES', 'FAILURE'])
        expect(broken(`${pending}${completes(status)}${QUIET}`)).to.deep.equal([]);
    });

    it('condemns a completion above PASSIVE_LEVEL (with IRQ-01), and says nothing where the IRQL is not known', () => {
      expect(broken(`${pending}${completes('SUCCESS', ' irql=2')}`)).to.deep.equal(['IRQ-01', 'RST-02']);
      expect(broken(`${pending}${completes('SUCCESS', '')}`)).to.deep.equal([]);
    });

    it('acquits a completion that comes before FilterRestart has returned pending', () => {
      expect(broken(`${enters()}${completes('SUCCESS')}${returns('PENDING')}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${enters()}${completes('FAILURE', ' irql=0', 't1')}${returns('PENDING')}${QUIET}`)).to.deep.equal(
        [],
      );
    });

    it('acquits one completion for each of several restarts', () => {
      const again = `\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n m1 ->FilterRestart${returns('PENDING')}${completes('SUCCESS')}`;
      expect(broken(`${pending}${completes('SUCCESS')}${again}${again}${QUIET}`)).to.deep.equal([]);
    });
  });

  describe('completions that nobody waits for (RST-03)', () => {
    it('condemns one after FilterRestart has returned a result, and one before it does', () => {
      for (const status of ['SUCCESS', 'FAILURE']) {
        expect(broken(`${enters()}${returns(status)}${completes('SUCCESS')}`)).to.deep.equal(['RST-03']);
        expect(broken(`${enters()}${completes('SUCCESS')}${returns(status)}`)).to.deep.equal(['RST-03']);
      }
    });

    it('condemns one without any restart', () => {
      expect(broken(`${ATTACHED}${completes('SUCCESS')}`)).to.deep.equal(['RST-03']);
      expect(broken(`${PAUSED}${completes('SUCCESS')}`)).to.deep.equal(['RST-03']);
    });

    it('says nothing of a module of which it has seen nothing', () => {
      expect(broken(completes('SUCCESS'))).to.deep.equal([]);
    });
  });

  describe('attributes of a restart that fails (RST-11)', () => {
    const changed = (status: string): string =>
      `${enters(' attributes=mtu1500')}${returns(status, ' attributes=mtu1400')}`;

    it('condemns a change that is left behind', () => {
      expect(broken(changed('FAILURE'))).to.deep.equal(['RST-11']);
      expect(broken(changed('RESOURCES'))).to.deep.equal(['RST-11']);
    });

    it('acquits a change of a restart that succeeds or pends, and a failure that changes nothing', () => {
      expect(broken(changed('SUCCESS'))).to.deep.equal([]);
      expect(broken(changed('PENDING'))).to.deep.equal([]);
      expect(broken(`${enters(' attributes=mtu1500')}${returns('FAILURE', ' attributes=mtu1500')}`)).to.deep.equal([]);
      expect(broken(`${enters(' attributes=mtu1500')}${returns('FAILURE')}`)).to.deep.equal([]);
    });
  });

  it('counts every restart that returns as a test', () => {
    expect(exercised('RST-02', `${enters()}${returns('SUCCESS')}`)).to.equal(1);
    expect(exercised('RST-03', `${enters()}${returns('SUCCESS')}`)).to.equal(1);
  });
});
