import { expect } from 'chai';
import { ATTACHED, broken, exercised, PAUSED, RUNNING } from './trace-dsl';

const PARKED = `${PAUSED}
  t2: ->IRP_MJ_WRITE irp=i1 file=f1
  t2: =>IoMarkIrpPending irp=i1
  t2: <=IoMarkIrpPending
  t2: <-IRP_MJ_WRITE = STATUS_PENDING irp=i1`;

const PRE_DETACH = '\n m1 ->FilterNetPnPEvent event=NetEventFilterPreDetach';
const DETACH = '\n m1 ->FilterDetach';
const COMPLETE = '\n t3: =>IoCompleteRequest irp=i1 status=STATUS_CANCELLED\n t3: <=IoCompleteRequest';

describe('Judging parked requests', () => {
  it('acquits a request that waits for the next restart', () => {
    expect(broken(`${PARKED}\n !!Quiescent`)).to.deep.equal([]);
  });

  it('condemns a request that a detach waits for (DEV-04)', () => {
    expect(broken(`${PARKED}${DETACH}\n !!Quiescent`)).to.include('DEV-04');
  });

  it('condemns a request that is waited for before FilterDetach already (DEV-04)', () => {
    expect(broken(`${PARKED}${PRE_DETACH}\n !!Quiescent`)).to.deep.equal(['DEV-04']);
  });

  it('acquits a detach that is over, and one whose request came to its end', () => {
    expect(broken(`${PARKED}${PRE_DETACH}\n m1 <-FilterNetPnPEvent = SUCCESS\n !!Quiescent`)).to.deep.equal([]);
    expect(broken(`${PARKED}${PRE_DETACH}${COMPLETE}\n !!Quiescent`)).to.deep.equal([]);
  });

  it('acquits a request that waits for an OID request which the miniport has', () => {
    const text = `${PAUSED}
      t2: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1
      t2: m1 =>NdisFOidRequest handle=h1 request=o1 oid=OID_GEN_STATISTICS
      t2: m1 <=NdisFOidRequest = PENDING request=o1
      t2: <-IRP_MJ_DEVICE_CONTROL = STATUS_PENDING irp=i1`;
    expect(broken(`${text}${PRE_DETACH}\n !!Quiescent`)).to.deep.equal([]);
    expect(broken(`${text}${DETACH}\n !!Quiescent`)).to.not.include('DEV-04');
    const another = '\n t3: m1 =>NdisFSynchronousOidRequest handle=h1 request=o1 oid=OID_GEN_STATISTICS';
    expect(broken(`${PARKED}${another}${PRE_DETACH}\n !!Quiescent`)).to.deep.equal([]);
  });
});

describe('Judging requests at a module that is not Running (DEV-04)', () => {
  const SEND = '\n t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1';
  const write = (does: string, ddi = 'IRP_MJ_WRITE'): string => `\n t2: ->${ddi} irp=i1 file=f1${does}`;

  for (const [state, beginning, rules] of [
    ['Paused', PAUSED, ['DEV-04', 'PAU-07', 'SO-01']],
    ['never restarted', ATTACHED, ['ATT-06', 'DEV-04', 'SO-01']],
    [
      'after a failed restart',
      `${ATTACHED}\n m1 ->FilterRestart\n m1 <-FilterRestart = FAILURE`,
      ['DEV-04', 'RST-11', 'SO-01'],
    ],
  ] as const) {
    it(`condemns one that leads to a send: ${state} (with the rule of the state)`, () => {
      expect(broken(`${beginning}${write(SEND)}`)).to.deep.equal(rules);
      expect(broken(`${beginning}${write(SEND, 'IRP_MJ_DEVICE_CONTROL')}`)).to.deep.equal(rules);
    });

    it(`acquits one that is failed: ${state}`, () => {
      const failed = write('\n t2: <-IRP_MJ_WRITE = STATUS_DEVICE_NOT_READY');
      expect(broken(`${beginning}${failed}\n !!Quiescent`)).to.deep.equal([]);
      expect(exercised('DEV-04', `${beginning}${failed}`)).to.equal(1);
    });
  }

  it('acquits one that began while Running, and is then judged by what it did', () => {
    const began = `${RUNNING}${write('')}\n m1 ->FilterPause\n m1 <-FilterPause = PENDING${SEND}`;
    expect(broken(began)).to.deep.equal([]);
  });

  it('acquits one that waits for the restart and sends then', () => {
    expect(broken(`${PAUSED}${write('')}\n m1 ->FilterRestart\n m1 <-FilterRestart = SUCCESS${SEND}`)).to.deep.equal(
      [],
    );
  });

  describe('in the way of what NDIS asks for', () => {
    const pends = (ddi: string): string => write(`\n t2: <-${ddi} = STATUS_PENDING irp=i1`, ddi);

    it('condemns a request that waits inside the driver while a detach waits for it (with DET-02)', () => {
      const waits = write('\n t2: =>NdisWaitEvent object=e1 timeout=0');
      expect(broken(`${PAUSED}${waits}\n m1 ->FilterDetach\n !!Quiescent`)).to.deep.equal(['DEV-04', 'DET-02'].sort());
      expect(broken(`${PAUSED}${waits}\n !!Quiescent`)).to.deep.equal([]);
    });

    it('condemns a write that a pending pause waits for (with PAU-02), and no other request', () => {
      const pausing = '\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent';
      expect(broken(`${RUNNING}${pends('IRP_MJ_WRITE')}${pausing}`)).to.deep.equal(['DEV-04', 'PAU-02']);
      expect(broken(`${RUNNING}${pends('IRP_MJ_DEVICE_CONTROL')}${pausing}`)).to.deep.equal(['PAU-02']);
    });

    it('acquits a write while the pause may be waiting for a send of others that the driver below has', () => {
      const below =
        '\n t3: m1 ->FilterSendNetBufferLists [n1]\n t3: m1 =>NdisFSendNetBufferLists [n1]\n t3: m1 <-FilterSendNetBufferLists';
      const pausing = '\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent';
      expect(broken(`${RUNNING}${below}${pends('IRP_MJ_WRITE')}${pausing}`)).to.deep.equal([]);
    });

    it('does not take a read that waits for data for one (DET-02 alone)', () => {
      expect(broken(`${PAUSED}${pends('IRP_MJ_READ')}\n m1 ->FilterDetach\n !!Quiescent`)).to.deep.equal(['DET-02']);
      expect(broken(`${RUNNING}${pends('IRP_MJ_READ')}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n !!Quiescent`))
        .to // parked
        .deep.equal([]);
    });

    it('acquits a request that is completed before its handler returns pending, and identities used again', () => {
      const early = write(
        '\n t3: =>IoCompleteRequest irp=i1 status=STATUS_SUCCESS\n t3: <=IoCompleteRequest\n t2: <-IRP_MJ_WRITE = STATUS_PENDING',
      );
      expect(broken(`${RUNNING}${early}\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent`)).to.deep.equal([
        'PAU-02',
      ]);
      const again = `${early}${pends('IRP_MJ_WRITE')}`;
      expect(broken(`${RUNNING}${again}\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent`)).to.deep.equal([
        'DEV-04',
        'PAU-02',
      ]);
    });
  });
});
