import { expect } from 'chai';
import { renderLivingDocumentation, type LivingDocumentation } from '../../src/reporting';
import * as wholeCatalogue from '../../src/rules';
import { bigFeatures, bigMatrix, bigRun } from './big-sample';
import { catalogue, failingRun, features, HOSTILE, matrix, run, runOf } from './sample';

const sample: LivingDocumentation = { run, otherRuns: [failingRun], matrix, features, catalogue };

function ids(page: string): string[] {
  return [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id ?? '');
}

/** The part of the page with that id, up to the end of its element of that name. */
function part(page: string, tag: string, id: string): string {
  const start = page.indexOf(`id="${id}"`);
  if (start < 0) throw new Error(`the page has no ${id}`);
  let depth = 1;
  const tags = new RegExp(`<(/?)${tag}\\b`, 'g');
  tags.lastIndex = start;
  for (let found = tags.exec(page); found; found = tags.exec(page)) {
    depth += found[1] === '/' ? -1 : 1;
    if (depth === 0) return page.slice(start, found.index);
  }
  throw new Error(`${id} does not end`);
}

const words = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('living documentation', () => {
  const page = renderLivingDocumentation(sample);

  it('is the same, byte for byte, for the same input', () => {
    expect(renderLivingDocumentation(structuredClone(sample))).to.equal(page);
  });

  it('is one page that asks for nothing: no source, style sheet, script or picture from elsewhere', () => {
    expect(page).not.to.match(/<link\b|<iframe\b|<img\b|<object\b|@import|url\((?!#)/);
    expect(page).not.to.match(/<[a-z]+[^>]*\ssrc=/);
    expect(page).to.include('default-src &#39;none&#39;');
  });

  it('has each anchor once, and a target for each of its own links', () => {
    const anchors = ids(page);
    expect(anchors.filter((id, i) => anchors.indexOf(id) !== i)).to.deep.equal([]);
    const dead = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id ?? '').filter((id) => !anchors.includes(id));
    expect(dead).to.deep.equal([]);
  });

  it('keeps hostile text text', () => {
    expect(page).not.to.match(/<img|<script>alert|onerror="alert/);
    expect(page).to.include('&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#60;/script&#62;');
    const hostile = renderLivingDocumentation({
      ...sample,
      run: { ...run, driver: HOSTILE, adapter: HOSTILE, kit: HOSTILE },
      matrix: {
        ...matrix,
        problems: [HOSTILE],
        reference: [HOSTILE],
        rules: [...matrix.rules, HOSTILE],
        rows: matrix.rows.map((row) => ({
          ...row,
          driver: `${HOSTILE}${row.driver}`,
          explained: { 'DET-06': HOSTILE },
        })),
      },
    });
    expect(hostile).not.to.match(/<img|<script>alert|onerror="alert/);
    expect(hostile.match(/<script>/g)).to.have.length(1);
  });

  it('counts each kind of verdict by itself', () => {
    const totals = words(part(page, 'section', 'verdict'));
    expect(totals).to.match(/✓ pass ✗ fail – not applicable ○ not observed ! error · not specified/);
    expect(totals).to.match(/12 scenarios reference 9 0 1 1 1 –/);
    expect(totals).to.match(/6 core rules reference 1 0 1 1 1 2/);
    expect(totals).to.match(/7 rules in all reference 1 0 1 1 1 3/);
  });

  it('shows the runs side by side: verdicts of each scenario and rule, totals, and where they differ', () => {
    const summary = /<summary>(?:(?!<\/summary>).)*A write after a pause that succeeded at once.*?<\/summary>/s.exec(
      page,
    )?.[0];
    expect(words(summary ?? '')).to.include('reference ✓ pass answers-sketch ✓ pass');
    expect(words(part(page, 'section', 'verdict'))).to.match(
      /Of \d+ scenarios played in each run, 3 scenarios ended differently/,
    );
    expect(words(part(page, 'section', 'beside'))).to.match(/3 with different verdicts.*✓ pass ✗ fail/);
    const alone = renderLivingDocumentation({ ...sample, otherRuns: [] });
    expect(alone).not.to.match(/id="beside"|class="of-run"/);
  });

  it('never calls a run without failures clean when something could not be judged', () => {
    expect(words(part(page, 'section', 'verdict'))).to.include('1 scenario could not be judged');
    const clean = renderLivingDocumentation({ ...sample, run: runOf('reference', {}), otherRuns: [] });
    expect(words(part(clean, 'section', 'verdict')))
      .to.include('no rule was found broken')
      .and.not.to.include('could not be judged');
  });

  it('never calls a run without failures clean when nothing was seen, and says of a shard that it is one', () => {
    const empty = { ...runOf('reference', {}), scenarios: [], part: { index: 3, of: 5, total: 2, plan: '' } };
    const alone = renderLivingDocumentation({ ...sample, run: empty, otherRuns: [] });
    expect(words(part(alone, 'section', 'verdict')))
      .to.include('no rule was found broken, and none was seen to be kept')
      .and.to.include('This is shard 3 of 5, with 0 of 2 scenarios, and says nothing about the whole');
    expect(alone).not.to.include('class="outcome pass"');
    const clean = renderLivingDocumentation({ ...sample, run: runOf('reference', {}), otherRuns: [] });
    expect(words(part(clean, 'section', 'verdict'))).not.to.match(/shard|seen to be kept/);
  });

  it('shows a rule with its words, sources, verdict per driver and scenarios as written', () => {
    const rule = words(part(page, 'details', 'rule-PAU-11'));
    for (const text of [
      'The pause does not complete before every send NBL that the module originated has come back.',
      'must: the documentation requires or forbids it',
      'The pool is freed under a live NBL',
      'NdisFilterTimedPauseComplete',
      'Own and queued NBLs gate the pause',
      'reference on simulator: ✓ pass',
      'answers-sketch on simulator: ✗ fail',
      'pause-succeeds-at-once',
      'Given a running filter module (background)',
      'inside the call 1 ✓ pass',
    ]) {
      expect(rule).to.include(text);
    }
    expect(part(page, 'details', 'rule-PAU-11')).to.include(
      'href="https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nc-ndis-filter_pause"',
    );
  });

  it('answers a question in words, in the paragraphs of its author, and says that an exhibit is one', () => {
    const question = part(page, 'article', 'feature-questions-why-did-the-first-fix-still-crash');
    expect(words(question)).to.include('it always answered SUCCESS. The user-mode handle kept the NDIS handle');
    expect(words(question)).to.include('exhibit of PAU-11, DET-06 broken');
    expect(question).to.include('✗ DET-06</tspan>');
  });

  it('puts the question of a driver that crashed first', () => {
    expect(page.indexOf('feature-questions-why-did')).to.be.lessThan(page.indexOf('feature-questions-why-is'));
  });

  it('shows each failure with what was expected, the violation, its diagram and the replay command', () => {
    const failures = part(page, 'section', 'failures');
    expect(words(failures)).to.include('No scenario failed with reference on simulator.');
    expect(words(failures)).to.include('answers-sketch on simulator 2 scenarios failed');
    expect(words(failures)).to.include('What did not hold: Then the write fails expected the pause to be pending');
    expect(words(failures)).to.include('#79 m1 =&#62;NdisFSendNetBufferLists [n8] (IRQL 0) ✗ breaks it');
    expect(words(failures)).to.include('npx lwf run --driver answers-sketch features/detach/after-detach.feature:5');
    expect(words(failures)).to.match(/Elsewhere: npx lwf replay lwf1-[\w-]+/);
    expect(failures.match(/class="sq-row sq-broken"/g)).to.have.length(3);
  });

  it('marks the four kinds of the matrix by signs', () => {
    const table = part(page, 'section', 'matrix');
    expect(table).to.match(/aria-label="PAU-11, pause-succeeds-at-once: own"\s*>●</);
    expect(table).to.match(/aria-label="DET-06, pause-succeeds-at-once: explained"\s*>○</);
    expect(table).to.match(/aria-label="DET-03, pause-succeeds-at-once: unexplained"\s*>▲</);
    expect(table).to.match(/aria-label="DET-03, leaks-its-pool: missed"\s*>✗</);
    expect(words(table)).to.include('UNL-01 has no defective driver');
  });

  it('says what was not specified, not observed, not applicable, not covered', () => {
    const gaps = words(part(page, 'section', 'gaps'));
    expect(gaps).to.include('3 rules not specified.').and.to.include('2 core rules among them: DET-03 , UNL-01');
    expect(gaps).to.include('1 rule not observed.').and.to.include('the adapter can not hold receives back');
    expect(gaps).to.include('1 rule not applicable.').and.to.include('the driver does not originate receives');
    expect(gaps).to.include('1 scenario with an error.');
    expect(gaps).to.include('2 core rules not proven.');
    expect(gaps).to.include('Attaching → Detached').and.to.include('Restarting → Restarting');
  });

  it('says so when no matrix was made', () => {
    const { matrix: _, ...rest } = sample;
    const without = renderLivingDocumentation(rest);
    expect(words(part(without, 'section', 'matrix'))).to.include('Not part of this run');
    expect(words(part(without, 'section', 'verdict'))).to.include('does not say whether each rule can fail');
  });

  it('says of a run whose failures are all waived that it failed, and that somebody answers for it', () => {
    const verdicts = new Map(failingRun.rules.map(({ rule, verdict }) => [rule, verdict]));
    const waivers = {
      file: 'waivers.yaml',
      on: '2026-06-01',
      entries: [],
      uncovered: [],
      verdictOf: (rule: string) => (verdicts.get(rule) === 'pass' ? ('pass' as const) : ('waived' as const)),
      waivedBy: () => [],
      coverOf: () => 0,
      scenarioWaivedBy: () => [0],
    };
    const scenarios = failingRun.scenarios.filter(({ verdict }) => verdict !== 'error');
    const waived = renderLivingDocumentation({ ...sample, otherRuns: [], run: { ...failingRun, scenarios }, waivers });
    const hero = part(waived, 'section', 'verdict');
    expect(hero).to.match(/class="outcome waived"/);
    expect(words(hero))
      .to.match(/\d+ rules? broken and waived/)
      .and.not.to.include('found broken');
  });

  it('shows a scenario that was not part of the run as not run', () => {
    const partial = renderLivingDocumentation({ ...sample, run: { ...run, scenarios: run.scenarios.slice(0, 1) } });
    expect(words(partial)).to.include('not run');
  });

  it('stays well under 5 MB for the whole specification with its matrix', () => {
    const whole = renderLivingDocumentation({
      run: bigRun,
      matrix: bigMatrix,
      features: bigFeatures,
      catalogue: wholeCatalogue,
    });
    expect(bigRun.scenarios.length).to.be.greaterThan(300);
    expect(Buffer.byteLength(whole)).to.be.lessThan(4_000_000);
  });

  it('bounds what diagrams may cost, and says where a trace is that has none', () => {
    const long = run.scenarios[0]?.trace ?? [];
    const huge = Array.from({ length: 40 }, () => long)
      .flat()
      .map((crossing, i) => ({ ...crossing, seq: i + 1 }));
    const text = renderLivingDocumentation({
      ...sample,
      otherRuns: [],
      run: { ...run, scenarios: run.scenarios.map((s) => ({ ...s, trace: huge, violations: [] })) },
    });
    expect(text).to.include('too many for one picture; they are in run.json');
  });
});
