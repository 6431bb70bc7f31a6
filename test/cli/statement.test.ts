import Ajv from 'ajv';
import { expect } from 'chai';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import type { Statement, Verification } from '../../src/conformance/statement';
import { packageExports } from '../../src/conformance/kit-root';
import schema from '../../src/conformance/statement/statement-1.schema.json';
import { lwf, withFolder } from './lwf';

const BROKEN = ['--driver', 'answers-sketch', '--rule', 'PAU-07', '--no-allure'];
const WAIVERS = `schema: waivers/1
waivers:
${['PAU-07', 'SO-01', 'DEV-04', 'TMR-03'].map((rule) => `  - { rule: ${rule}, reason: known, owner: me, link: "#1", expires: 2026-06-30 }\n`).join('')}`;

function statementIn(folder: string): Statement {
  return JSON.parse(readFileSync(join(folder, 'statement.json'), 'utf8')) as Statement;
}

describe('lwf verify and lwf sign', function () {
  this.timeout(60_000);
  const made = mkdtempSync(join(tmpdir(), 'lwf-made-'));

  before(async () => {
    const { code, out } = await lwf(['run', ...BROKEN, '--out', made]);
    expect(code).to.equal(1);
    expect(out.trimEnd().split('\n').at(-1)).to.equal(`statement: ${join(made, 'statement.json')}`);
  });

  after(() => rmSync(made, { recursive: true, force: true }));

  it('check what lwf run leaves: a statement of the published schema, as data, as a page and as a summary', async () => {
    expect(packageExports['./statement-1.schema.json']).to.match(/^\.\/dist\/.*statement-1\.schema\.json$/);
    const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
    expect(validate(statementIn(made)), JSON.stringify(validate.errors)).to.equal(true);
    for (const name of ['statement.html', 'statement-summary.html', 'traces']) {
      expect(existsSync(join(made, name)), name).to.equal(true);
    }
    const { code, out } = await lwf(['verify', join(made, 'statement.json'), '--sample', '2']);
    expect(out).to.match(/^✓ re-run .*12 of 13 scenarios, played again/m);
    expect(out.trimEnd().split('\n').at(-1)).to.equal('The statement stands.');
    expect(code).to.equal(0);
  });

  it('are about a run that is the same every time, but for the time', () =>
    withFolder(async (folder) => {
      await lwf(['run', ...BROKEN, '--out', folder]);
      const [one, two] = [made, folder].map(statementIn);
      expect({ ...one, time: '' }).to.deep.equal({ ...two, time: '' });
      expect(readdirSync(folder).sort()).to.deep.equal(readdirSync(made).sort());
    }));

  it('find out an edited trace, in words and as JSON', () =>
    withFolder(async (folder) => {
      cpSync(made, folder, { recursive: true });
      const { file } = statementIn(folder).scenarios[0]?.trace ?? { file: '' };
      writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replace('"seq":2,', '"seq":3,'));
      const told = await lwf(['verify', folder, '--rerun', 'none']);
      expect(told.out).to.include(`✗ traces     ${file}`);
      expect(told.out).to.match(/The statement does not stand: 1 contradiction\.\n$/);
      expect(told.code).to.equal(1);
      const { code, out } = await lwf(['verify', folder, '--rerun', 'none', '--json']);
      const { schema: is, standing } = JSON.parse(out) as Verification;
      expect({ code, is, standing }).to.deep.equal({ code: 1, is: 'verification/1', standing: 'does not stand' });
    }));

  it('sign, and a later run takes the signature away', () =>
    withFolder(async (folder) => {
      cpSync(made, folder, { recursive: true });
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const [secret, open] = [join(folder, 'secret.pem'), join(folder, 'open.pem')];
      writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }));
      expect(await lwf(['sign', folder, '--key', secret])).to.include({ code: 0, err: '' });
      const { code, out } = await lwf(['verify', folder, '--key', open, '--rerun', 'none']);
      expect(out).to.match(/^✓ signature {2}It is signed \(EdDSA\)/m);
      expect(code).to.equal(0);
      const elsewhere = join(folder, 'keys', 'signature.jws');
      const apart = await lwf(['sign', folder, '--key', secret, '--out', elsewhere]);
      expect(apart.out).to.match(/signature\.jws: EdDSA, key /);
      expect(readFileSync(elsewhere, 'utf8')).to.equal(readFileSync(join(folder, 'statement.jws'), 'utf8'));
      for (const needed of [secret, join(folder, 'statement.json')]) {
        const before = readFileSync(needed, 'utf8');
        const refused = await lwf(['sign', folder, '--key', secret, '--out', needed]);
        expect(refused.err).to.match(/^lwf: [^\n]+ would overwrite [^\n]+, which this command needs\.[^\n]+\n$/);
        expect([refused.code, readFileSync(needed, 'utf8')]).to.deep.equal([2, before]);
      }
      await lwf(['run', ...BROKEN, '--out', folder]);
      expect(existsSync(join(folder, 'statement.jws'))).to.equal(false);
    }));

  it('apply the waivers of a run again, whose list is enclosed', () =>
    withFolder(async (folder) => {
      const list = join(folder, 'known.yaml');
      writeFileSync(list, WAIVERS);
      const out = join(folder, 'out');
      const run = await lwf(['run', ...BROKEN, '--waivers', list, '--today', '2026-01-02', '--out', out]);
      expect(run.code).to.equal(0);
      expect(statementIn(out).outcome).to.equal('conforms with waivers');
      const verified = await lwf(['verify', out, '--rerun', 'none', '--waivers', list, '--today', '2026-01-02']);
      expect(verified.out).to.match(/^✓ waivers/m);
      expect(verified.code).to.equal(0);
      await lwf(['run', ...BROKEN, '--out', out]);
      expect(existsSync(join(out, 'waived', 'known.yaml')), 'the list of an earlier run').to.equal(false);
    }));

  it('tell what is a shard, and what counts in the strict profile', () =>
    withFolder(async (folder) => {
      const shard = join(folder, 'shard');
      await lwf(['run', '--rule', 'PAU-11', '--shard', '1/2', '--no-allure', '--out', shard]);
      expect(statementIn(shard)).to.include({ outcome: 'incomplete' });
      expect((await lwf(['verify', shard, '--rerun', 'all'])).code).to.equal(0);
      const strict = join(folder, 'strict');
      await lwf(['run', ...BROKEN, '--conformance', 'strict', '--out', strict]);
      expect((await lwf(['verify', strict, '--rerun', 'all'])).out).to.match(/The statement stands\.\n$/);
    }));

  it('ask for a driver that is not here', () =>
    withFolder(async (folder) => {
      const module = join(folder, 'own.ts');
      const text =
        "import { ReferenceFilter, simulate } from 'ndis-lwf-spec/simulator';\nexport const driver = simulate('own', ReferenceFilter);\n";
      writeFileSync(module, text);
      const out = join(folder, 'a', 'b');
      mkdirSync(out, { recursive: true });
      await lwf(['run', '--driver', module, '--rule', 'DET-09', '--no-allure', '--out', out]);
      const { code, out: told } = await lwf(['verify', out]);
      expect(told.replace(/\s+/g, ' ')).to.match(
        /\? driver The driver own\.ts \(sha256 [0-9a-f]{64}\) is not here: give it/,
      );
      expect(code).to.equal(2);
      expect((await lwf(['verify', out, '--driver', module, '--rerun', 'all'])).code).to.equal(0);
      writeFileSync(module, `${text}\n`);
      const other = await lwf(['verify', out, '--driver', module, '--rerun', 'none']);
      expect(other.out).to.match(/^✗ driver .*is not the driver of the statement/m);
      expect(other.code).to.equal(1);
    }));

  for (const [what, content, complaint] of [
    [
      'that is not there',
      undefined,
      /^lwf: Cannot read the statement .* \(there is no such file\); `lwf run` leaves one/,
    ],
    ['that is empty', '', /is empty; `lwf run` leaves one/],
    ['that is cut off', '{"schema":"statement/1","identity":', /is no JSON, or cut off/],
    ['that is a run', '{"schema":"run/1"}', /is no statement \(its schema is "run\/1"\)/],
    ['that is a list', '[]', /is no statement/],
    ['that is an image', 'MZ\u0000\u0001', /is no JSON, or cut off/],
  ] as const) {
    it(`have one line and exit code 2 for a statement ${what}`, () =>
      withFolder(async (folder) => {
        const file = join(folder, 'statement.json');
        if (content !== undefined) writeFileSync(file, content);
        for (const args of [
          ['verify', file],
          ['sign', folder, '--key', 'key.pem'],
        ]) {
          const { code, out, err } = await lwf(args);
          expect(err)
            .to.match(/^lwf: [^\n]+\n$/)
            .and.to.match(complaint);
          expect({ code, out }).to.deep.equal({ code: 2, out: '' });
        }
      }));
  }

  it('have one line and exit code 2 for options that say nothing', async () => {
    for (const args of [
      ['verify'],
      ['sign', made],
      ['verify', made, '--rerun', 'some'],
      ['verify', made, '--sample', '-1'],
      ['verify', made, '--today', '2026-02-31'],
      ['verify', made, '--key', 'nowhere.pem'],
      ['verify', made, '--driver', 'nowhere.sys', '--rerun', 'all'],
    ]) {
      const { code, err } = await lwf(args);
      if (args.includes('nowhere.sys')) expect(code, args.join(' ')).to.equal(1);
      else expect({ code, lines: err.split('\n').length }, args.join(' ')).to.deep.equal({ code: 2, lines: 2 });
    }
  });
});
