/** The page as a reader meets it: from disk, in a real browser, with the keyboard. */
import axe, { type AxeResults } from 'axe-core';
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { renderLivingDocumentation } from '../../src/reporting';
import { openChromium } from './chromium';
import { catalogue, failingRun, features, matrix, run, staleHandle } from './sample';

describe('living documentation in a browser', function () {
  this.timeout(60_000);
  let folder = '';
  let address = '';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** Console errors, uncaught errors, dialogs and requests that left the disk. */
  let complaints: string[] = [];

  before(async function () {
    const opened = await openChromium();
    if (opened === undefined) this.skip();
    browser = opened;
    folder = mkdtempSync(join(tmpdir(), 'lwf-browser-'));
    const page = join(folder, 'index.html');
    writeFileSync(page, renderLivingDocumentation({ run: failingRun, otherRuns: [run], matrix, features, catalogue }));
    address = pathToFileURL(page).href;
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    complaints = [];
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await context.route('**/*', (route) => {
      const url = route.request().url();
      if (url.startsWith('file:')) return route.continue();
      complaints.push(`request ${url}`);
      return route.abort();
    });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`error ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(address);
  });

  afterEach(async () => {
    await context.close();
    expect(complaints).to.deep.equal([]);
  });

  const focused = (): Promise<string> =>
    page.evaluate<string>(
      `(({ id, parentElement }) => id || parentElement.id)(document.activeElement ?? { id: '', parentElement: { id: '' } })`,
    );

  /** The page follows an address in an event that comes after the address has changed. */
  const opened = (id: string): Promise<void> => page.locator(`#${id}[open]`).waitFor();

  it('says on the first screen what was run and what was found', async () => {
    const outcome = page.locator('.outcome').first();
    expect(await outcome.innerText()).to.include(
      'answers-sketch on the simulator: 2 rules found broken, 2 scenarios failed',
    );
    const box = await outcome.boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 0)).to.be.lessThan(800);
  });

  it('finds a rule by the keyboard alone, opens it and puts the focus there', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('pau-1');
    const found = page.locator('#found [role=option]');
    expect(await found.first().innerText()).to.match(/^rule\s+PAU-11/);
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#search').getAttribute('aria-activedescendant')).to.equal(
      await found.nth(1).getAttribute('id'),
    );
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${address}#rule-PAU-11`);
    await opened('rule-PAU-11');
    expect(await focused()).to.equal('rule-PAU-11');
  });

  it('finds scenarios, questions and drivers by any part of their words', async () => {
    for (const [asked, kind] of [
      ['holds a handle', 'scenario'],
      ['first fix', 'question'],
      ['forgets-rec', 'driver'],
    ] as const) {
      await page.locator('#search').fill(asked);
      expect(await page.locator('#found').innerText(), asked).to.include(kind);
    }
    await page.locator('#search').fill('no such thing anywhere');
    expect(await page.locator('#found').isHidden()).to.equal(true);
    expect(await page.locator('#found-count').innerText()).to.equal('0 found');
  });

  it('lets the keyboard skip to the content', async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#main:focus').waitFor();
  });

  it('opens what an address names, also inside what is folded', async () => {
    await page.goto(`${address}#scenario-pause-outstanding-sends-14`);
    await opened('rule-PAU-11');
    expect(await page.locator('#scenario-pause-outstanding-sends-14 .steps').isVisible()).to.equal(true);
  });

  it('shows a failure with its diagram, the violating crossing marked, and the whole trace on demand', async () => {
    const failure = page.locator('.failure').first();
    expect(await failure.locator('svg.sq').isVisible()).to.equal(true);
    const broken = failure.locator('svg .sq-row.sq-broken');
    expect(await broken.allTextContents()).to.satisfy((texts: string[]) =>
      texts.some((text) => text.includes('NdisFSendNetBufferLists') && text.includes('✗ DET-06')),
    );
    const fill = await page.evaluate(
      `getComputedStyle(document.querySelector('.failure svg .sq-broken .sq-mark')).fill`,
    );
    expect(fill).to.match(/^rgb/).and.not.to.equal('rgb(255, 255, 255)');
    expect(await failure.locator('.command code').first().innerText()).to.match(
      /^npx lwf run --driver answers-sketch /,
    );

    const button = failure.locator('button.show');
    await button.click();
    const whole = failure.locator('.diagram').nth(1);
    await whole.locator('svg').waitFor();
    expect(await whole.locator('.sq-row').count()).to.equal(staleHandle.length);
    expect(await button.getAttribute('aria-expanded')).to.equal('true');
    await button.click();
    expect(await whole.isHidden()).to.equal(true);
  });

  it('goes through the kill matrix by arrow keys and tells the story of a defect', async () => {
    await page.locator('.matrix tbody a.k').first().focus();
    expect(await page.locator('#matrix-story').innerText()).to.include('originates-receives-while-paused');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#matrix-story').innerText()).to.include('pause-succeeds-at-once');
    expect(await page.locator('.matrix tbody [tabindex="0"]').count()).to.equal(1);
    await page.locator('#matrix-area').selectOption('detach');
    expect(await page.locator('.matrix tbody a[href="#rule-PAU-11"]').isHidden()).to.equal(true);
    expect(await page.locator('.matrix a[href="#driver-pause-forgets-receives"]').first().isHidden()).to.equal(true);
    expect(await page.locator('.matrix a[href="#driver-stale-handle"]').first().isVisible()).to.equal(true);
  });

  it('is light or dark as the system says, until the reader chooses', async () => {
    const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    expect(dark).not.to.equal(light);
    await page.locator('#theme').click();
    expect(await background()).to.equal(light);
    await page.reload();
    expect(await background()).to.equal(light);
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await background()).to.equal(light);
  });

  it('needs no sideways scrolling on a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(360);
  });

  it('shows all totals at once, on a wide and on a narrow screen, beside a scroll bar too', async () => {
    const hidden = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.totals').parentElement)`;
    for (const width of [1265, 385]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(hidden), `${width} pixels`).to.equal(0);
    }
  });

  it('opens what is folded for printing, and folds it again', async () => {
    const open = (): Promise<number> => page.locator('details[open]').count();
    const before = await open();
    await page.evaluate(`window.dispatchEvent(new Event('beforeprint'))`);
    expect(await open()).to.equal(await page.locator('details').count());
    await page.evaluate(`window.dispatchEvent(new Event('afterprint'))`);
    expect(await open()).to.equal(before);
  });

  // The second time only what colours can change: the rules take their time.
  for (const [colorScheme, only] of [
    ['light', ''],
    ['dark', `, runOnly: ['color-contrast']`],
  ] as const) {
    it(`has no serious accessibility problem (${colorScheme})`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<AxeResults>(
        `axe.run(document, { resultTypes: ['violations']${only} })`,
      );
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 160))
              .join(' | ')}`,
        );
      expect(serious).to.deep.equal([]);
    });
  }
});
