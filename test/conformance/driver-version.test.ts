import { expect } from 'chai';
import { compareVersions, readRange, readVersion } from '../../src/conformance/driver-version';

describe('Versions of drivers', () => {
  const texts: readonly (readonly [text: string, version: readonly number[] | undefined])[] = [
    ['1.2.3.4', [1, 2, 3, 4]],
    ['v2.0', [2, 0]],
    ['10.0.19041.1 (WinBuild.160101.0800)', [10, 0, 19041, 1]],
    ['6, 1, 7600, 16385', [6, 1, 7600, 16385]],
    ['1.79 built by: WinDDK', [1, 79]],
    ['1.2.3.4.5', undefined],
    ['1.2-beta', [1, 2]],
    ['12abc', undefined],
    ['', undefined],
    ['latest', undefined],
  ];
  for (const [text, version] of texts) {
    it(`reads "${text}" as ${version?.join('.') ?? 'no version'}`, () => {
      expect(readVersion(text)).to.deep.equal(version);
    });
  }

  it('compares by numbers, and takes what is missing for 0', () => {
    expect(compareVersions([1, 10], [1, 9])).to.be.above(0);
    expect(compareVersions([1, 2], [1, 2, 0, 1])).to.be.below(0);
    expect(compareVersions([1, 2], [1, 2, 0, 0])).to.equal(0);
  });

  const ranges: readonly (readonly [range: string, inside: string, outside: string])[] = [
    ['>=1.2.0 <1.4', '1.2.0 1.2.0.1 1.3.99.7', '1.1.9 1.4.0.0 1.4.7'],
    ['<=1.4', '1.4.7 1.4.0.0 0.9', '1.5 2.0'],
    ['>1.4', '1.5.0 2.0', '1.4.0 1.4.7.9'],
    ['1.2', '1.2.0.0 1.2.9', '1.3 2.1.2'],
    ['=1.2.3.4', '1.2.3.4', '1.2.3.5'],
    ['1.2.*', '1.2.0.0 1.2.9', '1.3'],
    ['1.x', '1.2 1.9.9.9', '2.0'],
    ['*', '0.0 9.9.9.9', ''],
    ['>= 2.0 || 1.9.3', '2.0 3.1 1.9.3.7', '1.9.4 1.0'],
    ['>=1.0, <2', '1.0 1.9', '2.0'],
  ];
  for (const [range, inside, outside] of ranges) {
    it(`holds ${inside} in ${range}${outside && `, and not ${outside}`}`, () => {
      const holds = readRange(range);
      const held = (versions: string): (boolean | undefined)[] =>
        versions.split(' ').flatMap((version) => (version === '' ? [] : holds?.(readVersion(version) ?? [])));
      expect(held(inside)).not.to.include(false);
      expect(held(outside)).not.to.include(true);
    });
  }

  for (const text of ['', ' ', '^1.2', '>=', '1.2.3.4.5', '>=1.2 <', '1.2 - 1.4', '1.2.3.4.*', '||', '1.2 ||']) {
    it(`takes "${text}" for no range`, () => {
      expect(readRange(text)).to.equal(undefined);
    });
  }
});
