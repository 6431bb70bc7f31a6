import { expect } from 'chai';
import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { CannotJudge, FolderChange } from '../../src/conformance';

describe('A change of a folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-change-'));
    writeFileSync(join(folder, 'run.json'), 'old');
  });
  afterEach(() => {
    sinon.restore();
    rmSync(folder, { recursive: true, force: true });
  });

  const files = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .sort();

  /** The next file with that name cannot be written. */
  function fail(name: string, code: string): void {
    const write = sinon.stub(fs, 'writeFileSync').callThrough();
    write
      .withArgs(sinon.match((path: unknown) => typeof path === 'string' && path.includes(name)))
      .throws(Object.assign(new Error(code), { code }));
  }

  it('is seen only when all of it is there', () => {
    const change = new FolderChange(folder);
    change.put('run.json', 'new');
    change.put('traces/pause/3.ndjson', 'trace');
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.equal('old');
    change.commit();
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.equal('new');
    expect(files()).to.deep.equal(['run.json', 'traces', 'traces/pause', 'traces/pause/3.ndjson']);
  });

  it('is undone when the process is made to end in the middle', () => {
    const before = process.listeners('exit');
    const change = new FolderChange(folder);
    change.put('run.json', 'new');
    const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    atExit?.(2);
    expect(files()).to.deep.equal(['run.json']);
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.equal('old');
    new FolderChange(folder).commit();
    expect(process.listeners('exit')).to.deep.equal(before);
  });

  it('takes away what is no longer true, and what a run that was killed left', () => {
    mkdirSync(join(folder, 'traces'));
    writeFileSync(join(folder, 'traces', '1.ndjson'), 'old');
    writeFileSync(join(folder, 'traces', '2.ndjson'), 'old');
    writeFileSync(join(folder, 'traces', '3.ndjson.lwf-new-4711'), 'torn');
    writeFileSync(join(folder, 'statement.json'), 'old');
    const change = new FolderChange(folder);
    change.put('traces/1.ndjson', 'new');
    change.outdate('traces', 'statement.json', 'statement.jws');
    change.commit();
    expect(files()).to.deep.equal(['run.json', 'traces', 'traces/1.ndjson']);
    expect(readFileSync(join(folder, 'traces', '1.ndjson'), 'utf8')).to.equal('new');
  });

  for (const [code, why] of [
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'it is not permitted'],
  ] as const) {
    it(`leaves everything as it was when ${why}, and says so`, () => {
      const change = new FolderChange(folder);
      change.put('run.json', 'new');
      fail('index.html', code);
      expect(() => change.put('index.html', 'page')).to.throw(
        CannotJudge,
        new RegExp(`index\\.html cannot be written \\(${code}, ${why}\\)\\. What was there before is untouched`),
      );
      expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.equal('old');
      expect(files()).to.deep.equal(['run.json']);
    });
  }

  it('leaves everything as it was when a folder stands in the place of a file', () => {
    mkdirSync(join(folder, 'index.html'));
    const change = new FolderChange(folder);
    change.put('run.json', 'new');
    change.put('index.html', 'page');
    expect(() => change.commit()).to.throw(CannotJudge, /index\.html is a folder/);
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.equal('old');
    expect(files()).to.deep.equal(['index.html', 'run.json']);
  });
});
