import { expect } from 'chai';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSpecification } from '../../../src/conformance';
import { makeStatement, type Statement } from '../../../src/conformance/statement';
import { sha256 } from '../../../src/conformance/identity';
import {
  brokenRun,
  change,
  contradicted,
  Copies,
  FACTS,
  forge,
  verify,
  waiversOf,
  writeStatement,
  type Editable,
} from './sample';

type Scenario = Editable['scenarios'][number];

const WAIVERS = `schema: waivers/1
waivers:
${['PAU-07', 'SO-01', 'DEV-04', 'TMR-03']
  .map(
    (rule) => `  - rule: ${rule}
    reason: a fix is on its way
    owner: drivers@example.com
    link: https://example.com/issues/1
    expires: 2026-06-30
`,
  )
  .join('')}`;

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no ${index}`);
  return found;
}

function passing(scenarios: readonly Scenario[]): Scenario {
  return at(
    scenarios.filter(({ verdict }) => verdict === 'pass'),
    0,
  );
}

function failing(statement: Editable): Scenario {
  const found = statement.scenarios.find(({ verdict }) => verdict === 'fail');
  if (!found) throw new Error('nothing fails');
  return found;
}

describe('a conformance statement', function () {
  this.timeout(20_000);
  const original = mkdtempSync(join(tmpdir(), 'lwf-statement-'));
  const waivedOriginal = mkdtempSync(join(tmpdir(), 'lwf-statement-'));
  const copies = new Copies(original);
  const waivedCopies = new Copies(waivedOriginal);
  let statement: Statement;

  before(async () => {
    const run = await brokenRun();
    statement = writeStatement(original, run);
    writeStatement(waivedOriginal, run, { ...FACTS, waivers: { list: waiversOf(WAIVERS), on: '2026-01-02' } });
  });

  after(() => {
    copies.remove();
    waivedCopies.remove();
    for (const folder of [original, waivedOriginal]) rmSync(folder, { recursive: true, force: true });
  });

  it('is the same for the same run but for the time', async () => {
    const { files } = makeStatement(await brokenRun(), { ...FACTS, time: { started: 'x', finished: 'y' } });
    const text = Buffer.from(files.get('statement.json') ?? '').toString('utf8');
    const { started, finished } = FACTS.time;
    const own = readFileSync(join(original, 'statement.json'), 'utf8');
    expect(own.replace(started, 'x').replace(finished, 'y')).to.equal(text);
  });

  it('stands when nothing was changed, and says what was played again', async () => {
    const { standing, findings } = await verify(original, { rerun: 'all' });
    expect(findings.filter(({ kind }) => kind !== 'holds')).to.have.lengthOf(1);
    expect(findings.at(-1)?.text).to.match(
      /^All 13 scenarios, played again, give the same verdicts and the same traces/,
    );
    expect(standing).to.equal('stands');
  });

  it('draws failures and a few others again, and says that a forgery of the rest would not be found out', async () => {
    const { standing, findings } = await verify(original, { rerun: 'sample', sample: 1, draw: 'word' });
    const texts = findings.filter(({ check }) => check === 're-run').map(({ text }) => text);
    expect(texts[0]).to.match(/^11 of 13 scenarios, played again/);
    expect(texts[1]).to.match(/forged consistently in the other 2 would not be found out/);
    expect(standing).to.equal('stands');
  });

  describe('that was edited and whose digest was left', () => {
    const edits: Readonly<Record<string, (edited: Editable) => void>> = {
      'a verdict': (edited) => void (at(edited.rules, 0).verdict = 'pass'),
      'a count': (edited) => void (edited.totals.rules.fail = 0),
      'the name of the driver': (edited) => void (edited.identity.driver.name = 'other'),
      'the hash of a trace': (edited) => void (at(edited.scenarios, 0).trace.sha256 = '0'.repeat(64)),
      'the order of scenarios': (edited) => void edited.scenarios.reverse(),
      'a message': (edited) => void (failing(edited).reason = 'nothing much'),
      'the environment': (edited) => void (edited.environment.platform = 'win32'),
      'the command that makes it again': (edited) => void (edited.reproduce = 'true'),
    };
    for (const [what, edit] of Object.entries(edits)) {
      it(`is found out: ${what}`, async () => {
        const verification = await verify(copies.make((folder) => change(folder, edit)));
        expect(verification.standing).to.equal('does not stand');
        expect(contradicted(verification)).to.include('digest');
      });
    }
  });

  describe('whose digest was made anew', () => {
    const edits: Readonly<Record<string, readonly [check: string, edit: (edited: Editable) => void]>> = {
      'the verdict on a rule': [
        'results',
        ({ rules }) => rules.forEach((rule) => void (rule.verdict === 'fail' && (rule.verdict = 'pass'))),
      ],
      'a rule said to be waived without waivers': [
        'results',
        ({ rules }) => rules.forEach((rule) => void (rule.verdict === 'fail' && (rule.verdict = 'waived'))),
      ],
      'a selection that chooses nothing': ['plan', ({ identity }) => void (identity.selection = { areas: ['pauses'] })],
      'the command that makes it again': ['results', (edited) => void (edited.reproduce = 'true')],
      'the token of another scenario': [
        'results',
        ({ scenarios }) => void (at(scenarios, 0).replay = at(scenarios, 1).replay),
      ],
      'a total': ['results', ({ totals }) => void (totals.rules.fail = 0)],
      'the outcome': ['results', (edited) => void (edited.outcome = 'conforms')],
      'the crossing of a violation': [
        'results',
        ({ rules }) => rules.forEach(({ violations }) => violations.forEach((violation) => (violation.at += 1))),
      ],
      'how often a rule was tested': ['results', ({ rules }) => rules.forEach((rule) => (rule.exercised += 1))],
      'a rule left out': ['results', (edited) => void edited.rules.pop()],
      'the order of rules': ['results', ({ rules }) => void rules.reverse()],
      'the verdict on a scenario': [
        'judges',
        (edited) => {
          const scenario = failing(edited);
          scenario.verdict = 'pass';
          delete scenario.reason;
          delete scenario.spoiled;
        },
      ],
      'a scenario left out': ['plan', ({ scenarios }) => void scenarios.pop()],
      'a scenario told twice': ['plan', ({ scenarios }) => void scenarios.push(at(scenarios, 0))],
      'the order of scenarios': ['plan', ({ scenarios }) => void scenarios.reverse()],
      'the name of a scenario': ['plan', ({ scenarios }) => void (at(scenarios, 0).name = 'harmless')],
      'the rule of a scenario': ['plan', ({ scenarios }) => void (at(scenarios, 0).rule = 'PAU-01')],
      'a failure said to be missing': [
        'traces',
        (edited) => {
          const { id } = failing(edited);
          edited.missing = [id];
          edited.scenarios = edited.scenarios.filter((scenario) => scenario.id !== id);
        },
      ],
      'a narrower selection': ['plan', ({ identity }) => void (identity.selection.tags = '@PAU-11')],
      'a scenario said to be spoiled': ['judges', ({ scenarios }) => void (passing(scenarios).spoiled = true)],
      'the name of the driver': ['judges', ({ identity }) => void (identity.driver.name = 'reference')],
      'the seed': ['judges', ({ identity }) => void (identity.seed = 2)],
      'the number of crossings': ['judges', ({ scenarios }) => void (at(scenarios, 0).trace.crossings += 1)],
      'the hash of a trace': ['traces', ({ scenarios }) => void (at(scenarios, 0).trace.sha256 = '0'.repeat(64))],
    };
    for (const [what, [check, edit]] of Object.entries(edits)) {
      it(`is found out: ${what}`, async () => {
        const verification = await verify(copies.make((folder) => forge(folder, edit)));
        expect(verification.standing).to.equal('does not stand');
        expect(contradicted(verification)).to.include(check).and.not.to.include('digest');
      });
    }

    it('is found out by playing again: what the adapter saw', async () => {
      const folder = copies.make((copy) =>
        forge(copy, ({ identity }) => void (identity.adapter.observation = 'white-box')),
      );
      expect(contradicted(await verify(folder, { rerun: 'sample', sample: 1 }))).to.deep.equal(['re-run']);
    });
  });

  describe('with tampered traces', () => {
    const first = (): string => at(statement.scenarios, 0).trace.file;
    const second = (): string => at(statement.scenarios, 1).trace.file;
    const hashAgain = (folder: string): void =>
      forge(folder, ({ scenarios }) =>
        scenarios.forEach(({ trace }) => (trace.sha256 = sha256(readFileSync(join(folder, trace.file))))),
      );
    const withoutLine = (folder: string): void => {
      const path = join(folder, first());
      const lines = readFileSync(path, 'utf8').split('\n');
      writeFileSync(path, lines.filter((_line, index) => index !== lines.length - 2).join('\n'));
    };
    const cases: Readonly<Record<string, readonly [check: string, tamper: (folder: string) => void]>> = {
      'a line edited': ['traces', withoutLine],
      'a line edited and hashed again': [
        'judges',
        (folder) => {
          withoutLine(folder);
          hashAgain(folder);
        },
      ],
      'a line added that is no crossing, hashed again': [
        'judges',
        (folder) => {
          const path = join(folder, first());
          writeFileSync(path, `${readFileSync(path, 'utf8')}to whom it may concern\n`);
          hashAgain(folder);
        },
      ],
      'the trace of another scenario': [
        'traces',
        (folder) => copyFileSync(join(folder, second()), join(folder, first())),
      ],
      'the trace of another scenario, hashed again': [
        'judges',
        (folder) => {
          copyFileSync(join(folder, second()), join(folder, first()));
          hashAgain(folder);
        },
      ],
      'a trace missing': ['traces', (folder) => rmSync(join(folder, first()))],
      'a trace added': ['traces', (folder) => copyFileSync(join(folder, first()), join(folder, 'traces', '1.ndjson'))],
      'all traces missing': ['traces', (folder) => rmSync(join(folder, 'traces'), { recursive: true })],
      'two scenarios with one trace': [
        'traces',
        (folder) => forge(folder, ({ scenarios }) => void (at(scenarios, 0).trace = at(scenarios, 1).trace)),
      ],
    };
    for (const [what, [check, tamper]] of Object.entries(cases)) {
      it(`is found out: ${what}`, async () => {
        const verification = await verify(copies.make(tamper));
        expect(verification.standing).to.equal('does not stand');
        expect(contradicted(verification)).to.include(check);
      });
    }

    it('is found out by playing again alone when all of it was forged, and that is said', async () => {
      const good = await runSpecification({ driver: 'reference', seed: 1, rules: ['PAU-07'], evidence: 'full' });
      const driver = { ...good.identity.driver, name: 'answers-sketch' };
      const folder = copies.make((copy) => {
        rmSync(copy, { recursive: true });
        writeStatement(copy, { ...good, driver: driver.name, identity: { ...good.identity, driver } });
      });
      const trusting = await verify(folder);
      expect(trusting.standing).to.equal('stands');
      expect(trusting.findings.at(-1)?.text).to.match(/a forger who .* would not be found out/);
      const doubting = await verify(folder, { rerun: 'sample', sample: 13 });
      expect(doubting.standing).to.equal('does not stand');
      expect(contradicted(doubting)).to.deep.equal(['re-run']);
    });
  });

  describe('with waivers', () => {
    const list = join('waived', 'waivers.yaml');

    it('stands, and tells of those that would not count today', async () => {
      const verification = await verify(waivedOriginal, { today: '2026-12-31' });
      expect(verification.standing).to.equal('stands');
      const notes = verification.findings.filter(({ check, kind }) => check === 'waivers' && kind === 'note');
      expect(notes.map(({ text }) => text).join(' ')).to.match(/The waiver of PAU-07 held until 2026-06-30/);
      const { outcome, totals, rules } = JSON.parse(
        readFileSync(join(waivedOriginal, 'statement.json'), 'utf8'),
      ) as Statement;
      expect(outcome).to.equal('conforms with waivers');
      expect(totals.rules).to.include({ fail: 0 });
      expect(totals.rules.waived).to.equal(rules.filter(({ waivedBy }) => waivedBy).length);
    });

    const cases: Readonly<Record<string, (folder: string) => void>> = {
      'an edited list': (folder) => writeFileSync(join(folder, list), WAIVERS.replaceAll('2026-06-30', '2029-06-30')),
      'a missing list': (folder) => rmSync(join(folder, list)),
      'an entry edited in the statement': (folder) =>
        forge(folder, ({ waivers }) => void (waivers && (at(waivers.entries, 0).expires = '2029-06-30'))),
      'an edited list, hashed again': (folder) => {
        const text = WAIVERS.replaceAll('2026-06-30', '2029-06-30');
        writeFileSync(join(folder, list), text);
        forge(folder, ({ waivers }) => void (waivers && (waivers.file = waiversOf(text).file)));
      },
      'the length of the list': (folder) => forge(folder, ({ waivers }) => void (waivers && (waivers.file.size += 1))),
      'another day': (folder) => forge(folder, ({ waivers }) => void (waivers && (waivers.on = '2027-01-01'))),
    };
    for (const [what, tamper] of Object.entries(cases)) {
      it(`is found out: ${what}`, async () => {
        const verification = await verify(waivedCopies.make(tamper));
        expect(contradicted(verification)).to.include('waivers');
      });
    }

    it("is held against the reviewer's own copy of the list", async () => {
      const folder = waivedCopies.make((copy) => writeFileSync(join(copy, 'own.yaml'), `${WAIVERS}# reviewed\n`));
      const own = join(folder, 'own.yaml');
      expect(contradicted(await verify(folder, { waivers: own }))).to.deep.equal(['waivers']);
      expect((await verify(folder, { waivers: join(folder, list) })).standing).to.equal('stands');
      expect(contradicted(await verify(original, { waivers: own }))).to.deep.equal(['waivers']);
    });
  });

  it('is not as lwf writes it when a member stands in it twice, or does not fit the schema', async () => {
    const edit = (replace: (text: string) => string) => (folder: string) => {
      const path = join(folder, 'statement.json');
      writeFileSync(path, replace(readFileSync(path, 'utf8')));
    };
    const twice = copies.make(edit((text) => text.replace('"outcome"', '"outcome": "conforms",\n  "outcome"')));
    expect(contradicted(await verify(twice))).to.deep.equal(['form']);
    const unknown = copies.make(edit((text) => text.replace('"outcome"', '"approved": true,\n  "outcome"')));
    const { findings } = await verify(unknown);
    expect(findings[0]?.text).to.match(/\("approved"\)/);
    const windows = copies.make(edit((text) => text.replaceAll('\n', '\r\n')));
    expect((await verify(windows)).standing, 'other ends of lines').to.equal('stands');
  });

  it('cannot be checked by another kit, or with another specification', async () => {
    const edits: readonly ((edited: Editable) => void)[] = [
      ({ identity }) => void (identity.kit = '9.9.9'),
      ({ identity }) => void (identity.specification.sha256 = '0'.repeat(64)),
    ];
    for (const edit of edits) {
      const { standing, findings } = await verify(copies.make((folder) => forge(folder, edit)));
      expect(standing).to.equal('could not be checked');
      expect(findings.at(-1)?.text).to.match(/install that version of the kit/);
    }
  });

  it('is not said to stand when the check is interrupted', async () => {
    const before = AbortSignal.abort();
    const within = new AbortController();
    for (const options of [
      { signal: before },
      { signal: within.signal, rerun: 'all', onScenario: () => within.abort() },
    ] as const) {
      const failure: unknown = await verify(original, options).catch((caught: unknown) => caught);
      expect(failure).to.have.property('name', 'CannotJudge');
      expect(failure)
        .to.have.property('message')
        .that.matches(/^interrupted: .* is not known/);
    }
  });

  it('is about no other driver', async () => {
    expect(contradicted(await verify(original, { driver: 'reference' }))).to.deep.equal(['driver']);
  });
});
