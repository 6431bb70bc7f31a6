import { expect } from 'chai';
import { attached, broken, detached, exercised, PAUSED, restarted, RUNNING } from './trace-dsl';

const DOWN = 'NdisFSendNetBufferLists';
const DONE = 'FilterSendNetBufferListsComplete';
const GOES_UP = 'NdisFSendNetBufferListsComplete';

const comesIn = (nbls: string): string => `
  t5: m1 ->FilterSendNetBufferLists [${nbls}] flags=0`;
const passesOn = (nbls: string): string => `
  t5: m1 =>${DOWN} [${nbls}] handle=hm1 flags=0
  t5: m1 <=${DOWN}
  t5: m1 <-FilterSendNetBufferLists`;
const passed = (nbls: string, down = nbls): string => `${comesIn(nbls)}${passesOn(down)}`;
const own = (nbls: string, module = 'm1'): string => `
  t2: ${module} =>${DOWN} [${nbls}] handle=h${module} flags=0
  t2: ${module} <=${DOWN}`;
const comesBack = (nbls: string, does = ''): string => `
  t9: m1 ->${DONE} [${nbls}] flags=1${does}
  t9: m1 <-${DONE}`;
const completes = (nbls: string): string => `
  t9: m1 =>${GOES_UP} [${nbls}] flags=1
  t9: m1 <=${GOES_UP}`;
const frees = (nbls: string): string => `
  t9: m1 =>NdisFreeNetBufferList [${nbls}]
  t9: m1 <=NdisFreeNetBufferList`;
const allocates = (nbl: string, module = 'm1 '): string => `
  t2: ${module}=>NdisAllocateNetBufferAndNetBufferList pool=p1
  t2: ${module}<=NdisAllocateNetBufferAndNetBufferList [${nbl}] pool=p1`;

const QUIET = '\n !!Quiescent';

describe('Judging sends', () => {
  describe('SourceHandle of originated NBLs (SO-02)', () => {
    it('acquits the handle of the module, condemns none, that of a neighbour and that of another module', () => {
      expect(broken(`${RUNNING}${own('n1 source=hm1')}`)).to.deep.equal([]);
      for (const source of ['NULL', 'hp', 'hm2'])
        expect(broken(`${RUNNING}${own(`n1 source=${source}`)}`), source).to.deep.equal(['SO-02']);
    });

    it('speaks of receives as well', () => {
      const up = (source: string): string =>
        `${RUNNING}\n t2: m1 =>NdisFIndicateReceiveNetBufferLists [n1 source=${source}] handle=hm1 count=1 flags=0`;
      expect(broken(up('hm1'))).to.deep.equal([]);
      expect(broken(up('NULL'))).to.deep.equal(['SO-02']);
    });

    it('knows the handle from FilterAttach where the call does not show it', () => {
      expect(broken(`${RUNNING}\n t2: m1 =>${DOWN} [n1 source=NULL]`)).to.deep.equal(['SO-02']);
      expect(broken(`${RUNNING}\n t2: m1 =>${DOWN} [n1 source=hm1]`)).to.deep.equal([]);
    });

    it('says nothing where the source is not written down, and nothing of NBLs that are only passed on', () => {
      expect(broken(`${RUNNING}${own('n1')}`)).to.deep.equal([]);
      expect(exercised('SO-02', `${RUNNING}${own('n1')}`)).to.equal(0);
      expect(broken(`${RUNNING}${passed('f1 source=hp')}`)).to.deep.equal([]);
    });
  });

  describe('NBLs that are out (SO-03)', () => {
    const access = (object: string, how = 'write'): string =>
      `\n t2: !!Access what=nbl object=${object} access=${how} field=Status scope=m1 freed=false`;

    it('condemns a touch, a second send and a free before it is back', () => {
      expect(broken(`${RUNNING}${own('n1')}${access('n1')}`)).to.deep.equal(['SO-03']);
      expect(broken(`${RUNNING}${own('n1')}${access('n1', 'read')}`)).to.deep.equal(['SO-03']);
      expect(broken(`${RUNNING}${own('n1')}${own('n1')}`)).to.deep.equal(['SO-03']);
      expect(broken(`${RUNNING}${own('n1')}${frees('n1')}`)).to.deep.equal(['SO-03']);
      expect(
        broken(`${RUNNING}${own('n1')}\n t2: m1 =>NdisFIndicateReceiveNetBufferLists [n1] handle=hm1`),
      ).to.deep.equal(['SO-03']);
    });

    it('condemns a send of what is above (RO-02)', () => {
      const up =
        '\n t2: m1 =>NdisFIndicateReceiveNetBufferLists [n1] handle=hm1\n t2: m1 <=NdisFIndicateReceiveNetBufferLists';
      expect(broken(`${RUNNING}${up}${own('n1')}`)).to.deep.equal(['RO-02']);
    });

    it('acquits all of it after it came back, also inside the call and inside the completion', () => {
      expect(broken(`${RUNNING}${own('n1')}${comesBack('n1', frees('n1'))}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${own('n1')}${comesBack('n1')}${own('n1')}${comesBack('n1')}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}
          t2: m1 =>${DOWN} [n1] handle=hm1
          t2: m1 ->${DONE} [n1] flags=0
          t2: m1 =>NdisFreeNetBufferList [n1]
          t2: m1 <=NdisFreeNetBufferList
          t2: m1 <-${DONE}
          t2: m1 <=${DOWN}`),
      ).to.deep.equal([]);
    });

    it('acquits the identity of a freed NBL that is used again', () => {
      const life = `${allocates('n1')}${own('n1')}${comesBack('n1', frees('n1'))}`;
      expect(broken(`${RUNNING}${life}${life}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${life}${passed('n1')}${comesBack('n1', completes('n1'))}${QUIET}`)).to.deep.equal([]);
    });
  });

  describe('own NBLs that come back (SO-04)', () => {
    it('condemns handing them up', () => {
      expect(broken(`${RUNNING}${own('n1')}${comesBack('n1', completes('n1'))}`)).to.deep.equal(['SO-04']);
    });

    it('knows them by their allocation, also when the pool is that of the driver', () => {
      expect(broken(`${RUNNING}${allocates('n1')}${completes('n1')}`)).to.deep.equal(['SO-04']);
      expect(broken(`${RUNNING}${allocates('n1', '')}${completes('n1')}`)).to.deep.equal(['SO-04']);
    });

    it('acquits what an upper module of the same driver originated and a lower one passes on', () => {
      const text = `${RUNNING}${attached('m2')}${restarted('m2')}${allocates('n1', 'm2 ')}
        t2: m2 =>${DOWN} [n1] handle=hm2 flags=0${passed('n1').replaceAll('t5:', 't2:')}
        t2: m2 <=${DOWN}${comesBack(
          'n1',
          `${completes('n1')}
        t9: m2 ->${DONE} [n1] flags=1
        t9: m2 =>NdisFreeNetBufferList [n1]
        t9: m2 <=NdisFreeNetBufferList
        t9: m2 <-${DONE}`,
        )}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
    });
  });

  describe('mixed chains (SO-05)', () => {
    const mixed = `${RUNNING}${own('n1')}${passed('f1')}${own('n2')}${passed('f2')}`;

    it('acquits a chain that is taken apart, in whatever order it comes', () => {
      for (const chain of ['n1, f1, n2, f2', 'f2, n2, f1, n1', 'f1, f2, n1, n2']) {
        const text = `${mixed}${comesBack(chain, `${completes('f2, f1')}${frees('n1')}${frees('n2')}`)}${QUIET}`;
        expect(broken(text), chain).to.deep.equal([]);
        expect(exercised('SO-05', text)).to.equal(1);
      }
    });

    it('acquits a chain of which another thread does the rest', () => {
      const later = completes('f1, f2').replaceAll('t9:', 't7:');
      expect(broken(`${mixed}${comesBack('n1, f1, f2, n2')}${later}${QUIET}`)).to.deep.equal([]);
    });

    it('condemns a chain that is handed up as a whole (with SO-04 for the own ones)', () => {
      expect(broken(`${mixed}${comesBack('f1, n1', completes('f1, n1'))}`)).to.deep.equal(['SO-04', 'SO-05']);
    });

    it('condemns a chain that is freed as a whole (with NBL-01 for those of others, and SC-01: they are lost)', () => {
      const freed = `${frees('n1')}${frees('f1')}`;
      expect(broken(`${mixed}${comesBack('n1, f1', freed)}`)).to.deep.equal(['NBL-01', 'SO-05']);
      expect(broken(`${mixed}${comesBack('n1, f1', freed)}${QUIET}`)).to.deep.equal(['NBL-01', 'SC-01', 'SO-05']);
    });

    it('condemns a chain of which only the first is looked at (with SC-01 for the rest)', () => {
      expect(broken(`${mixed}${comesBack('n1, f1', frees('n1'))}${QUIET}`)).to.deep.equal(['SC-01', 'SO-05']);
    });

    it('does not call two chains a mixed one', () => {
      expect(broken(`${mixed}${comesBack('n1', completes('n1'))}`)).to.deep.equal(['SO-04']);
      expect(broken(`${mixed}${comesBack('f1')}${QUIET}`)).to.deep.equal(['SC-01']);
    });
  });

  describe('one fate for each (SP-01)', () => {
    it('condemns a send that is passed down twice, and one that is passed down after it was completed', () => {
      expect(
        broken(`${RUNNING}${comesIn('f1')}\n t5: m1 =>${DOWN} [f1]\n t5: m1 <=${DOWN}${passesOn('f1')}`),
      ).to.deep.equal(['SP-01']);
      const refused = completes('f1 RESOURCES').replaceAll('t9:', 't5:');
      expect(broken(`${RUNNING}${comesIn('f1')}${refused}${passesOn('f1')}`)).to.deep.equal(['SP-01']);
    });

    it('condemns a send that is completed while it is below (with SC-02)', () => {
      expect(broken(`${RUNNING}${passed('f1')}${completes('f1')}`)).to.deep.equal(['SC-02', 'SP-01']);
    });

    it('acquits each single fate: down, refused, held and then one of the two, copied and completed', () => {
      expect(broken(`${RUNNING}${passed('f1')}${comesBack('f1', completes('f1'))}${QUIET}`)).to.deep.equal([]);
      const held = `${RUNNING}${comesIn('f1')}\n t5: m1 <-FilterSendNetBufferLists`;
      expect(broken(`${held}${completes('f1 SUCCESS')}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${held}${own('f1')}${QUIET}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}${comesIn('f1')}${own('n1').replaceAll('t2:', 't5:')}${completes('f1').replaceAll('t9:', 't5:')}
          t5: m1 <-FilterSendNetBufferLists${comesBack('n1', frees('n1'))}${QUIET}`),
      ).to.deep.equal([]);
    });

    it('acquits a chain that is split, merged with another and sent in another order', () => {
      const text = `${RUNNING}${comesIn('f1, f2, f3')}
        t5: m1 =>${DOWN} [f3, f1] handle=hm1
        t5: m1 <=${DOWN}
        t5: m1 <-FilterSendNetBufferLists${passed('f4', 'f4, f2')}`;
      const back = `${comesBack('f2, f3', completes('f3, f2'))}${comesBack('f1, f4', completes('f1, f4'))}`;
      expect(broken(`${text}${back}${QUIET}`)).to.deep.equal([]);
    });

    it('acquits an NBL that the protocol sends again after it went home', () => {
      const once = `${passed('f1')}${comesBack('f1', completes('f1'))}`;
      expect(broken(`${RUNNING}${once}${once}${once}${QUIET}`)).to.deep.equal([]);
    });

    it('acquits the identity of a neighbour’s NBL that an own one has now, where the source says so', () => {
      const once = `${passed('x1 source=hp')}${comesBack('x1 source=hp', completes('x1 source=hp'))}`;
      expect(broken(`${RUNNING}${once}${own('x1 source=hm1')}${comesBack('x1 source=hm1')}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${once}${allocates('x1')}${own('x1')}${comesBack('x1')}${QUIET}`)).to.deep.equal([]);
    });

    it('condemns a send that is still here when the module is gone (with PAU-09)', () => {
      const held = `${RUNNING}${comesIn('f1')}\n t5: m1 <-FilterSendNetBufferLists`;
      expect(broken(`${held}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${detached()}`)).to.deep.equal([
        'PAU-09',
        'SP-01',
      ]);
    });

    it('condemns a touch of what was completed', () => {
      const home = `${RUNNING}${passed('f1')}${comesBack('f1', completes('f1'))}`;
      const access = '\n t2: !!Access what=nbl object=f1 access=read field=Status scope=m1 freed=false';
      expect(broken(`${home}${access}`)).to.deep.equal(['SP-01']);
    });

    it('says nothing of what the module had before the trace began', () => {
      const begun = restarted();
      expect(broken(`${begun}${comesBack('f7', completes('f7'))}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${comesBack('f7', completes('f7'))}${completes('f8')}${QUIET}`)).to.deep.equal([]);
    });
  });

  it('condemns a SourceHandle of others that is overwritten, on the way down and up (SP-02)', () => {
    expect(broken(`${RUNNING}${passed('f1 source=hp', 'f1 source=hm1')}`)).to.deep.equal(['SP-02']);
    expect(
      broken(`${RUNNING}${passed('f1 source=hp')}${comesBack('f1 source=hp', completes('f1 source=NULL'))}`),
    ).to.deep.equal(['SP-02']);
    expect(broken(`${RUNNING}${passed('f1', 'f1 source=hm1')}`), 'not known before').to.deep.equal([]);
    expect(
      broken(`${RUNNING}
        t6: m1 ->FilterReceiveNetBufferLists [r1 source=hn] count=1 flags=0
        t6: m1 =>NdisFIndicateReceiveNetBufferLists [r1 source=hm1] handle=hm1 count=1 flags=0`),
    ).to.deep.equal(['SP-02']);
  });

  describe('what was changed is put back (SP-03)', () => {
    const from = 'f1 nbs=b1@10+60/d1 context=0';

    it('acquits a header that was taken off again', () => {
      const down = 'f1 nbs=b1@6+64/d1 context=16';
      expect(broken(`${RUNNING}${passed(from, down)}${comesBack(down, completes(from))}`)).to.deep.equal([]);
    });

    for (const [what, left] of [
      ['the data offset', 'f1 nbs=b1@6+60/d1 context=0'],
      ['the length', 'f1 nbs=b1@10+64/d1 context=0'],
      ['the MDL chain', 'f1 nbs=b1@10+60/d9+d1 context=0'],
      ['context space', 'f1 nbs=b1@10+60/d1 context=16'],
    ] as const) {
      it(`condemns another state of ${what}`, () => {
        expect(broken(`${RUNNING}${passed(from, left)}${comesBack(left, completes(left))}`)).to.deep.equal(['SP-03']);
      });
    }

    it('compares what is written down on both sides, and no more', () => {
      expect(broken(`${RUNNING}${passed(from)}${comesBack('f1', completes('f1 context=0'))}`)).to.deep.equal([]);
    });

    it('compares with the last delivery, not with one before', () => {
      const other = 'f1 nbs=b1@20+40/d2 context=0';
      const once = (view: string): string => `${passed(view)}${comesBack(view, completes(view))}`;
      expect(broken(`${RUNNING}${once(from)}${once(other)}`)).to.deep.equal([]);
    });
  });

  it('condemns another list of net buffers in an NBL of others (SP-04)', () => {
    const two = 'f1 nbs=b1|b2';
    expect(broken(`${RUNNING}${passed(two, 'f1 nbs=b1')}`)).to.deep.equal(['SP-04']);
    expect(broken(`${RUNNING}${passed(two, 'f1 nbs=b2|b1')}`)).to.deep.equal(['SP-04']);
    expect(broken(`${RUNNING}${passed(two, 'f1 nbs=b1|b3')}`)).to.deep.equal(['SP-04']);
    expect(broken(`${RUNNING}${passed(two)}${comesBack(two, completes(two))}`)).to.deep.equal([]);
  });

  it('condemns a touch of what was passed down (SP-05)', () => {
    const access = '\n t2: !!Access what=nbl object=f1 access=write field=Next scope=m1 freed=false';
    expect(broken(`${RUNNING}${passed('f1')}${access}`)).to.deep.equal(['SP-05']);
  });

  describe('completions of others go up, once (SC-01, SC-02)', () => {
    it('condemns one that is never handed up, when all is quiet and when the module is gone', () => {
      const kept = `${RUNNING}${passed('f1, f2')}${comesBack('f1, f2', completes('f1'))}`;
      expect(broken(`${kept}${QUIET}`)).to.deep.equal(['SC-01']);
      expect(broken(`${kept}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${detached()}`)).to.deep.equal(['SC-01']);
      expect(broken(kept), 'nobody knows what comes').to.deep.equal([]);
    });

    it('condemns one that goes up twice (with SC-02 and SP-01)', () => {
      const twice = `${RUNNING}${passed('f1')}${comesBack('f1', `${completes('f1')}${completes('f1')}`)}`;
      expect(broken(twice)).to.deep.equal(['SC-01', 'SC-02', 'SP-01']);
    });

    it('condemns completing what nobody sent, and what is a receive (SC-02)', () => {
      expect(broken(`${RUNNING}${completes('f1')}`)).to.deep.equal(['SC-02']);
      expect(
        broken(`${RUNNING}
          t6: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=0${completes('r1').replaceAll('t9:', 't6:')}`),
      ).to.include('SC-02');
    });

    it('acquits a completion that a lock or another thread delays', () => {
      const late = completes('f1').replaceAll('t9:', 't7:');
      expect(broken(`${RUNNING}${passed('f1')}${comesBack('f1')}${late}${QUIET}`)).to.deep.equal([]);
    });

    it('acquits the refusal of what has just come in', () => {
      expect(
        broken(
          `${PAUSED}${comesIn('f1')}${completes('f1 PAUSED').replaceAll('t9:', 't5:')}\n t5: m1 <-FilterSendNetBufferLists`,
        ),
      ).to.deep.equal([]);
    });
  });

  describe('what comes back during and after a pause (PAU-21)', () => {
    const late = `${RUNNING}${passed('f1')}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS`;

    it('acquits handing it up in Paused', () => {
      expect(broken(`${late}${comesBack('f1', completes('f1'))}${QUIET}`)).to.deep.equal([]);
      expect(exercised('PAU-21', `${late}${comesBack('f1', completes('f1'))}`)).to.equal(1);
    });

    it('condemns dropping it (with SC-01)', () => {
      expect(broken(`${late}${comesBack('f1')}${QUIET}`)).to.deep.equal(['PAU-21', 'SC-01']);
    });

    it('speaks of receives, too (with RET-01)', () => {
      const received = `${RUNNING}
        t6: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=0
        t6: m1 =>NdisFIndicateReceiveNetBufferLists [r1] handle=hm1 count=1 flags=0
        t6: m1 <=NdisFIndicateReceiveNetBufferLists
        t6: m1 <-FilterReceiveNetBufferLists
        m1 ->FilterPause
        m1 <-FilterPause = SUCCESS
        t8: m1 ->FilterReturnNetBufferLists [r1] flags=0`;
      const back = '\n t8: m1 =>NdisFReturnNetBufferLists [r1]\n t8: m1 <=NdisFReturnNetBufferLists';
      const end = '\n t8: m1 <-FilterReturnNetBufferLists\n !!Quiescent';
      expect(broken(`${received}${back}${end}`)).to.deep.equal([]);
      expect(broken(`${received}${end}`)).to.deep.equal(['PAU-21', 'RET-01']);
    });
  });
});
