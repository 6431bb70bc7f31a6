import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createJudges } from '../../src/rules';
import { KNOWN_NAMES } from '../../src/trace/names';
import { crossingText, readTrace, type TraceEntry } from '../../src/trace';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'trace-format.md'), 'utf8');

/** What stands in the fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text ?? '');
}

async function entries(text: string): Promise<TraceEntry[]> {
  const found: TraceEntry[] = [];
  for await (const entry of readTrace(text)) found.push(entry);
  return found;
}

async function judge(text: string): Promise<{ broken: string[]; quoted: string[] }> {
  const judges = createJudges();
  const lines = new Map<number, string>();
  for (const { crossing, problem } of await entries(text)) {
    expect(problem).to.equal(undefined);
    if (!crossing) continue;
    lines.set(crossing.seq, crossingText(crossing));
    judges.see(crossing);
  }
  judges.finish();
  const counted = judges.violations.filter(({ reading }) => reading === 'default');
  return {
    broken: counted.map(({ rule }) => rule),
    quoted: counted.flatMap(({ message, witnesses }) => [message, ...witnesses.map((seq) => lines.get(seq) ?? '')]),
  };
}

describe('The page of the trace format', () => {
  const [correct = '', broken = ''] = blocks('ndjson');

  it('shows a correct trace that breaks nothing', async () => {
    expect(await judge(correct)).to.deep.equal({ broken: [], quoted: [] });
  });

  it('shows a broken trace that breaks PAU-11 and nothing else, in the words that it quotes', async () => {
    const { broken: rules, quoted } = await judge(broken);
    expect(rules).to.deep.equal(['PAU-11']);
    const text = blocks('text').find((block) => block.includes('PAU-11')) ?? '';
    expect(quoted).not.to.have.lengthOf(0);
    for (const sentence of quoted) expect(text).to.include(sentence);
  });

  it('quotes problems as the reader reports them', async () => {
    const text = [
      '{"schema":"trace/1"}',
      '{"seq":11,"dir":"->","ddi":"FilterPause","modul":"m1"}',
      '{"seq":11,"dir":"->","ddi":"FilterPause","module":"m1",}',
      '# the pause',
      '{"seq":11,"dir":"->","ddi":"FilterPause","module":"m1"}',
      '{"seq":15,"dir":"<-","ddi":"FilterPause","module":"m1","status":"SUCCESS"}',
      '{"seq":16,"dir":"->","ddi":"Filter',
    ].join('\n');
    const reported = (await entries(text)).flatMap(({ problem }) => (problem ? [problem.what] : []));
    const quoted = (blocks('text').find((block) => block.includes('`modul`')) ?? '').trimEnd().split('\n');
    expect(quoted.map((line) => line.replace(/^ {2}line \d+ \(byte \d+\): /, ''))).to.have.lengthOf(reported.length);
    quoted.forEach((line, i) => {
      const [start = '', end = ''] = line.replace(/^ {2}line \d+ \(byte \d+\): /, '').split(', … ');
      expect(reported[i]).to.satisfy((what: string) => what.startsWith(start) && what.endsWith(end), line);
    });
  });

  it('describes the crossings that the reader knows by name', () => {
    const table = page.slice(page.indexOf('## What each crossing carries'));
    const named = [...table.matchAll(/`(?:->|<-|=>|<=|!!)(\w+)`/g)].map(([, name]) => name ?? '');
    const described = (name: string): boolean =>
      named.includes(name) ||
      /Direct/.test(name) ||
      (name.startsWith('IRP_MJ_') && table.includes(`\`${name.slice(7)}\``));
    expect([...new Set(named)].filter((name) => !KNOWN_NAMES.has(name))).to.deep.equal([]);
    expect([...KNOWN_NAMES].filter((name) => !described(name))).to.deep.equal([]);
  });

  it('shows lines that the reader accepts, wherever it shows one', async () => {
    const inline = [...page.matchAll(/`(\{"(?:seq|schema)"[^`]*\})`/g)].map(([, line]) =>
      (line ?? '').replace('…', '1'),
    );
    expect(inline).not.to.have.lengthOf(0);
    for (const line of inline) {
      for (const { problem } of await entries(line)) expect(problem, line).to.equal(undefined);
    }
    const nbls = /`(\[\{"nbl"[^`]*\])`/.exec(page)?.[1] ?? '';
    for (const { problem } of await entries(`{"seq":1,"dir":"->","ddi":"A","nbls":${nbls}}`))
      expect(problem).to.equal(undefined);
  });
});
