import { expect } from 'chai';
import { disputes, rules } from '../../src/rules';
import { lwf } from './lwf';

describe('lwf explain', () => {
  it('tells of a rule what it says, where it comes from and which scenarios specify it', async () => {
    const { code, out, err } = await lwf(['explain', 'PAU-11']);
    expect(out).to.match(/^PAU-11 {2}Pause {2}\(must, core profile\)\n/);
    for (const title of ['Applies to', 'If it is broken', 'Decided by', 'Sources', 'Disputes', 'Scenarios']) {
      expect(out).to.include(`\n${title}\n`);
    }
    expect(out).to.match(/^ {2}https:\/\/learn\.microsoft\.com\/windows-hardware\/drivers\/\S+$/m);
    expect(out).to.match(/^ {2}features\/pause\/\S+\.feature:\d+ {2}\S/m);
    expect(err).to.equal('');
    expect(code).to.equal(0);
  });

  it('takes an id in any case', async () => {
    expect((await lwf(['explain', 'pau-11'])).out).to.equal((await lwf(['explain', '@PAU-11'])).out);
  });

  it('tells of a dispute which reading was chosen, and for which rules', async () => {
    const { out } = await lwf(['explain', 'c2']);
    expect(out)
      .to.match(/^C2 {2}\S/)
      .and.to.include('\nReading chosen\n');
    const [rule] = disputes.find(({ id }) => id === 'C2')?.rules ?? [];
    expect(out).to.match(new RegExp(`^ {2}${rule} `, 'm'));
  });

  it('lists the rules that mention some words', async () => {
    const { out } = await lwf(['explain', 'late']);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).to.be.greaterThan(1).and.to.be.lessThan(rules.length);
    for (const line of lines) expect(line).to.match(/^[A-Z]{2,3}-\d\d  +(core|full) {2}\S/);
  });

  it('says it when no scenario specifies a rule yet', async () => {
    const unspecified = rules.find(({ profile }) => profile === 'full');
    const { out } = await lwf(['explain', unspecified?.id ?? '']);
    expect(out).to.match(/\nScenarios\n {2}\S/);
  });
});
