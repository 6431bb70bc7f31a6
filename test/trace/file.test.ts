import { execFileSync } from 'node:child_process';
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { openTraceFile, readTrace } from '../../src/trace';

const LINES = Array.from(
  { length: 20_000 },
  (_, i) => `{"seq":${i + 1},"dir":"->","ddi":"FilterPause","thread":"t${i % 7}"}\n`,
);

async function read(path: string): Promise<{ crossings: number; problems: string[] }> {
  const found = { crossings: 0, problems: [] as string[] };
  for await (const { crossing, problem } of readTrace(await openTraceFile(path))) {
    if (crossing) found.crossings += 1;
    if (problem) found.problems.push(problem.what);
  }
  return found;
}

async function complaint(path: string): Promise<string> {
  return openTraceFile(path).then(
    () => 'opened',
    (failure: unknown) => (failure instanceof Error ? failure.message : 'not an Error'),
  );
}

describe('The file of a trace', () => {
  const text = LINES.join('');
  let folder = '';
  const at = (name: string): string => join(folder, name);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'trace-'));
    writeFileSync(at('plain.ndjson'), text);
    writeFileSync(at('named-plain.ndjson'), gzipSync(text));
    writeFileSync(at('cut.ndjson.gz'), gzipSync(text).subarray(0, 2000));
    writeFileSync(at('empty.ndjson'), '');
    writeFileSync(at('one.ndjson'), '{');
    mkdirSync(at('folder'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is read plain and compressed, whatever its name', async () => {
    for (const name of ['plain.ndjson', 'named-plain.ndjson']) {
      expect(await read(at(name)), name).to.deep.equal({ crossings: LINES.length, problems: [] });
    }
  });

  it('may be empty or shorter than the mark of a compressed file', async () => {
    expect(await read(at('empty.ndjson'))).to.deep.equal({ crossings: 0, problems: [] });
    expect((await read(at('one.ndjson'))).problems).to.have.lengthOf(1);
  });

  it('that is cut off in its compression gives what is there', async () => {
    const { crossings, problems } = await read(at('cut.ndjson.gz'));
    expect(crossings).to.be.greaterThan(0).and.lessThan(LINES.length);
    expect(problems.at(-1)).to.equal(
      'Reading ended here before the end of the file (unexpected end of file); what was read so far is judged.',
    );
  });

  it('may be standard input', () => {
    const script = `
      const { openTraceFile, readTrace } = require('./src/trace');
      (async () => {
        let crossings = 0;
        for await (const entry of readTrace(await openTraceFile('-'))) if (entry.crossing) crossings += 1;
        console.log(crossings);
      })();`;
    const said = execFileSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', script], {
      cwd: join(__dirname, '..', '..'),
      input: gzipSync(text),
    });
    expect(said.toString()).to.equal(`${LINES.length}\n`);
  });

  it('may be a named pipe, which is open before anybody writes to it: no thread waits where a signal cannot end it', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [at('pipe')]);
    const opened = openTraceFile(at('pipe'));
    const soon = await Promise.race([opened, setTimeout(5000, undefined, { ref: false })]);
    createWriteStream(at('pipe')).end(gzipSync(text));
    expect(soon).to.not.equal(undefined);
    let crossings = 0;
    for await (const { crossing } of readTrace(await opened)) if (crossing) crossings += 1;
    expect(crossings).to.equal(LINES.length);
  });

  it('can be left before its end', async () => {
    for (const name of ['plain.ndjson', 'named-plain.ndjson']) {
      for await (const { crossing } of readTrace(await openTraceFile(at(name)))) if (crossing?.seq === 2) break;
    }
  });

  it('that cannot be opened is told in one line', async () => {
    expect(await complaint(at('none'))).to.equal(
      `Cannot read the trace ${at('none')}: there is no such file; check the path.`,
    );
    expect(await complaint(at('folder'))).to.equal(
      `Cannot read the trace ${at('folder')}: it is a folder; name the file in it.`,
    );
    expect(await complaint(join(at('plain.ndjson'), 'x'))).to.match(/: (a part of the path|there is no such file)/);
    expect(await complaint('bad\0name')).to.match(/^Cannot read the trace bad/);
  });

  it('that may not be read is told in one line', async function () {
    if (process.platform === 'win32') this.skip();
    writeFileSync(at('secret'), text);
    chmodSync(at('secret'), 0);
    // Permissions do not bind the superuser: be nobody for a moment.
    const superuser = process.getuid?.() === 0;
    if (superuser) process.seteuid?.(65534);
    try {
      expect(await complaint(at('secret'))).to.match(/reading it is not permitted; change its permissions\.$/);
    } finally {
      if (superuser) process.seteuid?.(0);
    }
  });
});
