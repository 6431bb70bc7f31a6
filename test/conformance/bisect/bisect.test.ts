import { expect } from 'chai';
import { bisect, type Bisection } from '../../../src/conformance/bisect';

const STATES = { g: 'good', b: 'bad', '?': 'unknown' } as const;

/** @param versions a letter each, the oldest first: good, bad, or ? when it cannot be judged */
async function bisected(versions: string, every = false): Promise<Bisection & { readonly run: readonly number[] }> {
  const run: number[] = [];
  const found = await bisect({
    count: versions.length,
    every,
    judge: (index) => {
      run.push(index);
      return Promise.resolve({ state: STATES[versions[index] as keyof typeof STATES] });
    },
  });
  expect(found.runs).to.equal(run.length);
  expect(new Set(run).size, 'each at most once').to.equal(run.length);
  return { ...found, run };
}

describe('Bisecting versions of a driver', () => {
  const cases: readonly (readonly [versions: string, outcome: string, before?: number, after?: number])[] = [
    ['gb', 'broken', 0, 1],
    ['gggbb', 'broken', 2, 3],
    ['gbbbb', 'broken', 0, 1],
    ['ggggb', 'broken', 3, 4],
    ['bbbgg', 'mended', 2, 3],
    ['gggg', 'always good'],
    ['bbbb', 'always bad'],
    ['gg??bb', 'broken', 1, 4],
    ['?ggbb?', 'broken', 2, 3],
    ['g????b', 'broken', 0, 5],
    ['????', 'unknown'],
    ['??g?', 'unknown'],
  ];
  for (const [versions, outcome, before, after] of cases) {
    const change = before === undefined ? '' : `, between ${before} and ${after ?? ''}`;
    it(`finds ${versions} ${outcome}${change}`, async () => {
      const found = await bisected(versions);
      expect([found.outcome, found.before, found.after]).to.deep.equal([outcome, before, after]);
    });
  }

  it('finds every change of up to 40 versions, by a logarithmic number of runs', async () => {
    for (let count = 2; count <= 40; count += 1) {
      for (let change = 1; change < count; change += 1) {
        const { before, after, runs } = await bisected('g'.repeat(change) + 'b'.repeat(count - change));
        expect([before, after]).to.deep.equal([change - 1, change]);
        expect(runs).to.be.at.most(2 + Math.ceil(Math.log2(count - 1)));
      }
    }
  });

  it('always ends at a good and a bad version that stand beside each other, whatever came and went', async () => {
    for (let bits = 0; bits < 3 ** 7; bits += 1) {
      const versions = Array.from({ length: 7 }, (_, digit) => 'gb?'[Math.floor(bits / 3 ** digit) % 3] ?? '?').join(
        '',
      );
      const { outcome, before, after } = await bisected(versions);
      if (outcome !== 'broken' && outcome !== 'mended') continue;
      const between = versions.slice((before ?? 0) + 1, after);
      expect(between.replaceAll('?', ''), versions).to.equal('');
      expect((versions[before ?? 0] ?? '') + (versions[after ?? 0] ?? '')).to.equal(outcome === 'broken' ? 'gb' : 'bg');
    }
  });

  it('tells the ends that could be judged', async () => {
    expect((await bisected('?gg?')).ends).to.deep.equal([1, 2]);
  });

  it('judges every version when asked, and tells what was broken and mended in between', async () => {
    const found = await bisected('gbgg', true);
    expect(found.run).to.deep.equal([0, 1, 2, 3]);
    expect([found.outcome, found.otherChanges]).to.deep.equal([
      'always good',
      [
        [0, 1],
        [1, 2],
      ],
    ]);
    const later = await bisected('gbgbb', true);
    expect([later.outcome, later.otherChanges.length]).to.deep.equal(['broken', 2]);
  });
});
