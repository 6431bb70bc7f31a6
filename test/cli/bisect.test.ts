import { expect } from 'chai';
import { lwf } from './lwf';

describe('lwf bisect', () => {
  it('finds the first of several versions that breaks a rule, with the evidence', async () => {
    const versions = ['reference', 'counting', 'npcap-2016-first-fix', 'answers-sketch', 'answers-sketch'];
    const { code, out, err } = await lwf(['bisect', '--rule', 'pau-07', ...versions]);
    expect(err).to.match(
      /^5 versions, ordered as given, since reference names no FileVersion\.\n {2}✓ good {2}reference\n/,
    );
    expect(out)
      .to.match(/^First bad: npcap-2016-first-fix breaks PAU-07\.\nLast good: counting keeps it\.\n/)
      .and.to.match(/^ {2}"[^"]+"\s\(?features\/\S+\.feature:\d+\):$/m)
      .and.to.match(/Play it again: npx lwf run --driver npcap-2016-first-fix /)
      .and.to.match(/\d versions of 5 judged\.\n$/);
    expect(code).to.equal(1);
  });

  it('says when there is nothing to find, or the other way round', async () => {
    const same = await lwf(['bisect', '--rule', 'PAU-11', 'reference', 'reference', 'reference']);
    expect(same.code).to.equal(0);
    expect(same.out)
      .to.match(/^Both ends keep PAU-11, .*there is nothing to look for\./)
      .and.to.match(/Versions between the ends were not judged, and may do otherwise: --all judges every version\./);
    const bad = await lwf(['bisect', '--rule', 'PAU-07', 'answers-sketch', 'answers-sketch']);
    expect(bad.code).to.equal(1);
    expect(bad.out).to.match(
      /^Both ends break PAU-07: it came in with answers-sketch or before\. Add older versions\./,
    );
    const mended = await lwf(['bisect', '--rule', 'PAU-07', 'answers-sketch', 'reference', '--json']);
    expect(mended.code).to.equal(0);
    expect(JSON.parse(mended.out)).to.include({
      outcome: 'mended',
      before: 'answers-sketch',
      after: 'reference',
      runs: 2,
    });
  });

  const cases: readonly (readonly [what: string, args: readonly string[], complaint: RegExp])[] = [
    ['no rule', ['reference', 'reference'], /required option '--rule <id>' not specified/],
    ['an unknown rule', ['--rule', 'PAU-99', 'reference', 'reference'], /There is no rule PAU-99\. Did you mean/],
    [
      'one version',
      ['--rule', 'PAU-07', 'reference'],
      /At least two versions of the driver are needed, and there is only reference\./,
    ],
    [
      'a profile that is not there',
      ['--rule', 'PAU-07', '--profile', 'none.yaml', 'reference', 'reference'],
      /^lwf: Cannot read the profile none\.yaml \(there is no such file\)/,
    ],
    ['a driver that is not there', ['--rule', 'PAU-07', 'a.sys', 'b.sys'], /a\.sys \(there is no such file\)/],
    [
      'versions that cannot be judged',
      ['--rule', 'PAU-07', 'refrence', 'reference'],
      /Fewer than two of the 2 versions could be judged on PAU-07 \(refrence: There is no driver "refrence"/,
    ],
    [
      'an order that versions do not tell',
      ['--rule', 'PAU-07', '--order', 'version', 'reference', 'counting'],
      /reference names no FileVersion: give them in order, with --order given/,
    ],
  ];
  for (const [what, args, complaint] of cases) {
    it(`has a line and exit code 2 for ${what}`, async () => {
      const { code, out, err } = await lwf(['bisect', ...args]);
      expect(
        err
          .split('\n')
          .filter((each) => each.startsWith('lwf: '))
          .join(),
      ).to.match(complaint);
      expect([out, code]).to.deep.equal(['', 2]);
    });
  }
});
