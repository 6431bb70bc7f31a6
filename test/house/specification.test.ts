import { expect } from 'chai';
import { specificationFiles } from '../../scripts/specification/files';
import { recorded, specificationFindings, type History, type Told } from '../../scripts/specification/history';
import { statementsOf } from '../../scripts/specification/statements';
import { disputes, rules, type Rule } from '../../src/rules';

const FIRST: History = { versions: [{ version: '1.0.0', statements: { 'PAU-01': 'a', 'PAU-02': 'b' } }] };
const CHANGELOG = '# Changes\n\n## 1.0.0\n\nThe first.\n';

function told(parts: Partial<Told>): Told {
  return {
    version: '1.0.0',
    history: FIRST,
    changelog: CHANGELOG,
    statements: { 'PAU-01': 'a', 'PAU-02': 'b' },
    ...parts,
  };
}

/** The next version, recorded, with what its section of the changelog says. */
function next(version: string, statements: Told['statements'], section: string): string[] {
  const changelog = `# Changes\n\n## ${version}\n\n${section}\n\n## 1.0.0\n\nThe first.\n`;
  const now = told({ version, statements, changelog });
  return specificationFindings({ ...now, history: recorded(now) });
}

describe('The version of the specification', () => {
  it('is that of the rules as they are: whoever changes one tells what, why and from which source', () => {
    expect(specificationFindings(specificationFiles())).to.deep.equal([]);
  });

  it('must be raised when a rule has changed, is new or was removed', () => {
    const findings = specificationFindings(told({ statements: { 'PAU-01': 'x', 'PAU-03': 'c' } }));
    expect(findings).to.have.length(3);
    expect(findings[0]).to.match(/^PAU-01 has changed since specification 1\.0\.0: raise the version/);
    expect(findings[1]).to.match(/^PAU-02 was removed/);
    expect(findings[2]).to.match(/^PAU-03 is new/);
  });

  it('must be recorded', () => {
    expect(specificationFindings(told({ version: '1.0.1' })).join()).to.match(
      /specification\.json says 1\.0\.1, and features\/history\.json ends with 1\.0\.0: run npm run specification/,
    );
  });

  it('has a section in the changelog, and each change an entry with reason and source', () => {
    const statements = { 'PAU-01': 'x', 'PAU-02': 'b' };
    expect(next('1.0.1', statements, '- **PAU-01** is clearer. Why: it was not. Source: a page.')).to.deep.equal([]);
    expect(next('1.0.1', statements, 'Much.').join()).to.match(/does not tell under 1\.0\.1 what became of PAU-01/);
    expect(next('1.0.1', statements, '- **PAU-01** is clearer. Why: it was not.').join()).to.match(/has no "Source:"/);
    expect(specificationFindings(told({ changelog: '# Changes\n' })).join()).to.match(/has no section "## 1\.0\.0"/);
  });

  it('is raised by as much as changed', () => {
    const added = { 'PAU-01': 'a', 'PAU-02': 'b', 'PAU-03': 'c' };
    const entry = (id: string): string => `- **${id}** it is. Why: so. Source: a page.`;
    expect(next('1.0.1', added, entry('PAU-03')).join()).to.match(/raises less .*minor, as something is new/);
    expect(next('1.1.0', added, entry('PAU-03'))).to.deep.equal([]);
    const removed = { 'PAU-01': 'a' };
    expect(next('1.1.0', removed, entry('PAU-02')).join()).to.match(/raises less .*major, as something was removed/);
    expect(next('2.0.0', removed, entry('PAU-02'))).to.deep.equal([]);
  });

  it('that is released does not change any more; one that is not may', () => {
    const statements = { 'PAU-01': 'x', 'PAU-02': 'b' };
    expect(() => recorded(told({ statements }))).to.throw(/1\.0\.0 is released and does not change any more/);
    const open = told({ statements, changelog: '## 1.0.0 (unreleased)\n' });
    expect(recorded(open).versions).to.deep.equal([{ version: '1.0.0', statements }]);
    expect(recorded(told({}))).to.deep.equal(FIRST);
    expect(() => recorded(told({ version: '0.9.0' }))).to.throw(/does not come after 1\.0\.0/);
  });
});

describe('The statement of a rule', () => {
  const [rule] = rules as readonly [Rule, ...Rule[]];
  const feature = (text: string): string => `Feature: f\n\n  @${rule.id}\n  Rule: ${text}\n\n    Told so.\n`;
  const hash = (changed: Partial<Rule>, text = 'as it is'): string | undefined =>
    statementsOf({ rules: [{ ...rule, ...changed }], disputes }, [{ uri: 'a.feature', text: feature(text) }])[rule.id];

  it('is another one when a word of the catalogue or of its Rule: is', () => {
    expect(hash({ statement: 'Something else.' })).not.to.equal(hash({}));
    expect(hash({ profile: rule.profile === 'core' ? 'full' : 'core' })).not.to.equal(hash({}));
    expect(hash({}, 'as it is not')).not.to.equal(hash({}));
  });

  it('is the same on a system with other ends of lines', () => {
    const files = [{ uri: 'a.feature', text: feature('as it is').replaceAll('\n', '\r\n') }];
    expect(statementsOf({ rules: [rule], disputes: [] }, files)[rule.id]).to.equal(hash({}));
  });
});
