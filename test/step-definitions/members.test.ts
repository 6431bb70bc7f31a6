import { expect } from 'chai';
import { absentMember } from '../../step-definitions/support/members';
import type { Crossing } from '../../src/trace';

const BARE: readonly Crossing[] = [
  { seq: 1, dir: '->', ddi: 'FilterSendNetBufferLists', nbls: [{ nbl: 'n1' }] },
  { seq: 2, dir: '!!', ddi: 'Quiescent', irql: 0 },
];

describe('what a trace must carry', () => {
  it('is named when it is nowhere, for the rules that need it', () => {
    expect(absentMember('SC-05', BARE)).to.equal(
      'no crossing of the trace has `irql`, without which SC-05 cannot be judged',
    );
    expect(absentMember('LCK-01', BARE)).to.include('no crossing of the trace has `locks`');
    expect(absentMember('SO-02', BARE)).to.include('no NBL of the trace has `source`');
    expect(absentMember('SP-04', BARE)).to.include('no NBL of the trace has `nbs`');
  });

  it('is not missed where it is, where nothing could carry it, and by other rules', () => {
    const whole: readonly Crossing[] = [
      {
        seq: 1,
        dir: '->',
        ddi: 'FilterSendNetBufferLists',
        irql: 0,
        locks: [],
        nbls: [{ nbl: 'n1', nbs: [{ nb: 'b1' }] }],
      },
    ];
    for (const rule of ['SC-05', 'LCK-01', 'SP-04']) expect(absentMember(rule, whole), rule).to.equal(undefined);
    expect(absentMember('SP-04', [{ seq: 1, dir: '->', ddi: 'FilterPause' }])).to.equal(undefined);
    expect(absentMember('SC-05', [])).to.equal(undefined);
    expect(absentMember('PAU-01', BARE)).to.equal(undefined);
  });
});
