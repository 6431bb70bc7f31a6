import { expect } from 'chai';
import type { Violation } from '../../../src/rules';
import { rules } from '../../../src/rules';
import { ruleResults } from '../../../src/conformance/rule-results';
import { derive, type EvidencedScenario } from '../../../src/conformance/statement/derive';
import type { StatementRule } from '../../../src/conformance/statement';

function times(count: number, reading: Violation['reading'] = 'default'): Violation[] {
  return Array.from({ length: count }, (_, at) => ({ rule: 'PAU-07', reading, at, witnesses: [at], message: 'so' }));
}

function broken(id: string, violations: Violation[], strictFindings: Violation[] = []): EvidencedScenario {
  const judged = { rule: 'PAU-07', name: id, tags: [], verdict: 'fail', exercised: { 'PAU-07': 1 } } as const;
  return { ...judged, id, violations, strictFindings, traceFile: `traces/${id}.ndjson` };
}

function stated(...scenarios: EvidencedScenario[]): StatementRule | undefined {
  const evidenced = { conformance: 'full', waived: undefined, missing: [], isPart: false } as const;
  const results = ruleResults(rules, scenarios, new Set(['PAU-07']));
  return derive({ ...evidenced, scenarios, rules: results }).rules.find(({ rule }) => rule === 'PAU-07');
}

describe('A rule in a statement', () => {
  it('names every scenario in which it is broken, however often it is', () => {
    const rule = stated(broken('a', times(150)), broken('b', times(3)), broken('c', times(1)));
    expect([...new Set(rule?.violations.map(({ scenario }) => scenario))]).to.deep.equal(['a', 'b', 'c']);
    expect(rule?.violations).to.have.lengthOf(102);
    expect(rule?.unlisted).to.equal(52);
  });

  it('is not left without evidence by findings of its stricter reading', () => {
    const rule = stated(broken('a', [], times(150, 'strict')), broken('b', times(1)));
    expect(rule?.violations.filter(({ reading }) => reading === 'default')).to.have.lengthOf(1);
    expect(stated(broken('a', times(100)))).to.not.have.property('unlisted');
  });
});
