import { expect } from 'chai';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kitImage, runSpecification, type RunResult, type Subject } from '../../../src/conformance';
import { kitRoot } from '../../../src/conformance/kit-root';
import { caseOf, readToken, tokenOf } from '../../../src/conformance/replay/token';
import type { Statement, VerifyOptions } from '../../../src/conformance/statement';
import { contradicted, Copies, forge, verify, writeStatement } from './sample';

const BUILD = join(kitRoot, 'drivers/build');
/** A driver that stops the system. */
const STOPS = 'cleanup-uses-the-ndis-handle-of-a-detached-module';

/** Plays nothing again but what failed. */
const FAILURE = { rerun: 'sample', sample: 0 } as const;

/** It asks for less than the rule wants. */
const OWN_FEATURE = `Feature: Ours
  @DET-09
  Rule: It is kept

    Scenario: It is loaded
      Given the filter driver is loaded
`;

/** @returns a module with the simulator of the reference as an adapter, changed */
function ofTheReference(changes: string): string {
  const [simulator, drivers] = ['adapters/simulator', 'adapters/simulator/drivers'].map((name) =>
    JSON.stringify(join(kitRoot, name)),
  );
  return `const { driver } = require(${drivers}).registeredDriver('reference');
const simulator = require(${simulator}).createSimulator(driver, () => undefined);
exports.adapter = { ...simulator, ${changes} };
`;
}

/** Whatever it is asked for is at another time. */
const CLOCK = `
  async capabilities() {
    const all = await simulator.capabilities();
    return { ...all, adapter: all.adapter.filter((name) => name !== 'virtualTime') };
  },
  async open(options) {
    const rig = await simulator.open(options);
    const trace = async (after) => (await rig.trace(after)).map((each) => ({ ...each, time: (exports.now = (exports.now ?? 0) + 1) }));
    return { __proto__: rig, ...rig, trace };
  },
`;

async function made(folder: string, subject: Subject, rule: string): Promise<{ run: RunResult; statement: Statement }> {
  const run = await runSpecification({ ...subject, seed: 1, rules: [rule], evidence: 'full', workers: 1 });
  return { run, statement: writeStatement(folder, run) };
}

async function told(
  folder: string,
  options: Partial<VerifyOptions>,
): Promise<{ standing: string; text: string; wrong: string[] }> {
  const verification = await verify(folder, options);
  const text = verification.findings.map((finding) => finding.text).join('\n');
  return { standing: verification.standing, text, wrong: contradicted(verification) };
}

describe('The driver of a statement', function () {
  this.timeout(20_000);
  const root = mkdtempSync(join(tmpdir(), 'lwf-subject-'));
  const [original, bare] = [join(root, 'original'), join(root, 'bare')];
  const image = join(bare, `${STOPS}.sys`);
  const { profile = '' } = kitImage(STOPS, BUILD);
  const copies = new Copies(original);
  let run: RunResult;

  before(async () => {
    mkdirSync(bare);
    copyFileSync(join(BUILD, `${STOPS}.sys`), image);
    ({ run } = await made(original, kitImage(STOPS, BUILD), 'DEV-03'));
  });

  after(() => {
    copies.remove();
    rmSync(root, { recursive: true, force: true });
  });

  it('may have symbols with the vendor and none with the reviewer: names of places are no difference', async () => {
    expect(run.scenarios.some(({ bugcheck = '' }) => bugcheck !== '')).to.equal(true);
    expect(run.identity.symbols).to.include({ file: `${STOPS}.pdb` });
    const same = await told(original, { ...FAILURE, driver: join(BUILD, `${STOPS}.sys`) });
    expect(same.standing, same.text).to.equal('stands');
    expect(same.text).not.to.include('symbols');
    const other = await told(original, { ...FAILURE, driver: image, profile });
    expect(other.standing, other.text).to.equal('stands');
    expect(other.text).to.match(/The symbols that lay beside the driver .* do not here: .* was not compared/);
  });

  it('has the same tokens with symbols and without', async () => {
    const without = await runSpecification({
      driver: image,
      profile,
      seed: 1,
      rules: ['DEV-03'],
      evidence: 'violations',
      workers: 1,
    });
    const tokens = ({ identity, scenarios }: RunResult): string[] => scenarios.map((each) => tokenOf(identity, each));
    expect(without.identity).not.to.have.property('symbols');
    expect(tokens(without)).to.deep.equal(tokens(run));
    expect(readToken(tokens(run)[0] ?? '')).to.include(caseOf(without.identity));
  });

  it('is found out with a reason that was edited, symbols or not', async () => {
    const folder = copies.make((copy) =>
      forge(copy, (statement) => {
        const failed = statement.scenarios.find(({ verdict }) => verdict === 'fail');
        if (failed) failed.reason = `${failed.reason ?? ''}, rarely`;
      }),
    );
    const { wrong } = await told(folder, { ...FAILURE, driver: image, profile });
    expect(wrong).to.deep.equal(['re-run']);
  });

  it('is not what its version or its size are said to be, also when nothing is played again', async () => {
    const lies: readonly ((image: { size: number; version?: Record<string, string> }) => void)[] = [
      (facts) => void (facts.version = { FileVersion: '2.0.0.0' }),
      (facts) => void (facts.size += 1),
    ];
    for (const lie of lies) {
      const folder = copies.make((copy) =>
        forge(copy, ({ identity }) => {
          if (identity.driver.image) lie(identity.driver.image);
        }),
      );
      expect((await told(folder, { driver: image })).wrong).to.deep.equal(['driver']);
    }
  });

  it('is asked for under its own name where it is to be played', async () => {
    const renamed = join(bare, 'download (1).sys');
    renameSync(image, renamed);
    try {
      const played = await told(original, { rerun: 'sample', driver: renamed, profile });
      expect(played.standing).to.equal('could not be checked');
      expect(played.text).to.match(/download \(1\)\.sys is called .*\.sys in the statement/);
      expect((await told(original, { driver: renamed })).standing, 'its content alone').to.equal('stands');
    } finally {
      renameSync(renamed, image);
    }
  });

  it('was named in the token of each scenario', async () => {
    const folder = copies.make((copy) =>
      forge(copy, ({ scenarios }) => {
        const [first] = scenarios;
        const [played] = run.scenarios;
        const { driver } = run.identity;
        const other = { ...run.identity, driver: { ...driver, image: undefined, name: 'other.sys' } };
        if (first && played) first.replay = tokenOf(other, played);
      }),
    );
    expect((await told(folder, {})).wrong).to.deep.equal(['results']);
  });

  it('was not played again by a sample of nothing, and that is said', async () => {
    const good = join(root, 'good');
    await made(good, { driver: 'reference' }, 'DET-09');
    const { standing, text } = await told(good, { rerun: 'sample', sample: 0 });
    expect(standing).to.equal('stands');
    expect(text)
      .to.match(/Nothing was played again/)
      .and.not.to.match(/0 of/);
  });

  it('cannot be held against what the statement does not name', async () => {
    const good = join(root, 'nameless');
    await made(good, { driver: 'reference' }, 'DET-09');
    const { standing, text } = await told(good, { profile });
    expect(standing).to.equal('could not be checked');
    expect(text).to.include('The statement names no profile that');
    const failure: unknown = await verify(good, { command: 'x' }).catch((caught: unknown) => caught);
    expect(failure)
      .to.have.property('message')
      .that.matches(/leave --command out/);
  });

  it('is not vouched for by scenarios of the vendor', async () => {
    const folder = join(root, 'own');
    const feature = join(root, 'own.feature');
    writeFileSync(feature, OWN_FEATURE);
    const played = await runSpecification({ driver: 'reference', seed: 1, paths: [feature], evidence: 'full' });
    expect(played.scenarios.map(({ verdict, rule }) => [verdict, rule])).to.deep.equal([['pass', 'DET-09']]);
    const { totals } = writeStatement(folder, played);
    expect(totals.rules.pass).to.equal(0);
    const { standing, text } = await told(folder, { rerun: 'all' });
    expect(standing, text).to.equal('could not be checked');
    expect(text).to.match(/own\.feature:\d+ is not of the specification/);
  });

  it('may be on an adapter that never does the same twice: verdicts are compared then', async () => {
    const folder = join(root, 'clock');
    const adapter = join(root, 'clock.cjs');
    writeFileSync(adapter, ofTheReference("name: 'clock', " + CLOCK));
    await made(folder, { adapter, driver: 'reference' }, 'DET-09');
    const { standing, text } = await told(folder, { rerun: 'all' });
    expect(standing, text).to.equal('stands');
    expect(text)
      .to.match(/played again, give the same verdicts\.$/m)
      .and.to.match(/clock does not promise the same trace/);
    const forged = new Copies(folder);
    const lie = forged.make((copy) => forge(copy, ({ identity }) => identity.adapter.capabilities.push('virtualTime')));
    expect((await told(lie, { rerun: 'all', driver: adapter })).wrong).to.deep.equal(['re-run']);
    forged.remove();
  });

  it('comes along with an adapter that is a module, which is found by its hash', async () => {
    const folder = join(root, 'module');
    const adapter = join(root, 'adapter.cjs');
    writeFileSync(adapter, ofTheReference("name: 'bench'"));
    const { statement } = await made(folder, { adapter, driver: 'reference' }, 'DET-09');
    expect(statement.reproduce).to.include(' --adapter ./adapter.cjs ');
    const found = await told(folder, { rerun: 'all' });
    expect(found.standing, found.text).to.equal('stands');
    expect((await told(folder, { driver: adapter })).standing).to.equal('stands');
    const other = join(bare, 'adapter.cjs');
    writeFileSync(other, 'exports.adapter = 1;\n');
    expect((await told(folder, { rerun: 'all', driver: other })).wrong).to.deep.equal(['driver']);
  });
});
