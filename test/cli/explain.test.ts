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

  it('tells the stories of drivers that break a rule, and by which signs a dump leads to it', async () => {
    const { out } = await lwf(['explain', 'DET-06']);
    expect(out).to.match(/\nDrivers of the kit that break it\n {2}\S+\n {4}\S/);
    expect(out).to.match(/\nIn a dump\n {2}a fault inside NdisFSendNetBufferLists/);
    expect(out).to.match(/\nShown in\n {2}features\/questions\/\S+:\d+ {2}Before any fix/);
    expect((await lwf(['explain', 'PAU-04'])).out).to.match(/0x7C or live dump 0x15E, parameters 0x25, 0x11/);
  });

  it('plays the drivers that break a rule, and tells how they end', async () => {
    const { out, code } = await lwf(['explain', 'PAU-20', '--play']);
    expect(out).to.match(/\n {4}Caught in features\/\S+:\d+ \(/);
    expect(out).to.match(/\n {4}The modelled system stops: IRQL_NOT_LESS_OR_EQUAL \(0xA\)/);
    expect(code).to.equal(0);
  });

  it('searches rules, disputes, scenarios and drivers for words, the best first', async () => {
    const { out } = await lwf(['explain', 'late', 'send']);
    for (const title of ['Rules', 'Scenarios', 'Drivers of the kit'])
      expect(out).to.match(new RegExp(`^${title}$`, 'm'));
    for (const line of out.split('\n').filter((each) => each.startsWith('  ')))
      expect(line).to.match(/^ {2}\S+ {1,}\S/);
    const [, first] = (await lwf(['explain', 'FilterPause', 'pending'])).out.split('\n');
    expect(first).to.match(/^ {2}PAU-\d\d /);
    const all = await lwf(['explain', '--all', 'send']);
    expect(all.out.length).to.be.greaterThan((await lwf(['explain', 'send'])).out.length);
  });

  it('shows the rule itself when nothing else has the words', async () => {
    const { out } = await lwf(['explain', 'NdisGeneratePartialCancelId']);
    expect(out).to.match(/^SO-08 /);
  });

  it('says it when nothing has the words', async () => {
    const { code, err } = await lwf(['explain', 'zebra']);
    expect(code).to.equal(2);
    expect(err).to.match(/^lwf: Nothing mentions "zebra"\. [^\n]+\n$/);
  });

  it('says it when no scenario specifies a rule yet', async () => {
    const unspecified = rules.find(({ profile }) => profile === 'full');
    const { out } = await lwf(['explain', unspecified?.id ?? '']);
    expect(out).to.match(/\nScenarios\n {2}\S/);
  });
});
