import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { prepareFeatures } from '../../src/conformance/cucumber';
import { kitRoot } from '../../src/conformance/kit-root';

const SENTENCE = /^- (?:Given|When|Then) `([^`]+)`/gm;

describe('the vocabulary', () => {
  it('lists exactly the sentences that have a meaning', async () => {
    const page = readFileSync(join(kitRoot, 'step-definitions', 'VOCABULARY.md'), 'utf8');
    const listed = [...page.matchAll(SENTENCE)].map(([, sentence]) => sentence);
    const defined: string[] = [];
    const none = { paths: [join(__dirname, 'fixtures', 'verdicts.feature')], tags: '@exhibit and not @exhibit' };
    await prepareFeatures(none, ({ stepDefinition }) => {
      if (stepDefinition) defined.push(stepDefinition.pattern.source);
    });
    expect(listed).to.have.members(defined);
  });
});
