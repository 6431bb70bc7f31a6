import { expect } from 'chai';
import { makeStatement, type Statement } from '../../src/conformance/statement';
import { renderStatement, renderStatementSummary } from '../../src/reporting';
import { areas, rules } from '../../src/rules';
import { brokenRun, FACTS, waiversOf } from '../conformance/statement/sample';
import type { Browser } from 'playwright-core';
import { openChromium } from './chromium';

const catalogue = { rules, areas };
const WAIVERS = `schema: waivers/1
waivers:
  - rule: PAU-07
    reason: a fix <b>is</b> on its way
    owner: drivers@example.com
    link: javascript:alert(1)
    expires: 2026-06-30
`;

/** Everything as long and as much as it can be. */
function crowded(statement: Statement): Statement {
  const long = 'word '.repeat(80);
  const file = { file: `${'x'.repeat(200)}.sys`, sha256: 'a'.repeat(64), size: 123_456 };
  const { identity, waivers } = statement;
  return {
    ...statement,
    identity: {
      ...identity,
      driver: { name: long, kind: 'image', image: { ...file, version: { FileVersion: long, CompanyName: long } } },
      profile: file,
      selection: { tags: long, paths: [long] },
    },
    rules: statement.rules.map((rule) => ({ ...rule, verdict: 'fail' as const })),
    ...(waivers && {
      waivers: {
        ...waivers,
        entries: Array.from({ length: 30 }, () => waivers.entries.map((entry) => ({ ...entry, reason: long }))).flat(),
      },
    }),
    reproduce: long,
  };
}

describe('pages of a statement', function () {
  this.timeout(60_000);
  let statement: Statement;

  before(async () => {
    const waivers = { list: waiversOf(WAIVERS), on: '2026-01-02' };
    statement = makeStatement(await brokenRun(), { ...FACTS, waivers }).statement;
  });

  it('say what was run, what is broken and waived, where the evidence is, and how to check it', () => {
    const page = renderStatement(statement, catalogue);
    for (const text of [
      'answers-sketch',
      'id="rule-PAU-07"',
      'href="traces/features/pause/no-new-nbls/150.ndjson"',
      'lwf verify statement.json --rerun all',
      statement.digest,
      'drivers@example.com',
      '2026-06-30',
    ]) {
      expect(page).to.include(text);
    }
    expect(page.match(/<tr id="rule-/g)).to.have.lengthOf(rules.length);
    expect(page).to.include('a fix &#60;b&#62;is').and.not.to.include('href="javascript:');
    expect(renderStatement(statement, catalogue)).to.equal(page);
  });

  it('never say of a waived rule that it is kept', () => {
    const row = /<tr id="rule-PAU-07">.*?<\/tr>/s.exec(renderStatement(statement, catalogue))?.[0] ?? '';
    expect(row).to.include('waived').and.not.to.include('pass');
  });

  it('say how to play again what failed, and link what is broken to it', () => {
    const page = renderStatement(statement, catalogue);
    const failed = statement.scenarios.findIndex(({ verdict }) => verdict === 'fail');
    const row = new RegExp(`<tr id="scenario-${failed}">.*?</tr>`, 's').exec(page)?.[0] ?? '';
    expect(row).to.include(`npx lwf replay ${statement.scenarios[failed]?.replay}`);
    expect(page).to.include(`href="#scenario-${failed}"`);
    expect(page.match(/npx lwf replay/g)).to.have.lengthOf(
      statement.scenarios.filter(({ verdict }) => verdict === 'fail').length,
    );
  });

  it('say how many rules are waived beside those that are broken', () => {
    const { totals } = statement;
    const both = { ...totals, rules: { ...totals.rules, fail: 2, waived: 1 } };
    expect(renderStatementSummary({ ...statement, outcome: 'violations', totals: both }, catalogue)).to.include(
      '2 rules broken, 1 rule broken and waived; ',
    );
  });

  it('name what is only part of a run', () => {
    const part = renderStatementSummary({ ...statement, outcome: 'incomplete', part: { index: 2, of: 5 } }, catalogue);
    expect(part).to.include('This is part 2 of 5 of a run, and says nothing about the whole.');
  });

  describe('in a browser', () => {
    let browser: Browser | undefined;

    before(async function () {
      browser = await openChromium();
      if (browser === undefined) this.skip();
    });

    it('have a summary of exactly one page of paper, however much there is to say', async () => {
      for (const shown of [statement, crowded(statement)]) {
        const page = await browser?.newPage();
        await page?.setContent(renderStatementSummary(shown, catalogue));
        const pdf = (await page?.pdf({ preferCSSPageSize: true }))?.toString('latin1') ?? '';
        expect(pdf.match(/\/Type\s*\/Page(?!s)/g)).to.have.lengthOf(1);
        expect(pdf, 'A4').to.match(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12]/);
        await page?.emulateMedia({ media: 'print' });
        const footer = await page?.locator('.sign').boundingBox();
        const sheet = await page?.locator('.sheet').boundingBox();
        expect(footer && sheet && footer.y + footer.height <= sheet.y + sheet.height, 'room to sign').to.equal(true);
        await page?.close();
      }
    });

    it('do not run over the sides of a window', async () => {
      for (const width of [1280, 400]) {
        const page = await browser?.newPage({ viewport: { width, height: 800 } });
        await page?.setContent(renderStatement(crowded(statement), catalogue));
        const wide = await page?.evaluate<number>('document.documentElement.scrollWidth');
        expect(wide).to.be.at.most(width);
        await page?.close();
      }
    });
  });
});
