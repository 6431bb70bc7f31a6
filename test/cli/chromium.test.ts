import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findChromium } from '../../src/cli/doctor/chromium';

describe('finding a Chromium', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-chromium-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the one that CHROMIUM_PATH names, and complains when it is not there', () => {
    const named = join(folder, 'my-browser');
    expect(() => findChromium({ CHROMIUM_PATH: named })).to.throw(
      /CHROMIUM_PATH is .*my-browser, which does not exist/,
    );
    writeFileSync(named, '');
    expect(findChromium({ CHROMIUM_PATH: named, PATH: '' })).to.equal(named);
  });

  it('looks for the usual names on the path, in its order', () => {
    const executable = join(folder, process.platform === 'win32' ? 'chromium.exe' : 'chromium');
    writeFileSync(executable, '');
    expect(findChromium({ PATH: ['', join(folder, 'nowhere'), folder].join(delimiter) })).to.equal(executable);
  });
});
