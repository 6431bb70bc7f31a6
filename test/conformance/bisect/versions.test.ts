import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CannotJudge } from '../../../src/conformance';
import { orderVersions, type Order } from '../../../src/conformance/bisect';
import { withFolder } from '../../cli/lwf';
import { imageOfVersion } from './versioned-image';

/** Writes images of these names and versions; no version: an image that names none. */
function images(folder: string, versions: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(versions).map(([name, version]) => {
    const path = join(folder, name);
    writeFileSync(path, imageOfVersion(version));
    return path;
  });
}

function ordered(given: readonly string[], order?: Order): { readonly names: string[]; readonly order: string } {
  const found = orderVersions(given, order);
  return { names: found.versions.map(({ driver }) => basename(driver)), order: found.order };
}

describe('The order of versions', () => {
  it('is that of the FileVersions, by number', () =>
    withFolder(async (folder) => {
      const given = images(folder, { 'a.sys': '1.10.0.0', 'b.sys': '1.9.0.0', 'c.sys': '1.2.0.7' });
      expect(ordered(given)).to.deep.equal({ names: ['c.sys', 'b.sys', 'a.sys'], order: 'by FileVersion' });
      expect(ordered(given, 'given')).to.deep.equal({ names: ['a.sys', 'b.sys', 'c.sys'], order: 'as given' });
    }));

  it('is as given when a version lacks or two are the same, and says why', () =>
    withFolder(async (folder) => {
      const without = images(folder, { 'a.sys': '2.0.0.0', 'b.sys': undefined });
      expect(ordered(without).order).to.match(/^as given, since .*b\.sys names no FileVersion$/);
      const twice = images(folder, { 'a.sys': '2.0.0.0', 'b.sys': '2.0.0.0' });
      expect(ordered(twice).order).to.match(
        /^as given, since .*a\.sys and .*b\.sys have the same FileVersion, 2\.0\.0\.0$/,
      );
      expect(() => orderVersions(twice, 'version')).to.throw(CannotJudge, /give them in order, with --order given/);
    }));

  it('takes folders and patterns, and leaves out what is no image', () =>
    withFolder(async (folder) => {
      images(folder, { 'drv-10.sys': undefined, 'drv-9.sys': undefined, 'other.sys': undefined });
      writeFileSync(join(folder, 'drv-11.sys'), 'MZ and then nothing');
      mkdirSync(join(folder, 'empty'));
      expect(ordered([join(folder, 'drv-*.sys')]).names).to.deep.equal(['drv-9.sys', 'drv-10.sys']);
      const { versions, leftOut } = orderVersions([folder]);
      expect(versions.map(({ driver }) => basename(driver))).to.deep.equal(['drv-9.sys', 'drv-10.sys', 'other.sys']);
      expect(leftOut.map(({ driver }) => basename(driver))).to.deep.equal(['drv-11.sys']);
      expect(() => orderVersions([join(folder, 'empty')])).to.throw(CannotJudge, /There is no \*\.sys in/);
    }));

  it('needs two versions, and files that are there', () =>
    withFolder(async (folder) => {
      const [only = ''] = images(folder, { 'a.sys': '1.0.0.0' });
      expect(() => orderVersions([join(only, '*.sys')])).to.throw(
        CannotJudge,
        /Cannot read the folder .*a\.sys \(a part of its path is a file\); check the path/,
      );
      expect(() => orderVersions([only])).to.throw(
        CannotJudge,
        /At least two versions .* are needed, and there is only .*a\.sys\./,
      );
      expect(() => orderVersions([only, join(folder, 'b.sys')])).to.throw(
        CannotJudge,
        /b\.sys \(there is no such file\)/,
      );
    }));
});
