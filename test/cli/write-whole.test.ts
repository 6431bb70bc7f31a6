import { expect } from 'chai';
import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseAmong, requireWritableFile, writeWhole } from '../../src/cli/write-whole';
import { CannotJudge } from '../../src/conformance';
import { lwf, withFolder } from './lwf';

const isWindows = process.platform === 'win32';

describe('A file that a command writes', () => {
  it('replaces what a link leads to, and not the link', function () {
    // Links need a right there.
    if (isWindows) this.skip();
    return withFolder(async (folder) => {
      const [file, link] = [join(folder, 'file'), join(folder, 'link')];
      writeFileSync(file, 'old');
      symlinkSync(file, link);
      writeWhole(link, 'new');
      expect(readFileSync(file, 'utf8')).to.equal('new');
      expect(lstatSync(link).isSymbolicLink()).to.equal(true);
    });
  });

  it('goes to a device as it is, and never takes its place', function () {
    if (isWindows) this.skip();
    writeWhole('/dev/null', 'text');
    expect(lstatSync('/dev/null').isCharacterDevice()).to.equal(true);
    if (!existsSync('/dev/full')) return;
    expect(() => writeWhole('/dev/full', 'text')).to.throw(
      CannotJudge,
      '/dev/full cannot be written (ENOSPC, the disk is full). Choose another place for it.',
    );
    expect(lstatSync('/dev/full').isCharacterDevice()).to.equal(true);
  });

  it('is tried out beforehand without a trace', () =>
    withFolder(async (folder) => {
      const kept = join(folder, 'kept');
      writeFileSync(kept, 'old');
      requireWritableFile(kept);
      requireWritableFile(join(folder, 'below', 'new'));
      expect(readFileSync(kept, 'utf8')).to.equal('old');
      expect(readdirSync(join(folder, 'below'))).to.deep.equal([]);
    }));

  it('is none of those that the command needs, by whatever name', () =>
    withFolder(async (folder) => {
      const [file, same] = [join(folder, 'driver.sys'), join(folder, 'same.sys')];
      writeFileSync(file, 'MZ');
      linkSync(file, same);
      for (const name of [file, join(folder, '.', 'driver.sys'), same]) {
        expect(() => refuseAmong(name, [file])).to.throw(CannotJudge, `${name} would overwrite ${file}`);
      }
      refuseAmong(join(folder, 'other'), [file]);
      const { code, err } = await lwf(['init', file, '--out', file, '--force']);
      expect(err).to.match(/^lwf: [^\n]* would overwrite [^\n]*\n$/);
      expect([code, readFileSync(file, 'utf8')]).to.deep.equal([2, 'MZ']);
    }));
});
