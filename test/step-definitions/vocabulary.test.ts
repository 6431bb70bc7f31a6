import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSupport } from '@cucumber/cucumber/api';
import { expect } from 'chai';
import { kitRoot, stepDefinitionGlob } from '../../src/conformance/kit-root';

interface Defined {
  readonly keyword: string;
  readonly pattern: unknown;
}

const SENTENCE = /^- (Given|When|Then) `([^`]+)`/gm;

describe('the vocabulary', () => {
  it('lists exactly the sentences that have a meaning', async () => {
    const page = readFileSync(join(kitRoot, 'step-definitions', 'VOCABULARY.md'), 'utf8');
    const listed = [...page.matchAll(SENTENCE)].map(([, keyword, sentence]) => `${keyword} ${sentence}`);
    const library: unknown = await loadSupport(
      {
        sources: { defaultDialect: 'en', paths: [], names: [], tagExpression: '', order: 'defined' },
        support: { requireModules: [], requirePaths: [stepDefinitionGlob] },
      },
      { cwd: kitRoot },
    );
    // Cucumber's types keep the contents of a support library to themselves.
    const { stepDefinitions } = library as { stepDefinitions: readonly Defined[] };
    const defined = stepDefinitions.map(({ keyword, pattern }) => `${keyword} ${String(pattern)}`);
    expect(listed).to.have.members(defined);
  });
});
