import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSpecification, traceFileOf, traceFilePath } from '../../src/conformance';
import { openAdapter, type Subject } from '../../src/conformance/adapters';
import { identityOf, type RunIdentity } from '../../src/conformance/identity';
import { imageWithVersion } from '../emulator/image/with-version';

const PROFILE = join(__dirname, '../../drivers/profiles/reference.yaml');

function identity(subject: Subject): Promise<RunIdentity> {
  const adapter = openAdapter(subject);
  return identityOf({ subject, adapter, seed: 1, conformance: 'full', selection: {} });
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('The identity of a run', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-identity-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has the kit, the specification, the driver and what it ran on, and no place of this machine', async () => {
    const { kit, specification, driver, adapter, profile } = await identity({ driver: 'reference' });
    expect(kit).to.match(/^\d+\.\d+\.\d+/);
    expect(specification.version).to.match(/^\d+\.\d+\.\d+$/);
    expect(specification.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(driver).to.deep.equal({ name: 'reference', kind: 'simulated' });
    expect(adapter).to.include({ name: 'simulator', observation: 'memory' });
    expect(adapter).not.to.have.property('engine');
    expect(adapter.capabilities).to.include('exactTrace');
    expect(profile).to.equal(undefined);
  });

  it('has the hash of a driver in TypeScript', async () => {
    const file = join(folder, 'mine.ts');
    const text = `import { ReferenceFilter, simulate } from 'ndis-lwf-spec/simulator';\nexport const driver = simulate('mine', ReferenceFilter);\n`;
    writeFileSync(file, text);
    const found = await identity({ driver: file });
    expect(found.driver).to.deep.equal({
      name: 'mine',
      kind: 'simulated',
      module: { file: 'mine.ts', sha256: sha256(text), size: text.length },
    });
    expect(JSON.stringify(found)).not.to.include(JSON.stringify(folder).slice(1, -1));
  });

  it('has the hash and the version resource of an image, and the hash of its profile', async () => {
    const file = join(folder, 'mine.sys');
    const image = imageWithVersion({ CompanyName: 'Contoso', FileVersion: '1.2.3 (release)' });
    writeFileSync(file, image);
    const { driver, profile, adapter } = await identity({ driver: file, profile: PROFILE });
    expect(driver).to.deep.equal({
      name: 'mine.sys',
      kind: 'image',
      image: {
        file: 'mine.sys',
        sha256: sha256(image),
        size: image.length,
        version: { FileVersion: '1.2.3 (release)', CompanyName: 'Contoso' },
      },
    });
    expect(profile).to.include({ file: 'reference.yaml', sha256: sha256(readFileSync(PROFILE)) });
    expect(adapter.engine).to.equal('jit');
  });

  it('names the same choice in the same words', async () => {
    const options = {
      driver: 'reference',
      seed: 1,
      evidence: 'violations',
      paths: ['features/pause/pends.feature'],
    } as const;
    const chosen = { rules: ['@pau-11'], areas: ['PAUSE'], tags: ' not @exhibit ' };
    const { selection } = (await runSpecification({ ...options, ...chosen })).identity;
    expect(selection).to.deep.equal({
      tags: 'not @exhibit',
      rules: ['PAU-11'],
      areas: ['pause'],
      paths: ['features/pause/pends.feature'],
    });
  });
});

describe('The trace of a scenario as a file', () => {
  it('lies where the scenario stands, and never outside of the folder', () => {
    const path = (uri: string): string => traceFilePath({ uri, line: 12 });
    expect(path('features/pause/pends.feature')).to.equal('traces/features/pause/pends/12.ndjson');
    expect(path('../../mine/a b.feature')).to.equal('traces/up/up/mine/a b/12.ndjson');
    expect(path('D:/x/../y.feature')).to.equal('traces/D_/x/up/y/12.ndjson');
  });

  it('begins with a header that says what it is of', () => {
    const sees = (...capabilities: string[]) => ({ identity: { adapter: { capabilities } } });
    const run = { adapter: 'simulator', driver: 'mine', seed: 7, ...sees('exactTrace') };
    const scenario = { id: 'features/a.feature:3', uri: 'features/a.feature', line: 3 };
    const trace = [{ seq: 1, dir: '->', ddi: 'DriverEntry' }] as const;
    expect(traceFileOf(run, { ...scenario, trace }).bytes.toString()).to.equal(
      '{"schema":"trace/1","adapter":"simulator","driver":"mine","seed":7,"complete":true,"scenario":"features/a.feature:3"}\n' +
        '{"seq":1,"dir":"->","ddi":"DriverEntry"}\n',
    );
    const partly = traceFileOf({ ...run, ...sees() }, { ...scenario, trace }).bytes.toString();
    expect(partly).to.match(/^\{[^}]*"complete":false/);
  });
});
