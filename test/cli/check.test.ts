import Ajv from 'ajv';
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TraceCheck } from '../../src/conformance/check';
import schema from '../../src/conformance/check-1.schema.json';
import { rules } from '../../src/rules';
import { lwf, lwfProcess, withFolder, type Ended } from './lwf';

const HEADER = '{"schema":"trace/1","driver":"mine"}';
const PAUSE = '{"seq":1,"dir":"->","ddi":"FilterPause","module":"m1","thread":"t1","irql":0}';
const pauseReturns = (status: string): string =>
  `{"seq":2,"dir":"<-","ddi":"FilterPause","module":"m1","thread":"t1","irql":0,"status":"${status}"}`;

const GOOD = [HEADER, PAUSE, pauseReturns('NDIS_STATUS_SUCCESS'), ''].join('\n');
const BAD = [HEADER, PAUSE, pauseReturns('NDIS_STATUS_FAILURE'), ''].join('\n');

function check(content: string | Buffer, ...options: string[]): Promise<Ended> {
  return withFolder((folder) => {
    const file = join(folder, 'trace.ndjson');
    writeFileSync(file, content);
    return lwf(['check', ...options, file]);
  });
}

const isCheck = new Ajv().compile(schema);

describe('lwf check', () => {
  it('acquits a trace that keeps the rules it puts to the test', async () => {
    const { code, out, err } = await check(GOOD);
    expect(out).to.match(/trace\.ndjson: 2 crossings of mine\n/);
    expect(out).to.match(/✓ pass {2}PAU-01 {2}put to the test once\n/);
    expect(out).to.match(/○ not observed\n.*REG-01/s);
    expect(out).to.match(/The trace conforms to every rule that it puts to the test\.\n$/);
    expect(err).to.equal('');
    expect(code).to.equal(0);
  });

  it('condemns a trace that breaks one, with the crossings that prove it', async () => {
    const { code, out } = await check(BAD);
    expect(out).to.match(/✗ fail {2}PAU-01 /);
    expect(out)
      .to.match(/#1 .*->FilterPause/)
      .and.to.match(/✗ #2 .*<-FilterPause = NDIS_STATUS_FAILURE/);
    expect(out).to.match(/The trace breaks PAU-01\.\n$/);
    expect(code).to.equal(1);
  });

  it('reads compressed traces', async () => {
    expect((await check(gzipSync(BAD))).code).to.equal(1);
    expect((await check(gzipSync(GOOD))).code).to.equal(0);
  });

  it('reads standard input, compressed or not', async () => {
    expect((await lwfProcess(['check', '-'], { stdin: BAD })).out).to.match(/The trace breaks PAU-01\.\n$/);
    expect((await lwfProcess(['check', '-'], { stdin: gzipSync(BAD) })).code).to.equal(1);
  });

  it('gives every rule a verdict as JSON', async () => {
    const { code, out } = await check(BAD, '--json');
    const found = JSON.parse(out) as TraceCheck;
    expect(isCheck(found), JSON.stringify(isCheck.errors)).to.equal(true);
    expect(found).to.include({ schema: 'check/1', crossings: 2 });
    expect(found.rules.map(({ rule }) => rule)).to.deep.equal(rules.map(({ id }) => id));
    const [failed, ...others] = found.rules.filter(({ verdict }) => verdict === 'fail');
    expect(others).to.deep.equal([]);
    expect(failed).to.include({ rule: 'PAU-01' });
    expect(failed?.violations[0]?.crossings.map(({ seq }) => seq)).to.deep.equal([1, 2]);
    expect(code).to.equal(1);
  });

  it('names the lines that it could not read, and judges the others', async () => {
    const torn = [
      HEADER,
      PAUSE,
      'not json',
      '{"seq":2,"dir":"sideways","ddi":"FilterPause"}',
      pauseReturns('0x0'),
      '{"seq":3,"d',
    ];
    const { code, out } = await check(torn.join('\n'));
    expect(out)
      .to.match(/^ {2}line 3 \(byte 115\): /m)
      .and.to.match(/^ {2}line 4 \(byte \d+\): .*dir/m)
      .and.to.match(/^ {2}line 6 \(byte \d+\): .*cut off/m);
    expect(out).to.match(
      /○ not observed although put to the test, because a crossing could not be read at line 3 .*PAU-01/s,
    );
    expect(out).to.match(/too much is lost for a verdict\. 3 places in it could not be read\.\n$/);
    expect(code).to.equal(2);
  });

  it('lists the first of very many violations, and counts the others', async () => {
    const pauses = Array.from({ length: 3001 }, (_, pause) =>
      [PAUSE, pauseReturns('NDIS_STATUS_FAILURE')]
        .join('\n')
        .replace('"seq":1,', `"seq":${pause * 2 + 1},`)
        .replace('"seq":2,', `"seq":${pause * 2 + 2},`),
    );
    const trace = [HEADER, ...pauses].join('\n');
    const { code, out } = await check(trace);
    expect(out).to.match(/and 2981 more like it/);
    expect(out.split('\n').length).to.be.lessThan(300);
    expect(code).to.equal(1);
    const found = JSON.parse((await check(trace, '--json')).out) as TraceCheck;
    const failed = found.rules.find(({ rule }) => rule === 'PAU-01');
    expect(failed?.violations).to.have.length(1000);
    expect(failed?.unlisted).to.equal(2001);
  });

  it('says that crossings are missing', async () => {
    const { out } = await check(GOOD.replace('"seq":2', '"seq":7'));
    expect(out).to.match(/^ {2}line 3 \(byte \d+\): Crossings 2–6 are missing here/m);
  });

  it('has no verdict on a trace that puts no rule to the test', async () => {
    const { code, out } = await check(`${HEADER}\n{"seq":1,"dir":"!!","ddi":"Quiescent"}\n`);
    expect(out).to.match(/The trace puts no rule to the test, so there is no verdict\.\n$/);
    expect(code).to.equal(2);
  });

  const unreadable: readonly (readonly [what: string, content: string, complaint: RegExp])[] = [
    ['an empty file', '', /holds no crossing to judge\. docs\/trace-format\.md tells how to write one\./],
    ['some other text', 'hello\nworld\n', /holds no crossing to judge\. Line 1: /],
    ['another version of the format', '{"schema":"trace/9"}\n', /Line 1: .*"trace\/9".*reads "trace\/1" only/],
    ['UTF-16', Buffer.from(GOOD, 'utf16le').toString('latin1'), /Line 1: .*UTF-16/],
  ];
  for (const [what, content, complaint] of unreadable) {
    it(`has one line and exit code 2 for ${what}`, async () => {
      const { code, out, err } = await check(Buffer.from(content, 'latin1'));
      expect(err)
        .to.match(/^lwf: [^\n]+\n$/)
        .and.to.match(complaint);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });
  }

  it('has one line and exit code 2 for a file that is not there, and for a folder', async () => {
    for (const [path, complaint] of [
      ['none.ndjson', /^lwf: Cannot read the trace none\.ndjson: there is no such file[^\n]+\n$/],
      ['docs', /^lwf: Cannot read the trace docs: it is a folder[^\n]+\n$/],
    ] as const) {
      const { code, err } = await lwf(['check', path]);
      expect(err).to.match(complaint);
      expect(code).to.equal(2);
    }
  });

  it('judges what comes through a named pipe, once somebody writes to it', function () {
    if (process.platform === 'win32') this.skip();
    return withFolder(async (folder) => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      for (const content of [GOOD, gzipSync(GOOD)]) {
        const checked = lwf(['check', pipe]);
        createWriteStream(pipe).end(content);
        const { code, out } = await checked;
        expect(out).to.match(/The trace conforms/);
        expect(code).to.equal(0);
      }
    });
  });
});
