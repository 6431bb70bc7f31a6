import { expect } from 'chai';
import { compareRuns, verdictMatrix } from '../../src/conformance/compare';
import {
  comparisonMarkdown,
  comparisonPage,
  comparisonText,
  verdictMatrixMarkdown,
  verdictMatrixPage,
  verdictMatrixText,
} from '../../src/reporting/compare';
import { FACTS, failing, result, rule, scenario } from '../conformance/compare/results';

const HOSTILE = '<img src=x onerror=alert(1)>|`**\u001b[31m';

describe('A comparison', () => {
  const older = result([rule('DET-02', 'pass'), failing('DET-05', 'a:1'), rule('PAU-07', 'pass')]);
  const newer = result(
    [
      failing('DET-02', 'b:2'),
      rule('DET-05', 'pass'),
      rule('PAU-07', 'not applicable', { reason: 'it sends nothing' }),
    ],
    {
      waivers: [{ rule: 'DET-02', reason: 'known', owner: 'us', expires: '2026-12-31', state: 'expired' }],
    },
  );

  it('is text', () => {
    expect(comparisonText(compareRuns(older, newer), { colour: false })).to.equal(
      [
        'old  mydriver.sys on emulator (jit), seed 1, specification 1.0.0, kit 0.1.0  out',
        'new  mydriver.sys on emulator (jit), seed 1, specification 1.0.0, kit 0.1.0  out',
        'note: both are of the very same driver file',
        '',
        'New failures: 1',
        '  DET-02  ✓ pass → ✗ fail',
        '      violations 0 → 1',
        '      fails now in "Name of b:2"',
        '      so it was at #3',
        '',
        'Fixed: 1',
        '  DET-05  ✗ fail → ✓ pass',
        '',
        'Changed applicability: 1',
        '  PAU-07  ✓ pass → – not applicable',
        '      it sends nothing',
        '',
        'Waivers that appeared',
        '  DET-02 until 2026-12-31 by us: known',
        '',
        '1 rule newly failing, 1 fixed; 3 rules and 2 scenarios compared.',
        '',
      ].join('\n'),
    );
  });

  it('is Markdown, and a page that needs nothing else', () => {
    const comparison = compareRuns(older, newer);
    expect(comparisonMarkdown(comparison)).to.include(
      '| DET-02 | ✓ pass | ✗ fail | violations 0 → 1; fails now in "Name of b:2"; so it was at #3 |',
    );
    const page = comparisonPage(comparison);
    expect(page).to.match(/<h2>\s*New failures \(1\)\s*<\/h2>/);
    expect(page).not.to.match(/<script|<link|src=|https?:/);
    expect(comparisonPage(comparison)).to.equal(page);
  });

  it('of many is a table', () => {
    const versions = ['1.0', '1.1', '1.2'].map((driverVersion, index) =>
      result(
        [
          index === 1 ? failing('DET-02', 'a:1') : rule('DET-02', 'pass'),
          index === 2 ? failing('DET-05', 'a:1') : rule('DET-05', 'pass'),
        ],
        {
          facts: { ...FACTS, driverVersion, driverSha256: driverVersion },
        },
      ),
    );
    const matrix = verdictMatrix(versions);
    expect(verdictMatrixText(matrix, { colour: false }))
      .to.include('RULE      A  B  C\nDET-02    ✓  ✗  ✓\nDET-05    ✓  ✓  ✗\n')
      .and.to.include('Newly failing in the last result: DET-05; 2 rules shown');
    expect(verdictMatrixMarkdown(matrix)).to.include(
      '| rule | 1.0 | 1.1 | 1.2 |\n| --- | --- | --- | --- |\n| DET-02 |',
    );
    expect(verdictMatrixPage(matrix)).to.match(/<th scope="col">1\.2<\/th>/);
    const stories = { ...matrix, newFailures: [...matrix.newFailures, 'An adapter goes', 'An adapter comes'] };
    expect(verdictMatrixText(stories, { colour: false })).to.include(
      'in the last result: DET-05, 2 scenarios under no rule; 2 rules shown',
    );
  });

  it('shows names of users as text, whatever is in them', () => {
    const hostile = (verdict: 'pass' | 'fail') =>
      result([verdict === 'fail' ? { ...failing('DET-02', 'a:1'), firstViolation: HOSTILE } : rule('DET-02', 'pass')], {
        source: HOSTILE,
        facts: { ...FACTS, driver: HOSTILE },
        scenarios: [scenario('a:1', { name: HOSTILE, ...(verdict === 'fail' && { verdict }) })],
        waivers:
          verdict === 'fail' ? [{ rule: 'DET-02', reason: HOSTILE, owner: HOSTILE, expires: 'x', state: 'used' }] : [],
      });
    const comparison = compareRuns(hostile('pass'), hostile('fail'));
    const matrix = verdictMatrix([hostile('pass'), hostile('pass'), hostile('fail')]);
    for (const page of [comparisonPage(comparison), verdictMatrixPage(matrix)]) expect(page).not.to.match(/<img/);
    for (const text of [comparisonText(comparison, { colour: false }), verdictMatrixText(matrix, { colour: false })])
      expect(text).not.to.include('\u001b');
    for (const markdown of [comparisonMarkdown(comparison), verdictMatrixMarkdown(matrix)])
      expect(markdown).not.to.match(/[^\\](<img|`)/);
  });
});
