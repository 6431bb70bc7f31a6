import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotJudge } from '../../../src/conformance';
import { kitRoot } from '../../../src/conformance/kit-root';
import { readWaivers } from '../../../src/conformance/waivers';
import { writtenScenarios } from '../../../src/conformance/written-scenarios';

const GOOD = `schema: waivers/1
waivers:
  - rule: PAU-11
    reason: The pause completes early when a work item is late
    owner: drivers@example.com
    link: https://example.com/issues/812
    expires: 2026-12-31
`;

/** The good list with one line of its waiver replaced, or another added. */
function withLine(line: string): string {
  const key = line.slice(0, line.indexOf(':') + 1);
  const lines = GOOD.split('\n').filter((each) => !each.trim().replace(/^- /, '').startsWith(key));
  if (key === 'rule:') return GOOD.replace('rule: PAU-11', line);
  return `${lines.filter((each) => each !== '').join('\n')}\n    ${line}\n`;
}

const SCENARIOS = [
  { id: 'features/pause/pending.feature:12', name: 'The adapter is disabled while two sends are out' },
  { id: 'features/pause/pending.feature:40', name: 'Nothing is out' },
];

function complaintOf(text: string): string {
  try {
    readWaivers(text, 'waivers.yaml', SCENARIOS);
  } catch (failure) {
    expect(failure).to.be.instanceOf(CannotJudge);
    return (failure as Error).message;
  }
  return 'none';
}

describe('A list of waivers', () => {
  it('is read with the line of each waiver', () => {
    const second = GOOD.slice(GOOD.indexOf('  - rule')).replace('PAU-11', 'pau-07');
    const text = `${GOOD}${second}    scenario: features\\pause\\pending.feature:12\n    versions: ">=1.2.0 <1.4"\n`;
    const { file, entries } = readWaivers(text.replaceAll('\n', '\r\n'), 'waivers.yaml', SCENARIOS);
    expect(file).to.equal('waivers.yaml');
    expect(entries.map(({ rule, line }) => `${rule} ${line}`)).to.deep.equal(['PAU-11 3', 'PAU-07 8']);
    expect(entries[1]).to.deep.include({
      scenario: 'features/pause/pending.feature:12',
      versions: '>=1.2.0 <1.4',
      expires: '2026-12-31',
    });
  });

  it('may be an empty list', () => {
    expect(readWaivers('schema: waivers/1\nwaivers: []\n', 'w.yaml').entries).to.deep.equal([]);
  });

  it('names scenarios of the specification by id or by name', () => {
    const [first] = writtenScenarios();
    for (const scenario of [first?.id, JSON.stringify(first?.name)]) {
      expect(readWaivers(withLine(`scenario: ${scenario ?? ''}`), 'w.yaml').entries[0]?.scenario).not.to.equal(
        undefined,
      );
    }
  });

  const cases: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
    ['an empty file', '', /^waivers\.yaml:1:1: a list of waivers is empty; expected: the line `schema: waivers\/1`/],
    ['a list alone', '- rule: PAU-11\n', /^waivers\.yaml:1:1: a list of waivers is a list; expected/],
    ['no YAML', 'waivers: [\n', /^waivers\.yaml:\d+:\d+: this is not YAML as a list of waivers uses it/],
    ['a key twice', `${GOOD}    rule: PAU-12\n`, /^waivers\.yaml:8:5: .*Map keys must be unique/],
    ['bytes', 'MZ\0\0', /^waivers\.yaml:1:3: this is no text/],
    ['a code page', GOOD.replace('reason: ', 'reason: caf\ufffd, '), /^waivers\.yaml:4:\d+: this is no text in UTF-8/],
    ['a huge file', `# ${'x'.repeat(1_000_001)}`, /never larger than 1 MB/],
    ['brackets without end', '['.repeat(20_000), /^waivers\.yaml:1:1: .* never nested deeper/],
    ['no schema', GOOD.replace('schema: waivers/1\n', ''), /^waivers\.yaml:1:1: .*lacks "schema"/],
    [
      'another schema',
      GOOD.replace('/1\n', '/2\n'),
      /^waivers\.yaml:1:9: "schema" is "waivers\/2"; expected: .*waivers\/1/,
    ],
    [
      'a waiver that is none',
      'schema: waivers/1\nwaivers:\n  - PAU-07\n',
      /^waivers\.yaml:3:5: this waiver is "PAU-07"; expected: a mapping/,
    ],
    [
      'an unknown rule',
      withLine('rule: PAU-99'),
      /^waivers\.yaml:3:11: there is no rule PAU-99; did you mean "PAU-\d\d"\?/,
    ],
    ['a rule that is a number', withLine('rule: 11'), /^waivers\.yaml:3:11: "rule" is the number 11; expected: the id/],
    [
      'a key that is misspelt',
      withLine('expire: 2026-12-31').replace('    expires: 2026-12-31\n', ''),
      /^waivers\.yaml:7:5: "expire" is no key here; did you mean "expires"\? \(known: rule, /,
    ],
    [
      'no expiry',
      GOOD.replace(/ +expires.*\n/, ''),
      /^waivers\.yaml:3:5: this waiver \(PAU-11\) lacks "expires": the last day/,
    ],
    ['no owner', GOOD.replace(/ +owner.*\n/, ''), /lacks "owner": who answers for it/],
    ['an empty reason', withLine('reason: " "'), /^waivers\.yaml:7:13: "reason" is empty; expected: why/],
    ['an empty owner', withLine('owner:'), /"owner" is empty; expected: who/],
    ['an empty link', withLine('link: ""'), /"link" is empty; expected: where/],
    [
      'a day in another form',
      withLine('expires: 31.12.2026'),
      /^waivers\.yaml:7:14: "expires" is "31\.12\.2026"; expected: the last day .*YYYY-MM-DD/,
    ],
    ['a day that is none', withLine('expires: 2026-02-30'), /^waivers\.yaml:7:14: there is no day 2026-02-30/],
    [
      'a range that is none',
      withLine('versions: ^1.2'),
      /^waivers\.yaml:8:15: "\^1\.2" is no range of versions: write it like ">=1\.2\.0 <1\.4"/,
    ],
    ['a version without quotes', withLine('versions: 1.10'), /"versions" is the number 1\.1; expected: .*in quotes/],
    [
      'a scenario in the wrong line',
      withLine('scenario: features/pause/pending.feature:14'),
      /there is no scenario "features\/pause\/pending\.feature:14"; the nearest in that file is features\/pause\/pending\.feature:12 \(The adapter/,
    ],
    [
      'a file that is not there',
      withLine('scenario: features/pause/pendin.feature:12'),
      /did you mean "features\/pause\/pending\.feature"\?/,
    ],
    [
      'a scenario that is misspelt',
      withLine('scenario: Nothing is aut'),
      /there is no scenario "Nothing is aut"; did you mean "Nothing is out"\?/,
    ],
    [
      'the same twice',
      GOOD + GOOD.slice(GOOD.indexOf('  - rule')),
      /^waivers\.yaml:8:5: PAU-11 is waived for the same in line 3/,
    ],
  ];
  for (const [what, text, complaint] of cases) {
    it(`is refused for ${what}, with place and remedy`, () => {
      expect(complaintOf(text)).to.match(complaint);
    });
  }

  it('is refused with all its faults, in the order of the file', () => {
    const text = GOOD.replace('PAU-11', 'PAU-99').replace('2026-12-31', '2026-13-01');
    expect(complaintOf(text)).to.match(/^waivers\.yaml:3:11: there is no rule.*; waivers\.yaml:7:14: there is no day/);
  });
});

describe('docs/waivers.md', () => {
  it('shows a list that can be read', () => {
    const text = readFileSync(join(kitRoot, 'docs/waivers.md'), 'utf8');
    const [, example = ''] = /```yaml\r?\n(.*?)```/s.exec(text) ?? [];
    expect(readWaivers(example, 'docs/waivers.md').entries.map(({ rule }) => rule)).to.deep.equal(['PAU-11', 'DET-03']);
  });
});
