import { expect } from 'chai';
import { broken, exercised, RUNNING } from './trace-dsl';

const TIMER = '\n m1 =>NdisAllocateTimerObject\n m1 <=NdisAllocateTimerObject timer=x1';
const sets = (period = 0): string =>
  `\n m1 =>NdisSetTimerObject timer=x1 due=10 period=${period}\n m1 <=NdisSetTimerObject`;
const cancels = (irql = ' irql=0'): string =>
  `\n m1 =>NdisCancelTimerObject timer=x1${irql}\n m1 <=NdisCancelTimerObject cancelled=true`;
const frees = '\n m1 =>NdisFreeTimerObject timer=x1\n m1 <=NdisFreeTimerObject';
const fires = '\n t3: m1 ->NdisTimerFunction timer=x1\n t3: m1 <-NdisTimerFunction';

const ITEM = '\n m1 =>NdisAllocateIoWorkItem\n m1 <=NdisAllocateIoWorkItem workItem=w1';
const queues = '\n m1 =>NdisQueueIoWorkItem workItem=w1\n m1 <=NdisQueueIoWorkItem';
const runs = '\n t3: m1 ->NdisIoWorkItemFunction workItem=w1\n t3: m1 <-NdisIoWorkItemFunction';
const freesItem = '\n m1 =>NdisFreeIoWorkItem workItem=w1\n m1 <=NdisFreeIoWorkItem';

describe('Judging timers and work items', () => {
  describe('a timer is out of use when it is freed (TMR-01)', () => {
    it('condemns one that is armed, and one whose callback runs', () => {
      expect(broken(`${RUNNING}${TIMER}${sets()}${frees}`)).to.deep.equal(['TMR-01']);
      const running = `${RUNNING}${TIMER}${sets()}\n t3: m1 ->NdisTimerFunction timer=x1${frees}`;
      expect(broken(`${running}\n !!Quiescent`)).to.deep.equal(['TMR-01']);
      expect(broken(running), 'the trace breaks off before it can return').to.deep.equal([]);
    });

    it('acquits one whose callback does nothing more but return, and condemns one that works on', () => {
      const running = `${RUNNING}${TIMER}${sets()}\n t3: m1 ->NdisTimerFunction timer=x1`;
      const leaves = '\n t3: m1 <-NdisTimerFunction';
      expect(broken(`${running}${frees}${leaves}`)).to.deep.equal([]);
      const sends = '\n t3: m1 =>NdisFIndicateStatus code=S handle=hm1\n t3: m1 <=NdisFIndicateStatus';
      expect(broken(`${running}${frees}${sends}${leaves}`)).to.deep.equal(['TMR-01']);
    });

    it('condemns a periodic one that has fired, and is still armed', () => {
      expect(broken(`${RUNNING}${TIMER}${sets(100)}${fires}${frees}`)).to.deep.equal(['TMR-01']);
      expect(broken(`${RUNNING}${TIMER}${sets()}${fires}${frees}`)).to.deep.equal([]);
    });

    it('acquits one that was cancelled, or never set', () => {
      expect(broken(`${RUNNING}${TIMER}${sets(100)}${cancels()}${frees}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${TIMER}${frees}`)).to.deep.equal([]);
    });

    it('condemns cancelling a periodic one above PASSIVE_LEVEL', () => {
      expect(broken(`${RUNNING}${TIMER}${sets(100)}${cancels(' irql=2')}`)).to.deep.equal(['TMR-01']);
      expect(broken(`${RUNNING}${TIMER}${sets()}${cancels(' irql=2')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${TIMER}${sets(100)}${cancels('')}`)).to.deep.equal([]);
    });

    it('does not know which timer a nameless cancel was for', () => {
      expect(broken(`${RUNNING}${TIMER}${sets()}\n m1 =>NdisCancelTimerObject${frees}`)).to.deep.equal([]);
    });
  });

  describe('objects are freed once, and not while they wait to run (TMR-02)', () => {
    it('condemns a work item that is in the queue', () => {
      expect(broken(`${RUNNING}${ITEM}${queues}${freesItem}`)).to.deep.equal(['TMR-02']);
    });

    it('acquits one that has run, one that is running and one that was never queued', () => {
      expect(broken(`${RUNNING}${ITEM}${queues}${runs}${freesItem}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${ITEM}${freesItem}`)).to.deep.equal([]);
      const itself = `\n t3: m1 ->NdisIoWorkItemFunction workItem=w1${freesItem.replaceAll('m1', 't3: m1')}`;
      expect(broken(`${RUNNING}${ITEM}${queues}${itself}`)).to.deep.equal([]);
    });

    it('condemns a second free, of either', () => {
      expect(broken(`${RUNNING}${TIMER}${frees}${frees}`)).to.deep.equal(['TMR-02']);
      expect(broken(`${RUNNING}${ITEM}${freesItem}${freesItem}`)).to.deep.equal(['TMR-02']);
    });

    it('acquits identities that are used again, and objects that the trace has not seen before', () => {
      expect(broken(`${RUNNING}${TIMER}${frees}${TIMER}${frees}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${frees}`)).to.deep.equal([]);
      expect(exercised('TMR-02', `${RUNNING}${frees}`)).to.equal(0);
    });
  });
});
