import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  adapterFacts,
  BadProfile,
  planAsk,
  planOpen,
  planSetup,
  readProfile,
} from '../../../adapters/emulator/profile';
import { registryValues, toDriverProfile, type EmulatorProfile } from '../../../adapters/emulator/profile';
import { kitRoot } from '../../../src/conformance/kit-root';
import { randomFrom } from '../../../src/kernel/random';

const FOLDER = join(kitRoot, 'drivers', 'profiles');
const SEEDS = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), 'utf8'));

/** What breaks readers: YAML's own signs, numbers at their limits, and names that objects have by themselves. */
const SPICE = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '&a ',
    '*a',
    '!t ',
    '? ',
    '| ',
    '>',
    '#',
    "'",
    '"',
    '\\',
    '\n',
    '\t',
    '\0',
    '---\n',
  ],
  ...[
    '<<: *a',
    '__proto__',
    'constructor',
    'toString',
    '{guid}',
    '{{',
    'count',
    'frame',
    'null',
    '~',
    'true',
    '.nan',
    '.inf',
  ],
  ...[
    '-1',
    '0',
    '4294967296',
    '1e99',
    '0xFFFFFFFFFFFFFFFF',
    '9'.repeat(40),
    '\u{1f600}',
    '\ud800',
    'pointer: [',
    'repeat: count',
  ],
];

function mutated(random: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  let text = pick(SEEDS);
  for (let left = 1 + Math.floor(random() * 6); left > 0; left -= 1) {
    const at = Math.floor(random() * text.length);
    const length = Math.floor(random() * 40);
    const kind = random();
    if (kind < 0.4) text = text.slice(0, at) + pick(SPICE) + text.slice(at);
    else if (kind < 0.6) text = text.slice(0, at) + text.slice(at + length);
    else if (kind < 0.75) text = text.slice(0, at) + pick(SPICE) + text.slice(at + length);
    else if (kind < 0.9) text = text.slice(0, at) + text.slice(at, at + length).repeat(2) + text.slice(at + length);
    else text = swapped(text, random);
  }
  return text;
}

/** Two lines change places: right YAML more often than not, and a wrong profile. */
function swapped(text: string, random: () => number): string {
  const lines = text.split('\n');
  const [from, to] = [random(), random()].map((part) => Math.floor(part * lines.length)) as [number, number];
  [lines[from], lines[to]] = [lines[to] ?? '', lines[from] ?? ''];
  return lines.join('\n');
}

/** What was read must be usable: all of it can be asked for, or says in one way that a value does not fit. */
function use(profile: EmulatorProfile): void {
  const adapter = adapterFacts(profile, 'A', 0);
  toDriverProfile(profile);
  registryValues(profile, [adapter]);
  try {
    planOpen(profile, adapter);
    planSetup(profile, adapter);
    for (const ask of Object.keys(profile.asks) as (keyof typeof profile.asks)[]) planAsk(profile, ask, adapter, 2, 0);
  } catch (error) {
    expect(error).to.be.instanceOf(RangeError);
  }
}

describe('Any text', () => {
  it('is a profile or a BadProfile with a place in the file', () => {
    const random = randomFrom(20_261_122);
    let [good, bad] = [0, 0];
    for (let run = 0; run < 1000; run += 1) {
      const text = mutated(random);
      try {
        use(readProfile(text, 'fuzz.yaml'));
        good += 1;
      } catch (error) {
        if (!(error instanceof BadProfile))
          throw new Error(`not a BadProfile for ${JSON.stringify(text)}`, { cause: error });
        const lines = text.split('\n').length;
        for (const { line, column } of error.problems) {
          expect(line, error.message).to.be.within(1, lines);
          expect(column, error.message).to.be.at.least(1);
        }
        expect(error.message).to.match(/^fuzz\.yaml:\d+:\d+: ./);
        bad += 1;
      }
    }
    // Both kinds, or the mutations are too weak or too strong.
    expect(good).to.be.greaterThan(50);
    expect(bad).to.be.greaterThan(500);
  });

  it('is a BadProfile when it is very deep or very long', () => {
    for (const text of ['['.repeat(20_000), '{a: '.repeat(5_000), '- '.repeat(20_000), 'x'.repeat(2_000_000)]) {
      expect(() => readProfile(text, 'fuzz.yaml')).to.throw(BadProfile);
    }
  });
});
