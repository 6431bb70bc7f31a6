import { expect } from 'chai';
import { attached, ATTACHED, broken, brokenStrictly, detached, exercised, REGISTERED, restarted } from './trace-dsl';

const SET = `
  m1 =>NdisFSetAttributes handle=hm1 context=c1
  m1 <=NdisFSetAttributes = SUCCESS`;
const attach = (inside: string, status: string): string => `${REGISTERED}
  m1 ->FilterAttach handle=hm1${inside}
  m1 <-FilterAttach${status === '' ? '' : ` = ${status}`}`;
const allocates = (memory: string): string => `
  m1 =>NdisAllocateMemoryWithTagPriority tag=LwfM
  m1 <=NdisAllocateMemoryWithTagPriority memory=${memory}`;
const frees = (memory: string): string => `
  m1 =>NdisFreeMemory memory=${memory}
  m1 <=NdisFreeMemory`;

describe('Judging how a module attaches', () => {
  describe('what FilterAttach returns (ATT-01)', () => {
    it('acquits success and failures', () => {
      expect(broken(attach(SET, 'SUCCESS'))).to.deep.equal([]);
      for (const status of ['RESOURCES', 'FAILURE', 'INVALID_PARAMETER', '0xC0000001'])
        expect(broken(attach('', status)), status).to.deep.equal([]);
    });

    it('condemns pending, by whatever name', () => {
      for (const status of ['PENDING', '0x103', 'STATUS_PENDING'])
        expect(broken(attach(SET, status)), status).to.deep.equal(['ATT-01']);
    });

    it('condemns what is neither success nor failure', () => {
      expect(broken(attach(SET, 'NOT_ACCEPTED'))).to.deep.equal(['ATT-01']);
      expect(broken(attach(SET, '0x40010005'))).to.deep.equal(['ATT-01']);
    });

    it('leaves other failures to the strict reading', () => {
      for (const status of ['UNSUPPORTED_MEDIA', 'BAD_VERSION', '0xC0000022']) {
        expect(broken(attach('', status)), status).to.deep.equal([]);
        expect(brokenStrictly(attach('', status)), status).to.deep.equal(['ATT-01']);
      }
    });

    it('says nothing where the status is not written down, of this or of anything that follows', () => {
      const text = attach(SET, '');
      expect(broken(text)).to.deep.equal([]);
      expect(broken(`${text}\n t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1`)).to.deep.equal([]);
      expect(broken(`${text}${restarted()}\n t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1`)).to.deep.equal([]);
    });
  });

  describe('NdisFSetAttributes (ATT-03)', () => {
    it('condemns success without it, and after it has failed', () => {
      expect(broken(attach('', 'SUCCESS'))).to.deep.equal(['ATT-03']);
      expect(broken(attach(SET.replace('= SUCCESS', '= RESOURCES'), 'SUCCESS'))).to.deep.equal(['ATT-03']);
    });

    it('condemns two calls that both succeed, and acquits a second try', () => {
      expect(broken(attach(`${SET}${SET}`, 'SUCCESS'))).to.deep.equal(['ATT-03']);
      expect(broken(attach(`${SET.replace('= SUCCESS', '= RESOURCES')}${SET}`, 'SUCCESS'))).to.deep.equal([]);
    });

    it('condemns it outside FilterAttach', () => {
      expect(broken(`${ATTACHED}${SET}`)).to.deep.equal(['ATT-03']);
      expect(broken(`${ATTACHED}${restarted()}${SET.replaceAll(/^ *m1/gm, 't4: m1')}`)).to.deep.equal(['ATT-03']);
    });

    it('condemns another handle than the one FilterAttach was given', () => {
      expect(broken(attach(SET.replace('handle=hm1', 'handle=hd'), 'SUCCESS'))).to.deep.equal(['ATT-03']);
    });

    it('acquits a failed attach without it', () => {
      expect(broken(attach('', 'FAILURE'))).to.deep.equal([]);
      expect(broken(attach(SET.replace('= SUCCESS', '= FAILURE'), 'FAILURE'))).to.deep.equal([]);
    });

    it('takes a call whose result is not written down for one that succeeded', () => {
      expect(broken(attach('\n m1 =>NdisFSetAttributes handle=hm1 context=c1', 'SUCCESS'))).to.deep.equal([]);
      expect(broken(attach(SET.replace(' = SUCCESS', ''), 'SUCCESS'))).to.deep.equal([]);
    });

    it('looks at each attach of its own', () => {
      expect(broken(`${ATTACHED}${detached()}${attached('m2')}`)).to.deep.equal([]);
      expect(
        broken(`${ATTACHED}${detached()}\n m2 ->FilterAttach handle=hm2\n m2 <-FilterAttach = SUCCESS`),
      ).to.deep.equal(['ATT-03']);
    });
  });

  describe('an attach that fails leaves nothing behind (ATT-04)', () => {
    it('condemns memory, a pool, a timer, a work item, a configuration handle', () => {
      const left = [
        allocates('x1'),
        '\n m1 =>NdisAllocateNetBufferListPool\n m1 <=NdisAllocateNetBufferListPool pool=p1',
        '\n m1 =>NdisAllocateTimerObject\n m1 <=NdisAllocateTimerObject timer=t1',
        '\n m1 =>NdisAllocateIoWorkItem\n m1 <=NdisAllocateIoWorkItem workItem=w1',
        '\n m1 =>NdisOpenConfigurationEx\n m1 <=NdisOpenConfigurationEx configuration=k1',
      ];
      for (const one of left) expect(broken(attach(one, 'RESOURCES')), one).to.deep.equal(['ATT-04']);
    });

    it('acquits what is freed in any order, by any function, and what could not be had', () => {
      expect(
        broken(attach(`${allocates('x1')}${allocates('x2')}${frees('x1')}${frees('x2')}`, 'FAILURE')),
      ).to.deep.equal([]);
      const pool = '\n m1 =>ExAllocatePool2 tag=x\n m1 <=ExAllocatePool2 memory=x1';
      expect(broken(attach(`${pool}\n m1 =>ExFreePoolWithTag memory=x1`, 'FAILURE'))).to.deep.equal([]);
      expect(broken(attach(allocates('null'), 'RESOURCES'))).to.deep.equal([]);
    });

    it('acquits memory of the driver as a whole', () => {
      expect(broken(attach(allocates('x1').replaceAll('m1 ', ''), 'FAILURE'))).to.deep.equal([]);
    });

    it('does not know what a free frees that does not say it', () => {
      expect(broken(attach(`${allocates('x1')}\n m1 =>NdisFreeMemory`, 'FAILURE'))).to.deep.equal([]);
    });

    it('condemns what is done for the module afterwards: calls, timers, work items', () => {
      const failed = attach('', 'FAILURE');
      expect(broken(`${failed}\n t2: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1`)).to.include('ATT-04');
      expect(broken(`${failed}\n t2: m1 =>NdisFReturnNetBufferLists [r1]`)).to.include('ATT-04');
      expect(broken(`${failed}\n t2: m1 ->NdisTimerFunction timer=t1`)).to.deep.equal(['ATT-04']);
    });

    it('acquits the next attach, whatever it is called', () => {
      const failed = attach('', 'FAILURE');
      expect(broken(`${failed}${attached('m2')}${restarted('m2')}`)).to.deep.equal([]);
      expect(broken(`${failed}${attached()}${restarted()}`)).to.deep.equal([]);
    });
  });

  describe('every module for itself (ATT-10)', () => {
    const shared = attached('m2').replace('context=cm2', 'context=cm1');

    it('condemns a context that two attached modules share', () => {
      expect(broken(`${ATTACHED}${shared}`)).to.deep.equal(['ATT-10']);
      expect(broken(`${ATTACHED}${restarted()}${shared}`)).to.deep.equal(['ATT-10']);
    });

    it('acquits modules that have no context, however that is written', () => {
      for (const none of ['0x0', '0x0000000000000000', 'NULL', '0']) {
        const [first, second] = [ATTACHED, attached('m2')].map((text) =>
          text.replace(/context=cm\d/, `context=${none}`),
        );
        expect(broken(`${first}${second}`), none).to.deep.equal([]);
      }
    });

    it('acquits a context that is used again after detach', () => {
      expect(broken(`${ATTACHED}${detached()}${shared}`)).to.deep.equal([]);
      expect(exercised('ATT-10', `${ATTACHED}${attached('m2')}`)).to.equal(1);
    });

    const two = `${ATTACHED}${attached('m2')}${restarted()}${restarted('m2')}`;

    it('condemns handing what one module was given on for another', () => {
      const sent = '\n t5: m1 ->FilterSendNetBufferLists [f1]\n t5: m2 =>NdisFSendNetBufferLists [f1] handle=hm2';
      expect(broken(`${two}${sent}`)).to.include('ATT-10');
      const received =
        '\n t5: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=0\n t5: m2 =>NdisFReturnNetBufferLists [r1] handle=hm2';
      expect(broken(`${two}${received}`)).to.include('ATT-10');
    });

    it('acquits a send that passes through both, one inside the other', () => {
      expect(
        broken(`${two}
          t5: m2 ->FilterSendNetBufferLists [f1]
          t5: m2 =>NdisFSendNetBufferLists [f1] handle=hm2
          t5: m1 ->FilterSendNetBufferLists [f1]
          t5: m1 =>NdisFSendNetBufferLists [f1] handle=hm1
          t5: m1 <=NdisFSendNetBufferLists
          t5: m1 <-FilterSendNetBufferLists
          t5: m2 <=NdisFSendNetBufferLists
          t5: m2 <-FilterSendNetBufferLists`),
      ).to.deep.equal([]);
    });

    it('acquits a copy that goes out on another adapter', () => {
      expect(
        broken(`${two}
          t5: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=0
          t5: m2 =>NdisFSendNetBufferLists [n1] handle=hm2
          t5: m2 <=NdisFSendNetBufferLists
          t5: m1 =>NdisFReturnNetBufferLists [r1]
          t5: m1 <=NdisFReturnNetBufferLists
          t5: m1 <-FilterReceiveNetBufferLists`),
      ).to.deep.equal([]);
    });
  });
});
