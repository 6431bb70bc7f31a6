import { expect } from 'chai';
import { attached, broken, brokenStrictly, detached, exercised, PAUSED, restarted, RUNNING } from './trace-dsl';

const SEND = '\n t3: m1 =>NdisFSendNetBufferLists [n1] handle=hm1\n t3: m1 <=NdisFSendNetBufferLists';
const PENDING = '\n m1 ->FilterPause\n m1 <-FilterPause = PENDING';

for (const [what, ddi, arg] of [
  ['timers', 'NdisTimerFunction', 'timer=x1'],
  ['work items', 'NdisIoWorkItemFunction', 'workItem=w1'],
] as const) {
  const enters = `\n t3: m1 ->${ddi} ${arg}`;
  const leaves = `\n t3: m1 <-${ddi}`;

  describe(`Judging the callbacks of ${what} (TMR-03)`, () => {
    it('condemns one that originates in Paused and in Pausing (with the rule of the state)', () => {
      expect(broken(`${PAUSED}${enters}${SEND}`)).to.deep.equal(['PAU-07', 'SO-01', 'TMR-03']);
      expect(broken(`${RUNNING}${PENDING}${enters}${SEND}`)).to.deep.equal(['PAU-06', 'SO-01', 'TMR-03']);
    });

    it('acquits one that asks the gate and does nothing', () => {
      expect(broken(`${PAUSED}${enters}${leaves}`)).to.deep.equal([]);
      expect(exercised('TMR-03', `${PAUSED}${enters}${leaves}`)).to.equal(1);
    });

    it('acquits one that was in before the pause: the pause waits for what it sends', () => {
      expect(broken(`${RUNNING}${enters}${PENDING}${SEND}${leaves}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${enters}${SEND}${leaves}`)).to.deep.equal([]);
      expect(broken(`${PAUSED}${enters}${restarted()}${SEND}${leaves}`)).to.deep.equal([]);
    });

    it('acquits a status and an OID request in Paused', () => {
      const others = `
        t3: m1 =>NdisFIndicateStatus code=S handle=hm1
        t3: m1 <=NdisFIndicateStatus
        t3: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1
        t3: m1 <=NdisFOidRequest = SUCCESS request=r1`;
      expect(broken(`${PAUSED}${enters}${others}${leaves}`)).to.deep.equal([]);
    });

    it('condemns one that is called for a module that is gone, or goes on with it (with DET-01)', () => {
      expect(broken(`${PAUSED}${detached()}${enters}${leaves}`)).to.deep.equal(['DET-01', 'TMR-03']);
      const frees = '\n t3: m1 =>NdisFreeMemory memory=x9\n t3: m1 <=NdisFreeMemory';
      expect(broken(`${PAUSED}${enters}${detached()}${frees}${leaves}`)).to.deep.equal(['DET-01', 'TMR-03']);
    });

    it('leaves one that has yet to return when FilterDetach does to the strict reading', () => {
      const signals = `${PAUSED}${enters}\n m1 ->FilterDetach\n m1 =>NdisWaitEvent\n m1 <=NdisWaitEvent\n m1 <-FilterDetach${leaves}`;
      expect(broken(signals)).to.deep.equal([]);
      expect(brokenStrictly(signals)).to.deep.equal(['DET-01', 'TMR-03']);
    });

    it('acquits one that FilterDetach waits for', () => {
      expect(broken(`${PAUSED}${enters}\n m1 ->FilterDetach${leaves}\n m1 <-FilterDetach`)).to.deep.equal([]);
    });

    it('condemns one of the driver as a whole that calls for a module that is gone (with DET-01 and DET-06)', () => {
      const status = '\n t3: m1 =>NdisFIndicateStatus code=S handle=hm1';
      const found = broken(`${PAUSED}${detached()}${enters.replace('m1 ', '')}${status}`);
      expect(found).to.include.members(['DET-01', 'DET-06', 'TMR-03']);
    });

    it('acquits one of a module that came after', () => {
      const next = `${attached('m2')}${restarted('m2')}`;
      expect(
        broken(`${PAUSED}${detached()}${next}${`${enters}${SEND}${leaves}`.replaceAll('m1', 'm2')}`),
      ).to.deep.equal([]);
    });
  });
}
