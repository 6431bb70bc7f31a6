import { expect } from 'chai';
import { attached, broken, exercised, REGISTERED, restarted, RUNNING } from './trace-dsl';

const comesIn = (nbls: string): string => `\n t5: m1 ->FilterSendNetBufferLists [${nbls}] flags=0`;
const completes = (nbls: string): string =>
  `\n t5: m1 =>NdisFSendNetBufferListsComplete [${nbls}]\n t5: m1 <=NdisFSendNetBufferListsComplete`;

describe('Judging where NBLs come from (NBL-01)', () => {
  const pool = '\n m1 =>NdisAllocateNetBufferListPool\n m1 <=NdisAllocateNetBufferListPool pool=p1';
  const takes = (ddi = 'NdisAllocateNetBufferAndNetBufferList'): string =>
    `\n t2: m1 =>${ddi} pool=p1\n t2: m1 <=${ddi} [n1] pool=p1`;
  const sends = '\n t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1';
  const beginning = `${REGISTERED}${attached()}${restarted()}`;

  it('condemns one that came from no pool, where pools are shown', () => {
    expect(broken(`${beginning}${pool}${sends}`)).to.deep.equal(['NBL-01']);
    expect(broken(`${beginning}${pool}\n t2: m1 =>NdisFIndicateReceiveNetBufferLists [n1] handle=hm1`)).to.deep.equal([
      'NBL-01',
    ]);
  });

  it('condemns one that is memory of the driver, wherever the trace begins', () => {
    const memory = '\n m1 =>NdisAllocateMemoryWithTagPriority\n m1 <=NdisAllocateMemoryWithTagPriority memory=n1';
    expect(broken(`${attached()}${restarted()}${memory}${sends}`)).to.deep.equal(['NBL-01']);
  });

  it('acquits what any function of NDIS took from a pool', () => {
    for (const ddi of [
      'NdisAllocateNetBufferAndNetBufferList',
      'NdisAllocateNetBufferList',
      'NdisAllocateCloneNetBufferList',
      'NdisAllocateReassembledNetBufferList',
    ])
      expect(broken(`${beginning}${pool}${takes(ddi)}${sends}`), ddi).to.deep.equal([]);
  });

  it('says nothing of traces that do not show pools, or not what is taken from them', () => {
    expect(broken(`${beginning}${sends}`)).to.deep.equal([]);
    expect(
      broken(`${beginning}${pool}\n t2: m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1${sends}`),
    ).to.deep.equal([]);
    expect(broken(`${attached()}${restarted()}${pool}${sends}`)).to.deep.equal([]);
  });

  it('condemns freeing what a neighbour handed in, and acquits freeing what the driver took', () => {
    const frees = (nbl: string): string => `\n t5: m1 =>NdisFreeNetBufferList [${nbl}]`;
    expect(broken(`${RUNNING}${comesIn('f1')}${frees('f1')}`)).to.deep.equal(['NBL-01']);
    expect(broken(`${RUNNING}${takes()}${frees('n1')}`)).to.deep.equal([]);
  });

  it('acquits an NBL that an upper module of the same driver originated and frees when it is back', () => {
    const both = `${RUNNING}${attached('m2')}${restarted('m2')}
      t2: m2 =>NdisFSendNetBufferLists [n1] handle=hm2
      t2: m1 ->FilterSendNetBufferLists [n1]
      t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1
      t2: m1 <=NdisFSendNetBufferLists
      t2: m1 <-FilterSendNetBufferLists
      t2: m2 <=NdisFSendNetBufferLists
      t9: m1 ->FilterSendNetBufferListsComplete [n1]
      t9: m1 =>NdisFSendNetBufferListsComplete [n1]
      t9: m2 ->FilterSendNetBufferListsComplete [n1]
      t9: m2 =>NdisFreeNetBufferList [n1]`;
    expect(broken(both)).to.deep.equal([]);
  });
});

describe('Judging what a filter leaves on an NBL', () => {
  it('condemns a status that is no result (SC-03)', () => {
    expect(broken(`${RUNNING}${comesIn('f1')}${completes('f1 PENDING')}`)).to.deep.equal(['SC-03']);
    expect(broken(`${RUNNING}${comesIn('f1')}${completes('f1 FAILURE')}`)).to.deep.equal([]);
    expect(broken(`${RUNNING}${comesIn('f1')}${completes('f1')}`)).to.deep.equal([]);
  });

  it('condemns a chain without an NBL (SC-04)', () => {
    expect(broken(`${RUNNING}${completes('')}`)).to.deep.equal(['SC-04']);
    expect(broken(`${RUNNING}\n t2: m1 =>NdisFReturnNetBufferLists`), 'a chain that is not shown').to.deep.equal([]);
  });

  describe('context space (NBL-05)', () => {
    const takes = (status = ' = SUCCESS'): string => `
      t5: m1 =>NdisAllocateNetBufferListContext [f1] size=16
      t5: m1 <=NdisAllocateNetBufferListContext${status}`;
    const gives = '\n t5: m1 =>NdisFreeNetBufferListContext [f1] size=16\n t5: m1 <=NdisFreeNetBufferListContext';

    it('condemns what is not given back', () => {
      expect(broken(`${RUNNING}${comesIn('f1')}${takes()}${completes('f1')}`)).to.deep.equal(['NBL-05']);
      expect(broken(`${RUNNING}${comesIn('f1')}${takes()}${takes()}${gives}${completes('f1')}`)).to.deep.equal([
        'NBL-05',
      ]);
    });

    it('acquits what is given back, what could not be had, and what may not have been', () => {
      expect(broken(`${RUNNING}${comesIn('f1')}${takes()}${gives}${completes('f1')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${comesIn('f1')}${takes(' = RESOURCES')}${completes('f1')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${comesIn('f1')}${takes('')}${completes('f1')}`)).to.deep.equal([]);
      const unreturned = '\n t5: m1 =>NdisAllocateNetBufferListContext [f1] size=16';
      expect(broken(`${RUNNING}${comesIn('f1')}${unreturned}${gives}${completes('f1')}`)).to.deep.equal([]);
    });

    it('forgets what was on an NBL that comes in anew', () => {
      expect(broken(`${RUNNING}${comesIn('f1')}${takes()}${comesIn('f1')}${completes('f1')}`)).to.deep.equal([]);
    });
  });

  describe('the start of the data (NBL-07)', () => {
    const delivered = comesIn('f1 nbs=b1');
    const home = completes('f1 nbs=b1');
    const retreats = (status = ' = SUCCESS'): string => `
      t5: m1 =>NdisRetreatNetBufferDataStart nb=b1 delta=4
      t5: m1 <=NdisRetreatNetBufferDataStart${status}`;
    const advances = '\n t5: m1 =>NdisAdvanceNetBufferDataStart nb=b1 delta=4\n t5: m1 <=NdisAdvanceNetBufferDataStart';

    it('condemns a move either way that is not undone', () => {
      expect(broken(`${RUNNING}${delivered}${retreats()}${home}`)).to.deep.equal(['NBL-07']);
      expect(broken(`${RUNNING}${delivered}${advances}${home}`)).to.deep.equal(['NBL-07']);
    });

    it('acquits one that is, in either order, and one that failed or may have', () => {
      expect(broken(`${RUNNING}${delivered}${retreats()}${advances}${home}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${delivered}${advances}${retreats()}${home}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${delivered}${retreats(' = RESOURCES')}${home}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}${delivered}\n t5: m1 =>NdisRetreatNetBufferDataStart nb=b1 delta=4${home}`),
      ).to.deep.equal([]);
    });

    it('does not know what was done before the trace began', () => {
      const back = '\n m7 ->FilterSendNetBufferListsComplete [f1 nbs=b1 source=hp]';
      const text = `m7 ->FilterRestart\n m7 <-FilterRestart = SUCCESS${back}${advances.replaceAll('m1', 'm7')}`;
      expect(broken(`${text}${home.replaceAll('m1', 'm7')}`)).to.deep.equal([]);
    });
  });

  describe('where an NBL passes two modules of the driver', () => {
    const both = `${RUNNING}${attached('m2')}${restarted('m2')}`;
    const retreats = (module: string, delta: number): string => `
      t5: ${module} =>NdisRetreatNetBufferDataStart nb=b1 delta=${delta}
      t5: ${module} <=NdisRetreatNetBufferDataStart = SUCCESS`;
    const advances = (module: string, delta: number): string => `
      t5: ${module} =>NdisAdvanceNetBufferDataStart nb=b1 delta=${delta}
      t5: ${module} <=NdisAdvanceNetBufferDataStart`;
    const crosses = (module: string, ddi: string): string => `\n t5: ${module} ${ddi} [f1 nbs=b1]`;
    /** A send that the upper module m2 and the lower one m1 see, with what each does to it on the way down and on the way up. */
    const send = (down: { m1: string; m2: string }, up: { m1: string; m2: string }): string =>
      [
        both,
        crosses('m2', '->FilterSendNetBufferLists'),
        down.m2,
        crosses('m2', '=>NdisFSendNetBufferLists'),
        crosses('m1', '->FilterSendNetBufferLists'),
        down.m1,
        crosses('m1', '=>NdisFSendNetBufferLists'),
        crosses('m1', '->FilterSendNetBufferListsComplete'),
        up.m1,
        crosses('m1', '=>NdisFSendNetBufferListsComplete'),
        crosses('m2', '->FilterSendNetBufferListsComplete'),
        up.m2,
        crosses('m2', '=>NdisFSendNetBufferListsComplete'),
      ].join('');

    it('acquits each that undoes what it did itself', () => {
      const none = '';
      const m2 = retreats('m2', 4);
      expect(broken(send({ m1: none, m2 }, { m1: none, m2: advances('m2', 4) }))).to.deep.equal([]);
      expect(
        broken(send({ m1: retreats('m1', 6), m2 }, { m1: advances('m1', 6), m2: advances('m2', 4) })),
      ).to.deep.equal([]);
    });

    it('condemns each that does not', () => {
      const down = { m1: retreats('m1', 6), m2: retreats('m2', 4) };
      expect(broken(send(down, { m1: '', m2: advances('m2', 4) }))).to.deep.equal(['NBL-07']);
      expect(broken(send(down, { m1: advances('m1', 6), m2: '' }))).to.deep.equal(['NBL-07']);
      const takes = '\n t5: m2 =>NdisAllocateNetBufferListContext [f1] size=16';
      const took = `${takes}\n t5: m2 <=NdisAllocateNetBufferListContext = SUCCESS`;
      expect(broken(send({ m1: '', m2: took }, { m1: '', m2: '' }))).to.deep.equal(['NBL-05']);
    });

    it('acquits one that strips a header of a receive and puts it back, lent or not', () => {
      for (const flags of [0, 2]) {
        const up = (module: string, ddi: string): string => `${crosses(module, ddi)} flags=${flags}`;
        const returned = `${crosses('m2', '->FilterReturnNetBufferLists')}${crosses('m2', '=>NdisFReturnNetBufferLists')}`;
        const text = `${both}${crosses('m1', '->FilterReceiveNetBufferLists')} flags=0${advances('m1', 4)}
          ${up('m1', '=>NdisFIndicateReceiveNetBufferLists')}
          ${up('m2', '->FilterReceiveNetBufferLists')}
          ${up('m2', '=>NdisFIndicateReceiveNetBufferLists')}
          t5: m2 <=NdisFIndicateReceiveNetBufferLists
          t5: m2 <-FilterReceiveNetBufferLists
          t5: m1 <=NdisFIndicateReceiveNetBufferLists
          ${flags === 0 ? `${returned}${crosses('m1', '->FilterReturnNetBufferLists')}` : ''}
          ${retreats('m1', 4)}${crosses('m1', '=>NdisFReturnNetBufferLists')}`;
        expect(broken(text), `flags ${flags}`).to.deep.equal([]);
      }
    });
  });

  it('condemns a write into what is reserved for others, as strictly as it can hurt them (NBL-08)', () => {
    const writes = (field: string): string =>
      `${RUNNING}${comesIn('f1')}\n t5: !!Access what=nbl object=f1 access=write field=${field} scope=m1 freed=false`;
    expect(broken(writes('ProtocolReserved'))).to.include('NBL-08');
    expect(broken(writes('Scratch'))).to.not.include('NBL-08');
    expect(exercised('NBL-08', `${RUNNING}${comesIn('f1')}`)).to.equal(1);
  });
});
