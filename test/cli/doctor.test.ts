import { expect } from 'chai';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examine, type Finding, type Surroundings } from '../../src/cli/doctor/examine';
import { lwf, withFolder } from './lwf';

const PATIENCE = 400;

/** A folder for the PATH, with scripts in place of tools. */
function fakeTools(folder: string, scripts: Readonly<Record<string, string>>): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

async function findings(folder: string, changes: Partial<Surroundings> = {}): Promise<Map<string, Finding>> {
  const around = { node: '20.19.0', folder, environment: {}, interactive: false, colour: false, patience: PATIENCE };
  return new Map((await examine({ ...around, ...changes })).map((finding) => [finding.name, finding]));
}

describe('lwf doctor', () => {
  it('says what is there, and that a .sys file can be judged', () =>
    withFolder(async (folder) => {
      const { code, out, err } = await lwf(['doctor', '--out', join(folder, 'reports')]);
      expect(err).to.equal('');
      expect(out).to.match(new RegExp(`^ {2}✓ Node +${process.versions.node.replaceAll('.', '\\.')}$`, 'm'));
      expect(out).to.contain('Everything is there to judge a .sys file.');
      expect(code).to.equal(0);
      const told = JSON.parse((await lwf(['doctor', '--out', folder, '--json'])).out) as { findings: Finding[] };
      expect(told).to.deep.include({ schema: 'doctor/1', ready: true });
      expect(told.findings.filter(({ needed }) => needed).map(({ name }) => name)).to.deep.equal([
        'Node',
        'installation',
        'memory',
        'reports folder',
      ]);
    }));

  it('has exit code 2 when reports cannot be left anywhere', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const { code, out } = await lwf(['doctor', '--out', join(file, 'reports')]);
      expect(out).to.match(
        /✗ reports folder +.*cannot be written to \((?:ENOTDIR|ENOENT)\)\n +no run can leave its results/,
      );
      expect(code).to.equal(2);
    }));

  it('knows which Node the kit runs on', () =>
    withFolder(async (folder) => {
      for (const [node, fine] of [
        ['18.20.0', false],
        ['20.18.3', false],
        ['20.19.0', true],
        ['21.7.0', false],
        ['22.12.0', true],
        ['23.11.0', false],
        ['26.0.0', true],
      ] as const) {
        expect((await findings(folder, { node })).get('Node')?.fine, node).to.equal(fine);
      }
    }));

  it('says of each thing that is missing what that costs, and that nothing of it is needed', () =>
    withFolder(async (folder) => {
      const found = await findings(folder, { environment: { PATH: fakeTools(folder, {}) } });
      for (const name of ['Java', 'ssh', 'Python']) {
        const finding = found.get(name);
        expect(finding, name).to.deep.include({ needed: false, fine: false });
        expect(finding?.costs, name).to.match(/: install /);
      }
      expect(found.get('Java')?.found).to.equal('there is no Java');
    }));

  it('does not wait for a tool that hangs, and tells an old one from one that does not work', async function () {
    if (process.platform === 'win32') this.skip();
    await withFolder(async (folder) => {
      const bin = fakeTools(folder, {
        java: 'sleep 30',
        python3: 'echo "Python 3.7.9"',
        ssh: 'echo "Unable to locate ssh" >&2; exit 1',
      });
      const environment = { PATH: `${bin}:/usr/bin:/bin`, CHROMIUM_PATH: join(folder, 'none') };
      const began = performance.now();
      const found = await findings(folder, { environment });
      expect(performance.now() - began).to.be.below(10_000);
      expect(found.get('Java')?.found).to.equal('the Java that was found does not answer');
      expect(found.get('Python')?.found).to.equal('3.7.9 is too old');
      expect(found.get('ssh')?.found).to.equal('ssh does not work');
      expect(found.get('Chromium')?.found).to.match(/^CHROMIUM_PATH is .*, which does not exist$/);
    });
  });
});
