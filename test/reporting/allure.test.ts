import { expect } from 'chai';
import type { TestResult } from 'allure-js-commons';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  existsSync,
  mkdirSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAllureSite, writeAllureResults } from '../../src/reporting';
import type { AppliedWaiver } from '../../src/conformance';
import { findJava, javaVersion } from '../../src/reporting/allure/java';
import { optionsOfJava } from '../../src/reporting/allure/make-site';
import { failingRun, staleHandle } from './sample';

describe('Allure', () => {
  let folder = '';
  let results: TestResult[] = [];
  const named = (name: string): TestResult => {
    const found = results.find((result) => result.name === name);
    if (!found) throw new Error(`no result is called ${name}`);
    return found;
  };
  const label = (result: TestResult, name: string): string | undefined =>
    result.labels.find((each) => each.name === name)?.value;
  const read = (file: string): string => readFileSync(join(folder, 'results', file), 'utf8');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-allure-'));
    writeAllureResults(failingRun, join(folder, 'results'));
    results = readdirSync(join(folder, 'results'))
      .filter((file) => file.endsWith('-result.json'))
      .map((file) => JSON.parse(read(file)) as TestResult);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has one result a scenario, with area, rule, scenario and severity as Allure calls them', () => {
    expect(results).to.have.length(failingRun.scenarios.length);
    const result = named('An application still holds a handle when its adapter goes away');
    expect(label(result, 'epic')).to.equal('Detach');
    expect(label(result, 'feature')).to.match(/^DET-06 /);
    expect(label(result, 'story')).to.equal(result.name);
    expect(label(result, 'severity')).to.equal('critical');
    expect(result.links.map(({ url }) => url)).to.not.be.empty;
    expect(label(named('A write after a pause that succeeded at once'), 'epic')).to.equal('Questions');
    for (const { url } of result.links) expect(url).to.match(/^https:\/\//);
  });

  it('attaches the trace, which the kit can read, and the diagram', () => {
    const { attachments } = named('An application still holds a handle when its adapter goes away');
    expect(attachments.map(({ type }) => type)).to.deep.equal(['application/x-ndjson', 'image/svg+xml']);
    const [trace, diagram] = attachments.map(({ source }) => read(source));
    const lines = (trace ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).to.have.length(staleHandle.length + 1);
    expect(lines[0]).to.include({ schema: 'trace/1', driver: 'answers-sketch' });
    expect(diagram)
      .to.match(/^<svg xmlns/)
      .and.to.include('✗ DET-06');
  });

  it('keeps the verdicts apart', () => {
    expect(named('The miniport keeps a receive back until the pause is over'))
      .to.have.nested.property('statusDetails.message')
      .that.matches(/^not applicable: /);
    expect(named('The protocol holds a receive that the filter indicated').statusDetails.message).to.match(
      /^not observed: /,
    );
    expect(named('Nothing is outstanding').status).to.equal('passed');
    expect(named('An application still holds a handle when its adapter goes away').status).to.equal('failed');
  });

  it('calls a waived failure waived, and no pass', () => {
    const others = join(folder, 'waived');
    const entry = { expires: '2026-12-31', owner: 'us', reason: 'known', link: 'https://example.com/1' };
    const waivers = {
      file: 'waivers.yaml',
      on: '2026-06-01',
      entries: [entry as AppliedWaiver],
      uncovered: [],
      verdictOf: () => 'waived' as const,
      waivedBy: () => [0],
      coverOf: () => 0,
      scenarioWaivedBy: () => [0],
    };
    writeAllureResults(failingRun, others, waivers);
    const found = readdirSync(others)
      .filter((file) => file.endsWith('-result.json'))
      .map((file) => JSON.parse(readFileSync(join(others, file), 'utf8')) as TestResult)
      .find(({ name }) => name === 'An application still holds a handle when its adapter goes away');
    expect(found?.status).to.equal('skipped');
    expect(found?.statusDetails.message).to.match(
      /^waived until 2026-12-31 by us: known \(https:\/\/example\.com\/1\): /,
    );
    expect(readFileSync(join(others, 'categories.json'), 'utf8')).to.include('Waived: it failed');
  });

  it('writes the same again, and nothing of the run before', () => {
    const before = new Map(readdirSync(join(folder, 'results')).map((file) => [file, read(file)]));
    writeFileSync(join(folder, 'results', 'old-result.json'), '{}');
    writeAllureResults(failingRun, join(folder, 'results'));
    expect(new Map(readdirSync(join(folder, 'results')).map((file) => [file, read(file)]))).to.deep.equal(before);
  });

  describe('without a Java that works', () => {
    const fakeJava = (script: string): NodeJS.ProcessEnv => {
      const home = mkdtempSync(join(folder, 'java-'));
      mkdirSync(join(home, 'bin'));
      writeFileSync(join(home, 'bin', 'java'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(home, 'bin', 'java'), 0o755);
      return { ...process.env, JAVA_HOME: home };
    };
    const skippedWith = async (environment: NodeJS.ProcessEnv, why: RegExp): Promise<void> => {
      const site = await makeAllureSite(join(folder, 'results'), join(folder, 'no-site'), { environment });
      if (site.made) throw new Error('it should have been skipped');
      expect(site.notice)
        .to.match(why)
        .and.to.match(/Install Java 8 or newer/)
        .and.not.to.include('\n');
      expect(existsSync(join(folder, 'no-site'))).to.equal(false);
    };

    it('says in one line that there is none', () => skippedWith({ PATH: folder }, /there is no Java/));
    it('says in one line that JAVA_HOME is wrong', () =>
      skippedWith({ PATH: folder, JAVA_HOME: join(folder, 'nowhere') }, /JAVA_HOME is .*nowhere/));
    it('says in one line that it is too old', function () {
      if (process.platform === 'win32') this.skip();
      return skippedWith(fakeJava(`echo 'java version "1.7.0_80"' >&2`), /Java 7 is too old/);
    });
    it('says in one line that it does not work', function () {
      if (process.platform === 'win32') this.skip();
      return skippedWith(fakeJava('exit 3'), /does not work/);
    });
  });

  it('reads the versions that Java has had', () => {
    expect(javaVersion('openjdk version "17.0.15" 2025-04-15')).to.equal(17);
    expect(javaVersion('java version "1.8.0_402"')).to.equal(8);
    expect(javaVersion('openjdk version "21-ea"')).to.equal(21);
    expect(javaVersion('command not found')).to.equal(undefined);
  });

  it('tells a Java to be quick, unless its user has told it something', () => {
    expect(optionsOfJava({ JAVA_OPTS: '' })['ALLURE_OPTS']).to.include('-XX:+UseSerialGC');
    for (const name of ['JAVA_OPTS', 'ALLURE_OPTS', 'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS']) {
      expect(optionsOfJava({ [name]: '-XX:+UseG1GC' }), name).to.deep.equal({});
    }
  });

  it('makes a site that opens from disk where there is a Java', async function () {
    if (!findJava().usable) this.skip();
    this.timeout(60_000);
    const site = await makeAllureSite(join(folder, 'results'), join(folder, 'site'));
    expect(site).to.include({ made: true });
    const page = readFileSync(join(folder, 'site', 'index.html'), 'utf8');
    expect(page).to.include('<title>');
    expect(page, 'no analytics').not.to.include('googletagmanager');
  });
});
