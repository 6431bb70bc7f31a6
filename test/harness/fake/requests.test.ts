import { join } from 'node:path';
import { expect } from 'chai';
import type { Rig } from '../../../adapters/contract';
import { oidStatusOf, toldByFnlwf } from '../../../adapters/harness/agent/rig/oid-status';
import { NDIS_STATUSES } from '../../../src/trace';
import { kindOf } from './kind-of';
import { UNDER_TEST } from './network';
import { brokenIn, counted, Plays } from './plays';
import { fakeTarget, shipped, type FakeTarget, type FakeTargetOptions } from './target';

const STATISTICS = 'OID_GEN_STATISTICS';

/** Others ask in the middle of each scenario. */
const OFTEN = 90;

describe('OID requests on a lab machine', () => {
  let target: FakeTarget;
  let rig: Rig;

  async function start(probe: boolean): Promise<void> {
    target = fakeTarget({ driver: shipped('reference'), probe, unbound: true, askedEvery: OFTEN });
    rig = await target.adapter.open({ seed: 1 });
    await rig.load();
    await rig.addAdapter('A');
    await rig.enableAdapter('A');
  }

  afterEach(async () => {
    await rig.close();
    expect(await target.end()).to.deep.equal([]);
  });

  it('are answered inside the call, and the driver’s border shows them', async () => {
    await start(true);
    const asked = await rig.oidFromAbove('A', STATISTICS);
    expect(await rig.operation(asked)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    const { oidsBack, miniportOids } = await rig.neighbours('A');
    expect(oidsBack).to.deep.equal([{ item: 'oid1', status: 'NDIS_STATUS_SUCCESS' }]);
    expect(miniportOids).to.deep.equal([]);
    const handed = (await rig.trace()).filter(({ dir, ddi }) => dir === '->' && ddi === 'FilterOidRequest');
    expect(handed[0]?.args?.['oid']).to.equal(STATISTICS);
  });

  it('are kept by the miniport, and completed with the status of choice', async () => {
    await start(false);
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    const asked = await rig.oidFromAbove('A', 'OID_GEN_CURRENT_PACKET_FILTER', 'set');
    expect(await rig.operation(asked)).to.deep.equal({ state: 'pending' });
    expect((await rig.neighbours('A')).miniportOids).to.have.length(1);
    expect(await kindOf(rig.oidFromAbove('A', STATISTICS))).to.equal('notSupported');
    expect(await kindOf(rig.disableAdapter('A'))).to.equal('notSupported');
    await rig.completeOids('A', { status: 'NDIS_STATUS_NOT_SUPPORTED' });
    expect(await rig.operation(asked)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_NOT_SUPPORTED' });
    expect((await rig.neighbours('A')).miniportOids).to.deep.equal([]);
  });

  it('come back when others have asked for the same, and were kept as well', async () => {
    await start(true);
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    const asked = await rig.oidFromAbove('A', STATISTICS);
    await rig.letTimePass(1000);
    await rig.completeOids('A');
    expect(await rig.operation(asked)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
  });

  it('that were given back after 5 s say nothing', async () => {
    await start(true);
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    const asked = await rig.oidFromAbove('A', STATISTICS);
    await rig.letTimePass(7000);
    expect(await kindOf(rig.operation(asked))).to.equal('notObserved');
  });

  it('whose status nobody can tell say nothing, unless the border shows it', async () => {
    for (const probe of [true, false]) {
      await start(probe);
      await rig.setNeighbours('A', { miniportOids: 'later', oidStatus: 'NDIS_STATUS_INVALID_LENGTH' });
      const asked = await rig.oidFromAbove('A', STATISTICS);
      if (probe) {
        expect(await rig.operation(asked)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_INVALID_LENGTH' });
        await rig.close();
      } else expect(await kindOf(rig.operation(asked))).to.equal('notObserved');
    }
  });

  it('are refused where the test drivers cannot do it', async () => {
    await start(true);
    expect(await kindOf(rig.oidFromAbove('A', 'OID_GEN_VENDOR_DRIVER_VERSION'))).to.equal('notSupported');
    expect(await kindOf(rig.cancelOidFromAbove('A'))).to.equal('notSupported');
    expect(await kindOf(rig.setNeighbours('A', { oidStatus: 'NDIS_STATUS_FAILURE' }))).to.equal('notSupported');
  });
});

describe('OID requests of the driver itself on a lab machine', () => {
  async function playing(options: Partial<FakeTargetOptions> = {}): Promise<{ target: FakeTarget; rig: Rig }> {
    const target = fakeTarget({
      driver: shipped('reference'),
      probe: true,
      unbound: true,
      askedEvery: OFTEN,
      ...options,
    });
    const rig = await target.adapter.open({ seed: 1 });
    await rig.load();
    await rig.addAdapter('A');
    await rig.enableAdapter('A');
    await rig.openHandle('app', 'A');
    return { target, rig };
  }

  it('are kept, told from those of others, and given back while the adapter goes', async () => {
    const { target, rig } = await playing();
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    const asked = await rig.ask('app', 'oid');
    expect((await rig.neighbours('A')).miniportOids).to.deep.equal([{ item: STATISTICS, origin: 'filter' }]);
    expect(await rig.operation(asked)).to.deep.equal({ state: 'pending' });
    await rig.setNeighbours('A', { miniportOids: 'inside-the-call' });
    expect((await rig.neighbours('A')).miniportOids).to.have.length(1);
    expect(await kindOf(rig.oidFromAbove('A', STATISTICS))).to.equal('notSupported');
    const disabled = await rig.disableAdapter('A');
    await rig.completeOids('A');
    expect(await rig.operation(asked)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
    expect(await rig.operation(disabled)).to.deep.equal({ state: 'done', status: 'NDIS_STATUS_SUCCESS' });
    await rig.close();
    expect(await target.end()).to.deep.equal([]);
  });

  it('have not gone with the adapter because the machine refuses to tell of them', async () => {
    const { target, rig } = await playing({ askedEvery: Infinity });
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    await rig.ask('app', 'oid');
    const miniport = target.windows.miniport(UNDER_TEST);
    const held = miniport.heldOid.bind(miniport);
    let refusals = 0;
    miniport.heldOid = (wanted) => {
      if (target.windows.model.modules.every(({ state }) => state === 'Running')) return held(wanted);
      refusals += 1;
      throw new Error('STATUS_INSUFFICIENT_RESOURCES (0xC000009A)');
    };
    const disabled = await kindOf(rig.disableAdapter('A'));
    expect([disabled, refusals, await kindOf(rig.neighbours('A'))]).to.deep.equal(['environment', 1, 'environment']);
    await rig.close().catch(() => undefined);
  });

  it('are nobody’s while only others ask', async () => {
    const { rig } = await playing();
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    await rig.completeOids('A');
    const asked = await rig.ask('app', 'oid');
    await rig.completeOids('A');
    expect(await rig.operation(asked)).to.deep.equal({ state: 'done', status: 'STATUS_SUCCESS' });
    for (let look = 0; look < 8; look += 1) {
      await rig.letTimePass(200);
      expect((await rig.neighbours('A')).miniportOids).to.deep.equal([]);
    }
    await rig.close();
  });

  it('that fnmp gave back by itself say nothing', async () => {
    const { rig } = await playing({ askedEvery: Infinity });
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    await rig.ask('app', 'oid');
    await rig.letTimePass(7000);
    expect(await kindOf(rig.neighbours('A'))).to.equal('notObserved');
    await rig.close();
  });

  it('are refused where they cannot be kept, or not be told from others', async () => {
    const { rig } = await playing();
    await rig.setNeighbours('A', { miniportOids: 'hold' });
    expect(await kindOf(rig.ask('app', 'synchronousOid'))).to.equal('notSupported');
    await rig.close();
    const outside = await playing({ probe: false });
    await outside.rig.setNeighbours('A', { miniportOids: 'hold' });
    expect(await kindOf(outside.rig.ask('app', 'oid'))).to.equal('notSupported');
    await outside.rig.close();
  });
});

describe('What fnlwf tells of a request', () => {
  it('is the status of NDIS where it can be no other', () => {
    for (const [name, value] of Object.entries(NDIS_STATUSES)) {
      const told = toldByFnlwf(name, value);
      expect(oidStatusOf(told, [name]), name).to.equal(name);
      const guessed = oidStatusOf(told, []);
      if (guessed !== undefined) expect(guessed).to.equal(name);
    }
    expect(oidStatusOf(0, [])).to.equal('NDIS_STATUS_SUCCESS');
    expect(oidStatusOf(0xc0000023, [])).to.equal(undefined);
    expect(oidStatusOf(0xc0000023, ['NDIS_STATUS_INVALID_LENGTH', 'NDIS_STATUS_BUFFER_TOO_SHORT'])).to.equal(undefined);
    expect(oidStatusOf(0xc0000023, ['NDIS_STATUS_SUCCESS'])).to.equal(undefined);
    expect(oidStatusOf(0xdeadbeef, [])).to.equal('0xDEADBEEF');
  });
});

describe('Scenarios about OID requests on the fake Windows machine', () => {
  const level = 'white box';
  /** Where a step counts calls, those that are about the requests of others count, too. */
  const COUNTING = ['features/oid/originate.feature', 'features/registration/entry-points.feature'];
  let plays: Plays;

  before(async () => {
    plays = await Plays.prepare('features/oid/pass-through.feature', ...COUNTING);
  });

  it('find nothing against the reference filter, also when others ask', async () => {
    for (const [askedEvery, passes] of [
      [Infinity, 31],
      [OFTEN, 28],
    ] as const) {
      const options = { driver: 'reference', level, askedEvery } as const;
      const played = await plays.play(options);
      expect(await plays.disagreements(options, played)).to.deep.equal([]);
      expect(counted(played)['pass']).to.equal(passes);
    }
  });

  it("decide nothing of features of one's own that count what is done for others as well", async () => {
    const own = await Plays.prepare(join(__dirname, 'fixtures', 'counting.feature'));
    const verdicts = async (askedEvery: number): Promise<string[]> =>
      (await own.play({ driver: 'reference', level, askedEvery })).map(({ harness }) => harness.verdict);
    expect(await verdicts(Infinity)).to.deep.equal(['pass', 'pass', 'pass', 'fail']);
    expect(await verdicts(OFTEN)).to.deep.equal(Array(4).fill('not observed'));
  });

  it('find what is done with the results of a clone', async () => {
    for (const driver of ['clone-is-freed-too-late', 'results-of-the-clone-are-not-copied']) {
      const options = { driver, level } as const;
      const played = await plays.play(options);
      expect(await plays.disagreements(options, played)).to.deep.equal([]);
      expect(brokenIn(played)).to.deep.equal(['OP-03']);
    }
  });

  it('acquit nobody who finishes a request twice, or not at all', async () => {
    for (const driver of ['oid-request-is-completed-twice', 'synchronous-answer-is-taken-for-pending']) {
      const options = { driver, level } as const;
      const played = await plays.play(options);
      expect(await plays.disagreements(options, played)).to.deep.equal([]);
      expect(counted(played), driver).to.have.any.keys('fail', 'error');
    }
  });
});
