import { expect } from 'chai';
import { broken, exercised, RUNNING } from './trace-dsl';

const call = (what: string, irql: number | undefined): string =>
  `${RUNNING}\n t2: m1 =>${what}${irql === undefined ? '' : ` irql=${irql}`}`;

describe('Judging IRQLs', () => {
  describe('of calls of NDIS (IRQ-01)', () => {
    const passiveOnly = ['NdisFSetAttributes', 'NdisSetOptionalHandlers', 'NdisWaitEvent', 'NdisFNetPnPEvent'];
    const upToDispatch = ['NdisFCancelOidRequest', 'NdisFPauseComplete', 'NdisSetTimerObject', 'NdisFreeNetBufferList'];

    it('condemns what is for PASSIVE_LEVEL at any other', () => {
      for (const ddi of passiveOnly) {
        expect(broken(call(ddi, 0)), ddi).to.not.include('IRQ-01');
        for (const irql of [1, 2, 5]) expect(broken(call(ddi, irql)), ddi).to.include('IRQ-01');
      }
    });

    it('condemns what is for DISPATCH_LEVEL above it', () => {
      for (const ddi of upToDispatch) {
        for (const irql of [0, 1, 2]) expect(broken(call(ddi, irql)), ddi).to.not.include('IRQ-01');
        expect(broken(call(ddi, 5)), ddi).to.include('IRQ-01');
      }
    });

    it('says nothing where the IRQL is not written down', () => {
      for (const ddi of passiveOnly) expect(exercised('IRQ-01', call(ddi, undefined)), ddi).to.equal(0);
    });
  });

  describe('that flags tell of (SC-05)', () => {
    const flagged = (ddi: string, flags: number | undefined, irql: number | undefined): string =>
      call(`${ddi} [n1]${flags === undefined ? '' : ` flags=${flags}`}`, irql);

    for (const ddi of [
      'NdisFSendNetBufferLists',
      'NdisFSendNetBufferListsComplete',
      'NdisFIndicateReceiveNetBufferLists',
      'NdisFReturnNetBufferLists',
    ]) {
      it(`${ddi}: condemns the DISPATCH_LEVEL flag below DISPATCH_LEVEL`, () => {
        expect(broken(flagged(ddi, 1, 0))).to.include('SC-05');
        expect(broken(flagged(ddi, 3, 1))).to.include('SC-05');
      });

      it(`${ddi}: reads flags that are written as text`, () => {
        expect(broken(flagged(ddi, undefined, 0).replace(' irql=0', ' flags=0x1 irql=0'))).to.include('SC-05');
        expect(broken(flagged(ddi, undefined, 0).replace(' irql=0', ' flags=0x2 irql=0'))).to.not.include('SC-05');
      });

      it(`${ddi}: acquits it there, and a clear flag anywhere`, () => {
        for (const [flags, irql] of [
          [1, 2],
          [0, 0],
          [0, 2],
          [2, 0],
        ] as const)
          expect(broken(flagged(ddi, flags, irql))).to.not.include('SC-05');
      });

      it(`${ddi}: says nothing where one of the two is not written down`, () => {
        expect(exercised('SC-05', flagged(ddi, 1, undefined))).to.equal(0);
        expect(exercised('SC-05', flagged(ddi, undefined, 0))).to.equal(0);
      });
    }
  });

  describe('and locks that a handler leaves with (IRQ-02, LCK-01, LCK-02)', () => {
    const handler = (entry: string, exit: string): string =>
      `${RUNNING}\n t9: m1 ->FilterStatus code=S${entry}\n t9: m1 <-FilterStatus${exit}`;

    it('condemns another level, and a lock that was not held before', () => {
      expect(broken(handler(' irql=0', ' irql=2'))).to.deep.equal(['IRQ-02']);
      expect(broken(handler(' locks=', ' locks=l1'))).to.deep.equal(['LCK-01']);
      expect(broken(handler(' irql=2 locks=l0', ' irql=2 locks=l0'))).to.deep.equal([]);
      expect(broken(handler(' irql=0 locks=', ''))).to.deep.equal([]);
    });

    it('condemns a lock held over a call that comes back to it, and one taken twice', () => {
      const call = '\n t9: m1 =>NdisFReturnNetBufferLists [r9] locks=l1\n t9: m1 ->FilterStatus code=S';
      expect(broken(`${RUNNING}${call}\n t9: !!Hang waitsFor=l1 heldBy=t9`)).to.include('LCK-02');
      const twice = '\n t9: m1 ->FilterStatus code=S\n t9: !!Hang waitsFor=l1 heldBy=t9';
      expect(broken(`${RUNNING}${twice}`)).to.deep.equal(['LCK-01']);
      expect(broken(`${RUNNING}${twice.replace('heldBy=t9', 'heldBy=t4')}`)).to.deep.equal([]);
    });

    it('condemns a release of a lock that the thread does not hold, which stops the system, and no other bugcheck', () => {
      const stops = (code: string): string => `${RUNNING}\n m1 ->FilterPause\n !!Bugcheck code=${code}`;
      expect(broken(stops('0x10'))).to.deep.equal(['LCK-01']);
      expect(broken(stops('0xD1'))).not.to.include('LCK-01');
    });
  });

  it('condemns a wait inside a data handler at DISPATCH_LEVEL (SP-10)', () => {
    const wait = (irql: number): string =>
      `${RUNNING}\n t5: m1 ->FilterSendNetBufferLists [f1] irql=${irql}\n t5: =>ExWaitForRundownProtectionRelease object=e irql=${irql}`;
    expect(broken(wait(2))).to.deep.equal(['SP-10']);
    expect(broken(wait(0))).to.deep.equal([]);
  });
});
