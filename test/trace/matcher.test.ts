import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildMatcher, MATCHER } from '../../scripts/build-matcher';
import { findToolchain, SCRATCH } from '../../scripts/drivers/toolchain';
import { kitRoot } from '../../src/conformance/kit-root';

describe('The matcher', () => {
  it('is what its source makes: npm run build:matcher after a change', async function () {
    if (!findToolchain()) this.skip();
    mkdirSync(SCRATCH, { recursive: true });
    const folder = mkdtempSync(join(SCRATCH, 'matcher-'));
    try {
      const made = join(folder, 'matcher.wasm');
      await buildMatcher(relative(kitRoot, made).replaceAll('\\', '/'));
      expect(readFileSync(made).equals(readFileSync(join(kitRoot, MATCHER)))).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
