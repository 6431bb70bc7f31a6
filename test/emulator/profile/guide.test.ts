import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DRIVER_CAPABILITIES } from '../../../adapters/contract';
import schema from '../../../adapters/emulator/profile/profile-1.schema.json';
import { PLACEHOLDERS } from '../../../adapters/emulator/profile/names';
import { kitRoot } from '../../../src/conformance/kit-root';
import { HEAD, OPEN, read } from './profile-text';

const page = readFileSync(join(kitRoot, 'docs', 'profile.md'), 'utf8');

/** The examples; those that show a part only are made whole. */
const examples = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text = '']) => {
  const whole = text.startsWith('profile:') ? text : HEAD + text;
  return /^(asks|setup):/m.test(whole) && !/^open:/m.test(whole) ? whole + OPEN : whole;
});

describe('The guide to profiles', () => {
  it('has examples that can be read', () => {
    expect(examples.length).to.be.greaterThan(10);
    for (const text of examples) expect(() => read(text), text).not.to.throw();
  });

  it('leaves no key, no ask, no capability and no placeholder out', () => {
    const { properties, definitions } = schema;
    const words = [
      ...Object.keys(properties),
      ...Object.keys(properties.asks.properties),
      ...Object.keys(definitions.step.properties),
      ...Object.keys(definitions.field.properties),
      ...Object.keys(definitions.registryValue.properties),
      ...Object.keys(DRIVER_CAPABILITIES),
      ...Object.keys(PLACEHOLDERS).map((name) => `{${name}}`),
    ];
    for (const word of words) expect(page, word).to.contain(word);
  });

  it('points at files that are there', () => {
    const files = [...page.matchAll(/`((?:drivers|adapters)\/[\w./-]+\.\w+)`/g)].map(([, file = '']) => file);
    expect(files).not.to.have.lengthOf(0);
    for (const file of files) expect(existsSync(join(kitRoot, file)), file).to.equal(true);
  });
});
