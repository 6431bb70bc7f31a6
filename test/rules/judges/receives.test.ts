import { expect } from 'chai';
import { broken, brokenStrictly, detached, exercised, judged, PAUSED, RUNNING } from './trace-dsl';

/** Receives that the module originates: `=>NdisFIndicate…` with its own NBLs. */
const ALLOCATED = `${RUNNING}
  m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
  m1 <=NdisAllocateNetBufferAndNetBufferList [o1] pool=p1`;

const UP = 'NdisFIndicateReceiveNetBufferLists';

describe('Judging receives', () => {
  describe('originated without RESOURCES (RO-02)', () => {
    const indicated = `${ALLOCATED}
      m1 =>${UP} [o1] handle=hm1 count=1 flags=0
      m1 <=${UP}`;

    it('condemns a touch before the NBL is back', () => {
      expect(broken(`${indicated}\n m1 !!Access what=nbl object=o1 access=read field=Next`)).to.include('RO-02');
    });

    it('condemns a free before the NBL is back', () => {
      expect(broken(`${indicated}\n m1 =>NdisFreeNetBufferList [o1] pool=p1`)).to.include('RO-02');
      expect(broken(`${indicated}\n m1 =>NdisFreeCloneNetBufferList [o1]`)).to.include('RO-02');
    });

    it('condemns a second indication before the NBL is back', () => {
      expect(broken(`${indicated}\n m1 =>${UP} [o1] handle=hm1 count=1 flags=0`)).to.include('RO-02');
    });

    it('acquits a second indication and a free after it came back', () => {
      const back = `
        m1 ->FilterReturnNetBufferLists [o1] flags=0
        m1 <-FilterReturnNetBufferLists`;
      const text = `${indicated}${back}
        m1 =>${UP} [o1] handle=hm1 count=1 flags=0
        m1 <=${UP}${back}
        m1 =>NdisFreeNetBufferList [o1] pool=p1
        m1 <=NdisFreeNetBufferList
        !!Quiescent`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('RO-02', text)).to.equal(2);
    });

    it('acquits a return inside the call, and the free that follows it there', () => {
      expect(
        broken(`${ALLOCATED}
          m1 =>${UP} [o1] handle=hm1 count=1 flags=0
          m1 ->FilterReturnNetBufferLists [o1] flags=0
          m1 =>NdisFreeNetBufferList [o1] pool=p1
          m1 <=NdisFreeNetBufferList
          m1 <-FilterReturnNetBufferLists
          m1 <=${UP}`),
      ).to.deep.equal([]);
    });
  });

  describe('originated with RESOURCES (RO-03)', () => {
    const regained = `${ALLOCATED}
      m1 =>${UP} [o1] handle=hm1 count=1 flags=2
      m1 <=${UP}`;

    it('condemns a pause that waits for ever for what came back with the call', () => {
      const text = `${regained}
        m1 ->FilterPause
        m1 <-FilterPause = PENDING
        !!Quiescent`;
      expect(broken(text)).to.include('RO-03');
      expect(exercised('RO-03', text)).to.equal(1);
    });

    it('acquits a pause that waits for another receive', () => {
      expect(
        broken(`${regained}
          m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
          m1 <=NdisAllocateNetBufferAndNetBufferList [o2] pool=p1
          m1 =>${UP} [o2] handle=hm1 count=1 flags=0
          m1 <=${UP}
          m1 ->FilterPause
          m1 <-FilterPause = PENDING
          !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('acquits a filter that frees it, and one that keeps it for later', () => {
      const free = `
        m1 =>NdisFreeNetBufferList [o1] pool=p1
        m1 <=NdisFreeNetBufferList`;
      const pause = `
        m1 ->FilterPause
        m1 <-FilterPause = SUCCESS
        !!Quiescent`;
      expect(broken(`${regained}${free}${pause}`)).to.deep.equal([]);
      expect(broken(`${regained}${pause}`)).to.deep.equal([]);
    });

    it('condemns a free while the call is under way', () => {
      expect(
        broken(`${ALLOCATED}
          m1 =>${UP} [o1] handle=hm1 count=1 flags=2
          t2: m1 =>NdisFreeNetBufferList [o1] pool=p1`),
      ).to.include('RO-03');
    });
  });

  it('condemns a wrong count, of own receives and of others (RO-04)', () => {
    const passed = (count: number): string => `${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1, n2] count=2 flags=0
      m1 =>${UP} [n1, n2] handle=hm1 count=${count} flags=0`;
    expect(broken(passed(1))).to.deep.equal(['RO-04']);
    expect(broken(passed(2))).to.deep.equal([]);
    expect(broken(`${ALLOCATED}\n m1 =>${UP} [o1] handle=hm1 count=2 flags=0`)).to.deep.equal(['RO-04']);
  });

  it('says nothing of a count that is not there', () => {
    expect(exercised('RO-04', `${ALLOCATED}\n m1 =>${UP} [o1] handle=hm1 flags=0`)).to.equal(0);
  });

  it('condemns an own receive of two net buffers (RO-05)', () => {
    expect(broken(`${ALLOCATED}\n m1 =>${UP} [o1 nbs=b1|b2] handle=hm1 count=1 flags=0`)).to.deep.equal(['RO-05']);
    expect(broken(`${ALLOCATED}\n m1 =>${UP} [o1 nbs=b1] handle=hm1 count=1 flags=0`)).to.deep.equal([]);
  });

  it('condemns an own receive without a way back (RET-03)', () => {
    const without = RUNNING.replace('FilterReturnNetBufferLists,', '');
    expect(broken(`${without}\n m1 =>${UP} [o1] handle=hm1 count=1 flags=0`)).to.include('RET-03');
    const through = `
      m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
      m1 =>${UP} [n1] handle=hm1 count=1 flags=0`;
    expect(broken(`${without}${through}`)).to.not.include('RET-03');
  });

  describe('passing through (RP-01)', () => {
    const delivered = `${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0`;

    it('condemns a second indication', () => {
      expect(
        broken(`${delivered}
          m1 =>${UP} [n1] handle=hm1 count=1 flags=0
          m1 <=${UP}
          m1 =>${UP} [n1] handle=hm1 count=1 flags=0`),
      ).to.deep.equal(['RP-01']);
    });

    it('condemns an indication after the return', () => {
      expect(
        broken(`${delivered}
          m1 =>NdisFReturnNetBufferLists [n1] flags=0
          m1 <=NdisFReturnNetBufferLists
          m1 =>${UP} [n1] handle=hm1 count=1 flags=0`),
      ).to.deep.equal(['RP-01']);
    });

    it('condemns a touch after the NBL was handed on', () => {
      expect(
        broken(`${delivered}
          m1 =>${UP} [n1] handle=hm1 count=1 flags=0
          m1 <=${UP}
          m1 !!Access what=nbl object=n1 access=read field=Next`),
      ).to.deep.equal(['RP-01']);
    });

    it('holds a touch against the module that made it, and not against the next one up', () => {
      const text = `${delivered}
        m1 =>${UP} [n1] handle=hm1 count=1 flags=0
        m2 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
        m2 =>${UP} [n1] handle=hm2 count=1 flags=0
        m2 <=${UP}
        m2 <-FilterReceiveNetBufferLists
        m1 <=${UP}
        m1 !!Access what=nbl object=n1 access=read field=Next`;
      expect(judged(text).violations.map(({ rule, module }) => `${rule} ${module}`)).to.deep.equal(['RP-01 m1']);
    });

    it('condemns a receive that has met no fate when the module is detached', () => {
      const text = `${delivered}
        m1 <-FilterReceiveNetBufferLists
        m1 ->FilterPause
        m1 <-FilterPause = SUCCESS${detached()}`;
      expect(broken(text)).to.include('RP-01');
    });

    it('condemns a receive that a pause has left behind', () => {
      const over = '\n m1 <-FilterReceiveNetBufferLists\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n !!Quiescent';
      expect(broken(`${delivered}${over}`)).to.deep.equal(['PAU-10', 'RP-01']);
    });

    it('leaves receives that came to a Paused module to the rule on them', () => {
      const late =
        '\n m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0\n m1 <-FilterReceiveNetBufferLists\n !!Quiescent';
      expect(broken(`${PAUSED}${late}`)).to.deep.equal(['PAU-14']);
    });

    it('acquits a receive that is held while Running', () => {
      expect(broken(`${delivered}\n m1 <-FilterReceiveNetBufferLists\n !!Quiescent`)).to.deep.equal([]);
    });

    it('acquits a held receive that another thread indicates later', () => {
      const text = `${delivered}
        m1 <-FilterReceiveNetBufferLists
        t2: m1 =>${UP} [n1] handle=hm1 count=1 flags=0
        t2: m1 <=${UP}
        m1 ->FilterReturnNetBufferLists [n1] flags=0
        m1 =>NdisFReturnNetBufferLists [n1] flags=0
        m1 <=NdisFReturnNetBufferLists
        m1 <-FilterReturnNetBufferLists
        !!Quiescent`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('RP-01', text)).to.equal(1);
    });

    it('acquits an NBL that the miniport indicates again after it went home', () => {
      const round = `
        m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
        m1 =>NdisFReturnNetBufferLists [n1] flags=0
        m1 <=NdisFReturnNetBufferLists
        m1 <-FilterReceiveNetBufferLists`;
      expect(broken(`${RUNNING}${round}${round}\n !!Quiescent`)).to.deep.equal([]);
    });

    it('says nothing of a module whose beginning it has not seen', () => {
      expect(
        broken(`
          m1 =>${UP} [n1] handle=hm1 count=1 flags=0
          m1 <=${UP}
          m1 =>${UP} [n1] handle=hm1 count=1 flags=0
          m1 =>NdisFReturnNetBufferLists [n1] flags=0
          !!Quiescent`),
      ).to.deep.equal([]);
    });
  });

  describe('lent with RESOURCES (RP-03 to RP-06)', () => {
    const lent = `${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1 nbs=b1@14+60/d1, n2] count=2 flags=2`;
    const passedUp = `
      m1 =>${UP} [n1, n2] handle=hm1 count=2 flags=2
      m1 <=${UP}`;

    it('acquits the chain that is lent on and is whole again', () => {
      const text = `${lent}${passedUp}
        m1 <-FilterReceiveNetBufferLists [n1 nbs=b1@14+60/d1, n2]
        !!Quiescent`;
      expect(broken(text)).to.deep.equal([]);
      for (const rule of ['RP-02', 'RP-03', 'RP-04', 'RP-05', 'RP-06']) {
        expect(exercised(rule, text), rule).to.be.greaterThan(0);
      }
    });

    it('condemns an indication and a touch after the handler has returned (RP-03)', () => {
      const left = `${lent}\n m1 <-FilterReceiveNetBufferLists [n1, n2]`;
      expect(broken(`${left}\n m1 =>${UP} [n1] handle=hm1 count=1 flags=0`)).to.include('RP-03');
      expect(broken(`${left}\n m1 !!Access what=nbl object=n2 access=write field=Next`)).to.deep.equal(['RP-03']);
    });

    it('condemns a chain that has lost an NBL or its order (RP-04)', () => {
      expect(broken(`${lent}${passedUp}\n m1 <-FilterReceiveNetBufferLists [n1 nbs=b1@14+60/d1]`)).to.deep.equal([
        'RP-04',
      ]);
      expect(broken(`${lent}${passedUp}\n m1 <-FilterReceiveNetBufferLists [n2, n1]`)).to.deep.equal(['RP-04']);
    });

    it('says nothing of a chain that the return does not show', () => {
      const text = `${lent}${passedUp}\n m1 <-FilterReceiveNetBufferLists`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('RP-04', text)).to.equal(0);
    });

    it('condemns an indication without the flag that has not come back (RP-05)', () => {
      const without = `${lent}
        m1 =>${UP} [n1, n2] handle=hm1 count=2 flags=0
        m1 <=${UP}`;
      expect(broken(`${without}\n m1 <-FilterReceiveNetBufferLists [n1, n2]`)).to.deep.equal(['RP-05']);
      const asText = without.replace('flags=0', 'flags=0x0');
      expect(broken(`${asText}\n m1 <-FilterReceiveNetBufferLists [n1, n2]`), 'as text').to.deep.equal(['RP-05']);
    });

    it('condemns a touch of what was lent on and is not back yet (RP-05)', () => {
      const touch = '\n m1 !!Access what=nbl object=n1 access=read field=Next';
      expect(broken(`${lent}\n m1 =>${UP} [n1, n2] handle=hm1 count=2 flags=0${touch}`)).to.deep.equal(['RP-05']);
    });

    it('acquits an indication without the flag that has come back in time', () => {
      expect(
        broken(`${lent}
          m1 =>${UP} [n1, n2] handle=hm1 count=2 flags=0
          m1 ->FilterReturnNetBufferLists [n1, n2] flags=0
          m1 <-FilterReturnNetBufferLists
          m1 <=${UP}
          m1 <-FilterReceiveNetBufferLists [n1, n2]
          !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('acquits a trace that leaves out the return of the call', () => {
      expect(
        broken(`${lent}
          m1 =>${UP} [n1, n2] handle=hm1 count=2 flags=2
          m1 <-FilterReceiveNetBufferLists [n1, n2]`),
      ).to.deep.equal([]);
    });

    it('condemns a change that is not undone (RP-06)', () => {
      expect(broken(`${lent}${passedUp}\n m1 <-FilterReceiveNetBufferLists [n1 nbs=b1@10+64/d1, n2]`)).to.deep.equal([
        'RP-06',
      ]);
    });

    it('acquits a paused module that lets the chain go by returning', () => {
      expect(
        broken(`${PAUSED}
          m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=2
          m1 <-FilterReceiveNetBufferLists [n1]
          !!Quiescent`),
      ).to.deep.equal([]);
    });
  });

  it('finds a wait inside the receive handler in the strict reading only (RP-07)', () => {
    const text = `${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=2
      m1 =>NdisMSleep timeout=50
      m1 <=NdisMSleep
      m1 <-FilterReceiveNetBufferLists [n1]`;
    expect(brokenStrictly(text)).to.deep.equal(['RP-07']);
    expect(broken(text)).to.not.include('RP-07');
  });

  it('names the NBL and the crossings that prove it', () => {
    const { violations } = judged(`${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
      m1 =>NdisFReturnNetBufferLists [n1] flags=0
      m1 <=NdisFReturnNetBufferLists
      m1 =>${UP} [n1] handle=hm1 count=1 flags=0`);
    expect(violations).to.have.length(1);
    expect(violations[0]?.witnesses).to.have.length(3);
    expect(violations[0]?.message).to.match(/receive n1 at #\d+ although it had returned it at #\d+/);
  });
});
