import { expect } from 'chai';
import { createProgress, failuresText, failureText, summaryText } from '../../src/reporting';
import { failingRun, HOSTILE, matrix, run, staleHandle } from './sample';

const plain = { colour: false };
/** Back to the first column, and away with what stood there. */
const CLEAR = '\r\u001b[K';

/** What is written while the sample is played, six seconds a scenario. */
function told(interactive: boolean, options: { colour?: boolean; width?: number } = {}): string[] {
  const written: string[] = [];
  let now = 0;
  const progress = createProgress(
    { err: (text) => void written.push(text), interactive },
    { ...options, now: () => now },
  );
  run.scenarios.forEach((scenario, i) => {
    progress.onStart(scenario, i, run.scenarios.length);
    now += 6_000;
    progress.onScenario(scenario, i + 1, run.scenarios.length);
  });
  progress.over();
  return written;
}

describe('progress', () => {
  it('rewrites one line that fits the terminal while somebody watches, and leaves nothing behind', () => {
    const written = told(true, { colour: false, width: 60 });
    expect(written).to.have.length(run.scenarios.length + 1);
    for (const text of written) {
      expect(text.startsWith(CLEAR), text).to.equal(true);
      expect(text).not.to.include('\n');
      expect(text.slice(CLEAR.length).length).to.be.at.most(60);
    }
    expect(written.at(1)).to.include('1/12').and.to.include('✓ 1 pass');
    expect(written.at(-2), 'words give way where there is no room').to.match(/11\/12 {2}✓ 8 {2}/);
    expect(written.at(-1)).to.equal(CLEAR);
  });

  it('says which rule is in work, and how much time is left when that can be guessed', () => {
    const written = told(true, { colour: false, width: 200 });
    const rules = run.scenarios.map(({ id, rule = id }) => rule);
    written.slice(0, -1).forEach((text, i) => expect(text.endsWith(`  ${rules[i]}`), text).to.equal(true));
    expect(written.at(2)).not.to.include('left');
    expect(written.at(-2)).to.include('  6 s left  ');
  });

  it('takes the live line away when the run is interrupted', () => {
    const written: string[] = [];
    const progress = createProgress({ err: (text) => void written.push(text), interactive: true });
    progress.onStart({ id: 'features/a.feature:3' }, 0, 2);
    progress.over();
    progress.over();
    expect(written).to.have.length(2);
    expect(written.at(-1)).to.equal(CLEAR);
  });

  it('writes few plain lines without escapes where nobody watches, the last with all counts', () => {
    const written = told(false, { colour: true });
    expect(written.length).to.be.within(2, 9);
    for (const text of written) expect(text).to.not.include('\r').and.not.include('\u001b');
    expect(written.at(-1)).to.equal('12/12 scenarios  ✓ 9 pass  – 1 not applicable  ○ 1 not observed  ! 1 error\n');
  });

  it('counts what an interrupted run had played, whose verdicts are not told again', () => {
    const written: string[] = [];
    const progress = createProgress({ err: (text) => void written.push(text), interactive: false });
    progress.onScenario({ verdict: 'pass' }, 8, 9);
    progress.onScenario({ verdict: 'fail' }, 9, 9);
    expect(written.at(-1)).to.equal('9/9 scenarios  ✓ 1 pass  ✗ 1 fail  and 7 played before\n');
  });

  it('paints only when it may', () => {
    expect(told(true, { colour: true }).join('')).to.include('\u001b[3');
    expect(told(true, { colour: false }).join('').replaceAll(CLEAR, '')).not.to.include('\u001b');
  });
});

describe('text of a failure', () => {
  const failed = failingRun.scenarios.find(({ violations, verdict }) => verdict === 'fail' && violations.length === 1);
  if (!failed) throw new Error('the sample has a failure with one violation');

  it('has the rule, what was expected, the crossings that matter and the replay command', () => {
    const text = failureText(failed, plain);
    expect(text).to.include('PAU-11 A pause stays pending until every send');
    expect(text).to.include('What did not hold: Then the pause is pending\n    expected the pause to be pending');
    expect(text).to.include('✗ #72 m1 <-FilterPause = NDIS_STATUS_SUCCESS');
    expect(text.match(/^ +✗? *#\d+ /gm)).to.have.length(3);
    expect(text).to.include(`Play it again: ${failed.replay}`);
  });

  it('quotes three crossings of a violation with many witnesses: the beginning, the break, the end', () => {
    const [violation] = failed.violations;
    if (!violation) throw new Error('it has one');
    const text = failureText({ ...failed, violations: [{ ...violation, witnesses: [5, 9, 20, 66, 72, 74] }] }, plain);
    expect([...text.matchAll(/^ +✗? *#(\d+) /gm)].map(([, seq]) => Number(seq))).to.deep.equal([5, 72, 74]);
  });

  it('has a rule once for all that broke it, with both sides where sources differ', () => {
    const [violation] = failed.violations;
    if (!violation) throw new Error('it has one');
    const late = (nbl: string) => ({ ...violation, rule: 'PAU-13', message: `Send ${nbl} was passed down` });
    const text = failureText({ ...failed, violations: [late('n1'), late('n2')] }, plain);
    expect(text.match(/PAU-13 Sends that reach/g)).to.have.length(1);
    expect(text).to.include('Send n1 was passed down').and.to.include('Send n2 was passed down');
    expect(text.match(/^ {4}C8: The documentation has them refused/gm)).to.have.length(1);
    expect(text).to.match(/Reading: They are\s+refused/);
  });

  it('shows how it ended when a step did not hold and no judge complained', () => {
    const text = failureText({ ...failed, violations: [], trace: staleHandle }, plain);
    expect(text)
      .to.include('!!Bugcheck')
      .and.to.match(/#78 .*\n.*#79 .*\n.*#80 /);
  });

  it('never lets a name write to the terminal', () => {
    const text = failureText({ ...failed, name: '\u001b[2Jgone\nnext', reason: '\u0007' }, plain);
    expect(text.replaceAll('\n', '')).not.to.match(/\p{Cc}/u);
    expect(text).to.include('gone next');
  });

  it('is there for every failure and error of a run, and for nothing else', () => {
    const text = failuresText(failingRun, plain);
    expect(text.match(/^✗ fail /gm)).to.have.length(2);
    expect(failuresText(run, plain).match(/^! error /gm)).to.have.length(1);
    expect(failuresText({ ...run, scenarios: [] }, plain)).to.equal('');
    expect(text).not.to.match(/^\s+at /m);
  });

  it('says what a scenario that could not be judged ran into', () => {
    expect(failuresText(run, plain)).to.include(`the rig broke: ${HOSTILE}`.slice(0, 30));
  });
});

describe('summary', () => {
  it('counts each kind of verdict by itself', () => {
    const text = summaryText(run, undefined, plain);
    expect(text).to.include('12 scenarios   ✓ 9 pass  – 1 not applicable  ○ 1 not observed  ! 1 error');
    expect(text).to.include(
      '7 rules       ✓ 1 pass  – 1 not applicable  ○ 1 not observed  ! 1 error  · 3 not specified',
    );
  });

  it('says why scenarios were not observed, and in how many', () => {
    const why = 'the scenario starts from an application with a handle, which did not come about';
    const scenarios = run.scenarios.map((scenario) => ({ ...scenario, verdict: 'not observed' as const, reason: why }));
    expect(summaryText({ ...run, scenarios }, undefined, plain)).to.include(`○ not observed in 12 scenarios: ${why}\n`);
  });

  it('says what a run found not to be applicable, and not what the profile left out', () => {
    const reasons = ['x.sys does not know how it is asked for "send"', 'the profile of x.sys names no device to open'];
    const scenarios = run.scenarios.map((scenario, index) => ({
      ...scenario,
      verdict: 'not applicable' as const,
      reason: reasons[index % 2] ?? '',
    }));
    const text = summaryText({ ...run, scenarios }, undefined, plain);
    expect(text)
      .to.include(`– not applicable in 6 scenarios: ${reasons[0]}\n`)
      .and.not.to.include(reasons[1] ?? '');
  });

  it('names the broken rules and what is wrong with the matrix', () => {
    const text = summaryText(failingRun, matrix, plain);
    expect(text).to.include('✗ PAU-11 broken in 2 scenarios').and.to.include('✗ DET-06 broken in 1 scenario\n');
    expect(text).to.include('4 of 6 core rules proven').and.to.include('✗ UNL-01 has no defective driver');
  });
});
