import { expect } from 'chai';
import { ATTACHED, broken, exercised, judged, PAUSED, RUNNING } from './trace-dsl';

const DOWN = 'NdisFSendNetBufferLists';

/** A send of a neighbour, and what the filter does with it. */
const send = (does: string, thread = 't5'): string => `
  ${thread}: m1 ->FilterSendNetBufferLists [f1] flags=0
  ${does
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `${thread}: m1 ${line.trim()}`))
    .join('\n')}
  ${thread}: m1 <-FilterSendNetBufferLists`;

const refuse = (status = 'PAUSED'): string => `
  =>NdisFSendNetBufferListsComplete [f1 ${status}] flags=0
  <=NdisFSendNetBufferListsComplete`;
const passDown = `
  =>${DOWN} [f1] handle=hm1 flags=0
  <=${DOWN}`;

const receive = (does: string, flags = 0): string => `
  t6: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=${flags}
  ${does}
  t6: m1 <-FilterReceiveNetBufferLists`;
const goBack = 't6: m1 =>NdisFReturnNetBufferLists [r1] flags=0\n t6: m1 <=NdisFReturnNetBufferLists';
const handUp = `t6: m1 =>NdisFIndicateReceiveNetBufferLists [r1] handle=hm1 count=1 flags=0
  t6: m1 <=NdisFIndicateReceiveNetBufferLists`;

const PENDING = `${RUNNING}
  t2: m1 =>${DOWN} [n1] handle=hm1 flags=0
  t2: m1 <=${DOWN}
  m1 ->FilterPause
  m1 <-FilterPause = PENDING`;
const FAILED = `${ATTACHED}
  m1 ->FilterRestart
  m1 <-FilterRestart = FAILURE`;
const RESTARTING = `${PAUSED}\n m1 ->FilterRestart`;

describe('Judging traffic that arrives while the module is not Running', () => {
  for (const [state, beginning, rule] of [
    ['Pausing', PENDING, 'PAU-13'],
    ['Paused after a pause', PAUSED, 'PAU-13'],
    ['Paused, never restarted', ATTACHED, 'ATT-06'],
    ['Paused after a restart that failed', FAILED, 'RST-11'],
  ] as const) {
    describe(`sends in ${state} (${rule})`, () => {
      it('acquits a refusal with NDIS_STATUS_PAUSED, alone and in the chain of several', () => {
        expect(broken(`${beginning}${send(refuse())}`)).to.deep.equal([]);
        const chain = send(refuse()).replace('[f1]', '[f1, f2]').replace('[f1 PAUSED]', '[f2 PAUSED, f1 PAUSED]');
        expect(broken(`${beginning}${chain}`)).to.deep.equal([]);
        expect(exercised(rule, `${beginning}${send(refuse())}`)).to.be.greaterThan(0);
      });

      it('condemns what is passed down', () => {
        expect(broken(`${beginning}${send(passDown)}`)).to.deep.equal([rule]);
      });

      it('condemns what is queued, though it is refused later', () => {
        const later = `\n t7: m1 =>NdisFSendNetBufferListsComplete [f1 PAUSED]\n t7: m1 <=NdisFSendNetBufferListsComplete`;
        expect(broken(`${beginning}${send('')}${later}`)).to.deep.equal([rule]);
      });

      it('condemns another status, and says nothing where none is written down', () => {
        expect(broken(`${beginning}${send(refuse('SUCCESS'))}`)).to.deep.equal([rule]);
        expect(broken(`${beginning}${send(refuse('FAILURE'))}`)).to.deep.equal([rule]);
        expect(broken(`${beginning}${send(refuse(''))}`)).to.deep.equal([]);
      });

      it('acquits a failure with another reason when the adapter is going', () => {
        const gone = '\n t3: m1 ->FilterDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved';
        const told = `${gone}\n t3: m1 =>NdisFDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved
          t3: m1 <=NdisFDevicePnPEventNotify\n t3: m1 <-FilterDevicePnPEventNotify`;
        expect(broken(`${beginning}${told}${send(refuse('ADAPTER_REMOVED'))}`)).to.deep.equal([]);
        expect(broken(`${beginning}${told}${send(refuse('SUCCESS'))}`)).to.deep.equal([rule]);
      });
    });
  }

  it('acquits a send whose handler was entered while Running, whatever becomes of it (PAU-13)', () => {
    for (const does of [passDown, refuse(), refuse('SUCCESS')]) {
      const [entry = '', ...rest] = send(does).trim().split('\n');
      const text = `${RUNNING}\n ${entry}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n ${rest.join('\n')}`;
      expect(broken(text)).to.deep.equal([]);
    }
  });

  it('acquits a send that came before the gate had to be closed, and one before FilterPause has waited', () => {
    expect(broken(`${RUNNING}\n m1 ->FilterPause${send(passDown)}\n m1 <-FilterPause = SUCCESS`)).to.deep.equal([]);
    expect(
      broken(
        `${RUNNING}\n m1 ->FilterPause\n m1 =>NdisMSleep object=null\n m1 <=NdisMSleep${send(passDown)}\n m1 <-FilterPause = SUCCESS`,
      ),
    ).to.deep.equal(['PAU-13']);
  });

  it('acquits a refusal in the last moment of Running, between FilterPause and its next step', () => {
    expect(broken(`${RUNNING}\n m1 ->FilterPause${send(refuse())}\n m1 <-FilterPause = SUCCESS`)).to.deep.equal([]);
  });

  it('acquits a send that arrived in Paused and goes down when the module runs again', () => {
    const [entry = '', ...rest] = send(passDown).trim().split('\n');
    const text = `${PAUSED}\n ${entry}\n m1 ->FilterRestart\n m1 <-FilterRestart = SUCCESS\n ${rest.join('\n')}`;
    expect(broken(text)).to.deep.equal([]);
  });

  describe('in Restarting (RST-06)', () => {
    it('condemns a send that is passed down or kept before FilterRestart does anything else', () => {
      const next = '\n m1 =>NdisAllocateMemoryWithTagPriority\n m1 <=NdisAllocateMemoryWithTagPriority memory=x1';
      const after = '\n m1 <-FilterRestart = SUCCESS';
      expect(broken(`${RESTARTING}${send(passDown)}${next}${after}`)).to.deep.equal(['RST-06']);
      expect(broken(`${RESTARTING}${send('')}${next}${after}`)).to.deep.equal(['RST-06']);
      expect(broken(`${RESTARTING}${send(refuse())}${next}${after}`)).to.deep.equal([]);
    });

    it('names the return of the handler that kept a send, though the sentence comes later', () => {
      const next = '\n m1 =>NdisAllocateMemoryWithTagPriority\n m1 <=NdisAllocateMemoryWithTagPriority memory=x1';
      const judges = judged(`${RESTARTING}${send('')}${next}\n m1 <-FilterRestart = SUCCESS`);
      const [violation] = judges.violations;
      const { dir, ddi } = judges.witness(violation?.at ?? 0) ?? {};
      expect([dir, ddi]).to.deep.equal(['<-', 'FilterSendNetBufferLists']);
    });

    it('acquits what comes after the last step of FilterRestart that succeeds: the gate may be open', () => {
      expect(broken(`${RESTARTING}${send(passDown)}\n m1 <-FilterRestart = SUCCESS`)).to.deep.equal([]);
    });

    it('condemns it when the restart fails, and when it is left pending', () => {
      expect(broken(`${RESTARTING}${send(passDown)}\n m1 <-FilterRestart = RESOURCES`)).to.deep.equal(['RST-06']);
      const pends = `${RESTARTING}\n m1 <-FilterRestart = PENDING${send(passDown)}`;
      expect(broken(`${pends}\n !!Quiescent`)).to.deep.equal(['RST-02', 'RST-06']);
      expect(
        broken(`${pends}
          t4: m1 ->NdisIoWorkItemFunction workItem=w1
          t4: m1 =>NdisFRestartComplete handle=hm1 status=SUCCESS irql=0
          t4: m1 <=NdisFRestartComplete
          t4: m1 <-NdisIoWorkItemFunction`),
      ).to.deep.equal(['RST-06']);
    });

    it('acquits a send while the thread that completes the restart is at work', () => {
      expect(
        broken(`${RESTARTING}\n m1 <-FilterRestart = PENDING
          t4: m1 ->NdisIoWorkItemFunction workItem=w1${send(passDown)}
          t4: m1 =>NdisFRestartComplete handle=hm1 status=SUCCESS irql=0
          t4: m1 <=NdisFRestartComplete
          t4: m1 <-NdisIoWorkItemFunction`),
      ).to.deep.equal([]);
    });

    it('decides nothing when the trace ends, or does not say how the restart ended', () => {
      expect(broken(`${RESTARTING}${send(passDown)}`)).to.deep.equal([]);
      expect(broken(`${RESTARTING}${send(passDown)}\n m1 <-FilterRestart`)).to.deep.equal([]);
    });

    it('condemns a receive that is kept, and acquits one that is returned or handed up', () => {
      const next = '\n m1 =>NdisAllocateMemoryWithTagPriority\n m1 <=NdisAllocateMemoryWithTagPriority memory=x1';
      const after = `${next}\n m1 <-FilterRestart = SUCCESS`;
      expect(broken(`${RESTARTING}${receive('')}${after}`)).to.deep.equal(['RST-06']);
      expect(broken(`${RESTARTING}${receive(goBack)}${after}`)).to.deep.equal([]);
      expect(broken(`${RESTARTING}${receive(handUp)}${after}`)).to.deep.equal([]);
    });
  });

  describe('receives in Pausing and Paused (PAU-14)', () => {
    for (const [state, beginning] of [
      ['Pausing', PENDING],
      ['Paused', PAUSED],
    ] as const) {
      it(`${state}: acquits what goes back or up at once, and what is only lent`, () => {
        expect(broken(`${beginning}${receive(goBack)}`)).to.deep.equal([]);
        expect(broken(`${beginning}${receive(handUp)}`)).to.deep.equal([]);
        expect(broken(`${beginning}${receive('', 2)}`)).to.deep.equal([]);
      });

      it(`${state}: condemns what is kept, though another thread returns it later`, () => {
        const later = '\n t7: m1 =>NdisFReturnNetBufferLists [r1]\n t7: m1 <=NdisFReturnNetBufferLists';
        expect(broken(`${beginning}${receive('')}`)).to.deep.equal(['PAU-14']);
        expect(broken(`${beginning}${receive('')}${later}`)).to.deep.equal(['PAU-14']);
      });
    }

    it('acquits a receive whose handler was entered while Running', () => {
      const [entry = '', ...rest] = receive(goBack).trim().split('\n');
      const text = `${RUNNING}\n ${entry}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n ${rest.join('\n')}`;
      expect(broken(text)).to.deep.equal([]);
    });
  });

  it('does not know the state of a module whose beginning it has not seen', () => {
    const middle = send(passDown) + receive('');
    expect(broken(middle)).to.deep.equal([]);
    expect(broken(`\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${send(passDown)}`)).to.deep.equal(['PAU-13']);
  });
});
