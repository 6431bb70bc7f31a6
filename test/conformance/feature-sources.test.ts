import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect } from 'chai';
import { CannotJudge } from '../../src/conformance';
import { planScenarios } from '../../src/conformance/cucumber';
import { featureSources } from '../../src/conformance/feature-sources';
import { featuresFolder, stepDefinitionGlob } from '../../src/conformance/kit-root';
import { featurePaths } from '../../src/conformance/selection';
import { withFolder } from '../cli/lwf';

const FEATURE = `Feature: Mine

  Scenario: One
    Given a running filter module

  Scenario: Two
    Given a running filter module
`;

/** @returns file and line of each scenario that is found there */
async function found(path: string): Promise<string[]> {
  const ids = await planScenarios({ paths: featurePaths([path]), tags: '' });
  return ids.map((id) => id.replace(/^.*\//, ''));
}

describe('Where features stand', () => {
  const names = ['v1.2', 'drivers [x64]', 'a {b,c}', 'd (1)', '!(e)', 'what*ever?', 'ü 空'];
  for (const name of names.filter((each) => process.platform !== 'win32' || !/[*?]/.test(each))) {
    it(`may be called ${name}`, () =>
      withFolder(async (folder) => {
        mkdirSync(join(folder, name, 'more'), { recursive: true });
        const file = join(folder, name, 'more', 'mine [2].feature');
        writeFileSync(file, FEATURE);
        expect(await found(join(folder, name))).to.deep.equal(['mine [2].feature:3', 'mine [2].feature:6']);
        expect(await found(file)).to.deep.equal(['mine [2].feature:3', 'mine [2].feature:6']);
        expect(await found(`${file}:6`)).to.deep.equal(['mine [2].feature:6']);
      }));
  }

  it('may hold none, and then it is none', () =>
    withFolder(async (folder) => {
      const failure: unknown = await found(folder).catch((thrown: unknown) => thrown);
      expect(failure)
        .to.be.instanceOf(CannotJudge)
        .with.property('message')
        .that.matches(/No scenario matches/);
    }));

  it('of the kit: no path says where the kit is, which may be anywhere', () => {
    const sources = featureSources(featurePaths(undefined));
    const written = readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' });
    expect(sources).to.have.length(written.filter((name) => name.endsWith('.feature')).length);
    expect([...sources, stepDefinitionGlob].filter((path) => isAbsolute(path))).to.deep.equal([]);
  });
});
