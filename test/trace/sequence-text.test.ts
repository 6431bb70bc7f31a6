import { expect } from 'chai';
import fc from 'fast-check';
import { sequenceText, type Crossing, type CrossingDraft } from '../../src/trace';
import { anyCrossing } from './arbitrary';

const numbered = (drafts: readonly CrossingDraft[], first = 1): Crossing[] =>
  drafts.map((draft, i) => ({ seq: first + i, ...draft }));

const PAUSED_TOO_EARLY = numbered(
  [
    { dir: '->', ddi: 'IRP_MJ_WRITE', thread: 't1', args: { irp: 'i1' } },
    { dir: '=>', ddi: 'NdisFSendNetBufferLists', module: 'm1', thread: 't1', nbls: [{ nbl: 'n7' }] },
    { dir: '->', ddi: 'MiniportSendNetBufferLists', neighbour: 'miniport', adapter: 'A', thread: 't1' },
    { dir: '<-', ddi: 'MiniportSendNetBufferLists', neighbour: 'miniport', adapter: 'A', thread: 't1' },
    { dir: '<=', ddi: 'NdisFSendNetBufferLists', module: 'm1', thread: 't1' },
    { dir: '<-', ddi: 'IRP_MJ_WRITE', thread: 't1', status: 'STATUS_PENDING' },
    { dir: '->', ddi: 'FilterPause', module: 'm1', thread: 't2', irql: 0 },
    { dir: '<-', ddi: 'FilterPause', module: 'm1', thread: 't2', irql: 0, status: 'NDIS_STATUS_SUCCESS' },
    { dir: '!!', ddi: 'Quiescent' },
  ],
  33,
);

describe('The sequence diagram in text', () => {
  it('has a lane for everyone and a row for every crossing', () => {
    const marks = new Map([
      [34, 'originated'],
      [40, 'PAU-11'],
    ]);
    expect(sequenceText(PAUSED_TOO_EARLY, { marks }).split('\n')).to.deep.equal([
      '         application    driver        m1         NDIS     miniport A',
      '  #33 t1       │──────────>│           │           │           │     ->IRP_MJ_WRITE (irp i1)',
      '> #34 t1       │           │           │──────────>│           │     =>NdisFSendNetBufferLists [n7]  ◄ originated',
      '  #35 t1       │           │           │           │──────────>│     ->MiniportSendNetBufferLists',
      '  #36 t1       │           │           │           │<┄┄┄┄┄┄┄┄┄┄│     <-MiniportSendNetBufferLists',
      '  #37 t1       │           │           │<┄┄┄┄┄┄┄┄┄┄│           │     <=NdisFSendNetBufferLists',
      '  #38 t1       │<┄┄┄┄┄┄┄┄┄┄│           │           │           │     <-IRP_MJ_WRITE = STATUS_PENDING',
      '  #39 t2       │           │           │<──────────│           │     ->FilterPause (IRQL 0)',
      '> #40 t2       │           │           │┄┄┄┄┄┄┄┄┄┄>│           │     <-FilterPause = NDIS_STATUS_SUCCESS (IRQL 0)  ◄ PAU-11',
      '  #41          █           █           █           █           █     !!Quiescent',
    ]);
  });

  it('leaves out lanes and the column of threads where they tell nothing, and says what was left out', () => {
    const part = [PAUSED_TOO_EARLY[4], PAUSED_TOO_EARLY[6], PAUSED_TOO_EARLY[7]].map(
      (crossing) => ({ ...crossing, thread: 't1' }) as Crossing,
    );
    expect(sequenceText(part).split('\n')).to.deep.equal([
      '           m1         NDIS',
      '  #37       │<┄┄┄┄┄┄┄┄┄┄│     <=NdisFSendNetBufferLists',
      '            ⋮           ⋮     #38 is not here',
      '  #39       │<──────────│     ->FilterPause (IRQL 0)',
      '  #40       │┄┄┄┄┄┄┄┄┄┄>│     <-FilterPause = NDIS_STATUS_SUCCESS (IRQL 0)',
    ]);
  });

  it('leads arrows over the lanes between', () => {
    const rows = sequenceText(
      numbered([
        { dir: '->', ddi: 'FilterRestart', module: 'm1' },
        { dir: '<-', ddi: 'FilterRestart', module: 'm2', status: 'NDIS_STATUS_SUCCESS' },
        { dir: '!!', ddi: 'Access', module: 'm2', args: { object: 'n1' } },
      ]),
    ).split('\n');
    expect(rows.slice(1)).to.deep.equal([
      '  #1       │<──────────┼───────────│     ->FilterRestart',
      '  #2       │           │┄┄┄┄┄┄┄┄┄┄>│     <-FilterRestart = NDIS_STATUS_SUCCESS',
      '  #3       │           █           │     !!Access (object n1)',
    ]);
  });

  it('fits a terminal without losing its marks', () => {
    const width = 100;
    const rows = sequenceText(PAUSED_TOO_EARLY, { width, marks: new Map([[40, 'PAU-11']]) }).split('\n');
    for (const row of rows) expect(row.length, row).to.be.at.most(width);
    expect(rows[8]).to.match(/<-FilterPause = N\S*… {2}◄ PAU-11$/);
  });

  it('is empty for an empty trace', () => {
    expect(sequenceText([])).to.equal('');
  });

  it('has one harmless row a crossing whatever a trace contains', () => {
    fc.assert(
      fc.property(fc.array(anyCrossing, { minLength: 1, maxLength: 8 }), fc.nat(200), (crossings, width) => {
        const inOrder = crossings.map((crossing, i) => ({ ...crossing, seq: i + 1 }));
        const text = sequenceText(inOrder, { width });
        expect(text.split('\n')).to.have.lengthOf(inOrder.length + 1);
        expect(text).to.match(/^[\P{Cc}\n]*$/u);
      }),
    );
  });
});
