import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { kitRoot } from '../../src/conformance/kit-root';
import type { ExplainedDump } from '../../src/reporting/dump/explained-dump';
import { fixture } from '../dump/sources';
import { lwf, lwfProcess, withFolder } from './lwf';

async function explained(content: string | Buffer, ...more: readonly string[]) {
  return withFolder(async (folder) => {
    const file = join(folder, 'analyze.txt');
    writeFileSync(file, content);
    return lwf(['explain', '--dump', file, ...more]);
  });
}

describe('lwf explain --dump', () => {
  it('tells facts with their lines, conclusions with how sure they are, rules, scenarios and what to look at', async () => {
    const { code, out, err } = await explained(fixture('npf-2016-write'));
    expect(err).to.equal('');
    expect(code).to.equal(0);
    expect(out).to.match(/^SYSTEM_SERVICE_EXCEPTION \(0x3B\) {2}\S+analyze\.txt, lines 1–\d+\n/);
    expect(out).to.match(/pool block: tag 'NSIk'.*\n?.*\[line 20\]/);
    expect(out).to.match(
      /\n {2}likely\n {4}npf called NdisFSendNetBufferLists with the NDIS handle of a filter module that is gone/,
    );
    expect(out).to.match(
      /\n {6}features\/questions\/why-did-the-driver-still-crash-after-its-first-fix\.feature:\d+ {2}Before any fix/,
    );
    expect(out).to.match(/\n {6}features\/pause\/no-new-nbls\.feature:\d+ {2}\S/);
    expect(out).to.match(/\n {2}DET-06 {2}likely {4}\S/);
    expect(out).to.match(/\n {2}PAU-07 {2}possible {2}\S/);
    expect(out).to.include('npcap-2016-no-pause');
    expect(out).to.include('!ndiskd.filter: ');
  });

  it('writes the same as JSON', async () => {
    const { code, out } = await explained(Buffer.from(`\ufeff${fixture('npf-2016-write')}`, 'utf16le'), '--json');
    const { schema, crashes } = JSON.parse(out) as ExplainedDump;
    expect(schema).to.equal('dump/1');
    expect(crashes[0]?.conclusions[0]?.known[0]).to.have.all.keys('line', 'text');
    expect(crashes[0]?.conclusions[0]?.scenarios[0]?.id).to.match(/^features\/\S+\.feature:\d+$/);
    expect(crashes[0]?.rules[0]).to.deep.equal({ rule: 'DET-06', certainty: 'likely' });
    expect(code).to.equal(0);
  });

  it('says that no rule comes into question, and why, which is an answer', async () => {
    const { code, out } = await explained(fixture('list-entry-tdi'));
    expect(out).to.match(
      /No rule of this kit comes into question\. KERNEL_SECURITY_CHECK_FAILURE is no bugcheck of NDIS/,
    );
    expect(code).to.equal(0);
  });

  it('tells several crashes one after the other', async () => {
    const { out } = await explained(`${fixture('wait-in-detach')}\n${fixture('npf-2016-write')}`);
    expect(out).to.match(/tells of 2 crashes/);
    expect(out)
      .to.match(/^BUGCODE_NDIS_DRIVER \(0x7C\)/m)
      .and.to.match(/^SYSTEM_SERVICE_EXCEPTION \(0x3B\)/m);
  });

  it('complains in one line about anything that is no such text', async () => {
    for (const [content, why] of [
      ['', /is empty/],
      ['Dear diary', /tells of no crash/],
      [Buffer.from('PAGEDU64\0\0\0\0'), /is a dump itself/],
      [Buffer.alloc(17 * 1024 * 1024, 'x'), /larger than 16 MB/],
    ] as const) {
      const { code, out, err } = await explained(content);
      expect(err).to.match(/^lwf: [^\n]+\n$/);
      expect(err).to.match(why);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    }
  });

  it('complains about files that cannot be read and about options that do not fit', async () => {
    await withFolder(async (folder) => {
      mkdirSync(join(folder, 'sub'));
      for (const [args, why] of [
        [['--dump', join(folder, 'none.txt')], /there is no such file/],
        [['--dump', join(folder, 'sub')], /it is a folder/],
        [['--dump', 'x.txt', 'PAU-07'], /not both/],
        [['--json', 'PAU-07'], /--json belongs to --dump/],
        [[], /Say what to explain/],
      ] as const) {
        const { code, err } = await lwf(['explain', ...args]);
        expect(err).to.match(/^lwf: [^\n]+\n$/);
        expect(err).to.match(why);
        expect(code).to.equal(2);
      }
    });
  });

  it('reads standard input', async () => {
    const { code, out } = await lwfProcess(['explain', '--dump', '-'], { stdin: fixture('watchdog-filter-pause') });
    expect(out).to.match(/NDIS waited in vain for a filter to pause/);
    expect(code).to.equal(0);
  });

  it('is ended by Ctrl-C while it waits for standard input', async function () {
    // There are no signals to send there.
    if (process.platform === 'win32') this.skip();
    const child = spawn(process.execPath, [join(kitRoot, 'bin', 'lwf.js'), 'explain', '--dump', '-']);
    const closed = once(child, 'close');
    try {
      // More than a pipe holds: when all of it is gone, it is being read.
      if (!child.stdin.write('nothing yet\n'.repeat(100_000))) await once(child.stdin, 'drain');
      child.kill('SIGINT');
      const [code] = (await Promise.race([closed, setTimeout(5000, ['still there'], { ref: false })])) as unknown[];
      expect(code).to.equal(2);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
