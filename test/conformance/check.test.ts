import Ajv from 'ajv';
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkTrace, checkTraceFile, type TraceCheck } from '../../src/conformance/check';
import schema from '../../src/conformance/check-1.schema.json';

const isCheck = new Ajv().compile(schema);

/** The life of a module that sends, over and over: every line as a recorder writes it. */
function lines(rounds: number, module = 'm1'): string[] {
  const crossings: object[] = [];
  const add = (dir: string, ddi: string, more: object = {}): void => {
    crossings.push({ seq: crossings.length + 1, dir, ddi, module, thread: 't1', irql: 0, ...more });
  };
  add('->', 'FilterAttach', { args: { handle: 'h1' } });
  add('=>', 'NdisFSetAttributes', { args: { handle: 'h1', context: 'c1' } });
  add('<=', 'NdisFSetAttributes', { status: 'SUCCESS' });
  add('<-', 'FilterAttach', { status: 'SUCCESS' });
  for (let round = 0; round < rounds; round += 1) {
    const nbls = [{ nbl: `n${round % 99}` }];
    add('->', 'FilterRestart');
    add('<-', 'FilterRestart', { status: 'SUCCESS' });
    add('=>', 'NdisFSendNetBufferLists', { args: { handle: 'h1', flags: 0 }, nbls });
    add('<=', 'NdisFSendNetBufferLists');
    add('->', 'FilterSendNetBufferListsComplete', { args: { flags: 0 }, nbls });
    add('<-', 'FilterSendNetBufferListsComplete');
    add('->', 'FilterPause');
    add('<-', 'FilterPause', { status: 'SUCCESS' });
  }
  return crossings.map((crossing) => JSON.stringify(crossing));
}

async function check(text: readonly string[]): Promise<TraceCheck> {
  const found = await checkTrace(one(text.join('\n')));
  expect(isCheck(JSON.parse(JSON.stringify(found))), JSON.stringify(isCheck.errors)).to.equal(true);
  return found;
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const passed = ({ rules }: TraceCheck): string[] =>
  rules.filter(({ verdict }) => verdict === 'pass').map(({ rule }) => rule);
const failed = ({ rules }: TraceCheck): string[] =>
  rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule);
const edited = (text: readonly string[], at: number, ...put: string[]): string[] => text.toSpliced(at, 1, ...put);

describe('Checking a trace', () => {
  const whole = lines(3);

  it('passes what is put to the test', async () => {
    expect(passed(await check(whole))).to.include.members(['PAU-01', 'PAU-03', 'SO-01']);
  });

  const damages: readonly (readonly [
    what: string,
    damage: (text: string[]) => string[],
    lost: string,
    line: number,
  ])[] = [
    ['a malformed line', (text) => edited(text, 6, 'garbage'), 'line', 7],
    ['a misspelt member', (text) => edited(text, 6, (text[6] ?? '').replace('"irql"', '"irkl"')), 'line', 7],
    ['a lost line', (text) => edited(text, 6), 'crossings', 7],
    ['a line that is there twice', (text) => edited(text, 6, text[6] ?? '', text[6] ?? ''), 'order', 8],
    ['two lines that changed places', (text) => text.toSpliced(6, 2, text[7] ?? '', text[6] ?? ''), 'crossings', 7],
    ['a torn end', (text) => [...text, '{"seq":29,"dir":"->","ddi":"Fil'], 'line', 29],
    ['a line longer than any crossing', (text) => edited(text, 6, 'x'.repeat(2 ** 20 + 1)), 'line', 7],
    ['another trace behind it', (text) => [...text, '{"schema":"trace/1"}'], 'rest', 29],
    ['a name with a slip', (text) => edited(text, 6, (text[6] ?? '').replace('BufferLists', 'BuferLists')), 'line', 7],
  ];
  for (const [what, damage, lost, line] of damages) {
    it(`has no rule pass in a trace with ${what}`, async () => {
      const text = damage([...whole]);
      const found = await check(text);
      expect(failed(found)).to.deep.equal([]);
      expect(passed(found)).to.deep.equal([]);
      const [problem] = found.problems;
      expect(problem).to.include({ lost, line, offset: text.slice(0, line - 1).join('\n').length + 1 });
      const pause = found.rules.find(({ rule }) => rule === 'PAU-01');
      expect(pause).to.include({ verdict: 'not observed' });
      expect(pause?.exercised).to.be.greaterThan(0);
      expect(pause?.reason).to.include(`line ${line} (byte ${problem?.offset ?? 0})`);
    });
  }

  it('lets a damaged line that nobody is judged on change no verdict', async () => {
    const text = lines(3);
    for (const bad of ['"ddi":"NdisGetVersion","modul":"m1"', '"ddi":"NdisMSend","neighbour":"miniport","irql":99']) {
      const found = await check([
        ...text,
        `{"seq":${text.length + 1},"dir":"=>",${bad}}`,
        `{"seq":${text.length + 2},"dir":"=>","ddi":"NdisGetVersion"}`,
      ]);
      expect(found.problems.map(({ lost }) => lost)).to.deep.equal(['line', 'nothing']);
      expect(passed(found)).to.include('PAU-01');
    }
  });

  it('judges on as if nothing were lost behind a damaged line that nobody is judged on', async () => {
    // A send is out when the second pause returns, and what tells stands before and behind the damage.
    const text = whole.map((line) => (line.includes('"seq":17,') ? line.replace('FilterSend', 'Filter_Send') : line));
    const early = text.map((line) => (/"seq":1[78],/.test(line) ? '' : line)).filter((line) => line !== '');
    const renumbered = (lines: readonly string[]): string[] =>
      lines.map((line, index) => line.replace(/"seq":\d+/, `"seq":${index + 1}`));
    const broken = renumbered(early);
    expect(failed(await check(broken))).to.include('PAU-11');
    for (const bad of [
      '"dir":"=>","ddi":"NdisGetVersion","modul":"m1"',
      '"dir":"->","ddi":"MiniportPause","neighbour":"miniport","irql":99',
    ]) {
      const at = broken.findIndex((line) => line.includes('"seq":16,'));
      const damaged = renumbered(broken.toSpliced(at + 1, 0, `{"seq":0,${bad}}`));
      const found = await check(damaged);
      expect(found.problems.map(({ lost }) => lost)).to.deep.equal(['line', 'nothing']);
      expect(failed(found)).to.include('PAU-11');
      // Its number is not the one that is missing, or it may be a handler of the driver.
      const misnumbered = damaged.map((line, index) =>
        index === at + 1 ? line.replace(/"seq":\d+/, '"seq":900') : line,
      );
      expect(passed(await check(misnumbered))).to.deep.equal([]);
    }
    const handler = [...whole, `{"seq":${whole.length + 1},"dir":"->","ddi":"FilterOfTomorrow","modul":"m1"}`];
    expect(passed(await check(handler))).to.deep.equal([]);
    const two = `{"seq":${whole.length + 1},"dir":"=>","ddi":"NdisMSend","neighbour":"miniport"`;
    const merged = [...whole, `${two}{"seq":${whole.length + 2},"dir":"->","ddi":"FilterPause","module":"m1"}`];
    expect(passed(await check(merged)), 'two lines that became one').to.deep.equal([]);
    const stranger = [...whole, `{"seq":${whole.length + 1},"dir":"->","ddi":"FilterPause","neighbour":"me"}`];
    expect(passed(await check(stranger))).to.deep.equal([]);
  });

  it('says that a rule is broken although something is lost elsewhere', async () => {
    const broken = whole.map((line) => (line.includes('"seq":12,') ? line.replace('"SUCCESS"', '"FAILURE"') : line));
    expect(failed(await check(edited(broken, 20)))).to.deep.equal(['PAU-01']);
  });

  it('never condemns for what is lost, wherever the recording begins and whichever lines are missing', async () => {
    for (let from = 0; from < whole.length; from += 1) {
      expect(failed(await check(whole.slice(from)))).to.deep.equal([]);
      for (let count = 1; count < 4; count += 1)
        expect(failed(await check(whole.toSpliced(from, count)))).to.deep.equal([]);
    }
  });

  it('is the same on threads, compressed or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    try {
      const text = lines(5000);
      const long = text.map((line, index) => (index % 1000 === 999 ? `${line}${' '.repeat(100_000)}` : line));
      const broken = long.map((line, index) => (index === 20_003 ? line.replace('"SUCCESS"', '"FAILURE"') : line));
      const content = [...broken, '{"seq":1'].join('\n');
      writeFileSync(join(folder, 'trace'), content);
      writeFileSync(join(folder, 'trace.gz'), gzipSync(content));
      const expected: unknown = JSON.parse(JSON.stringify(await checkTrace(one(content))));
      for (const name of ['trace', 'trace.gz'])
        expect(JSON.parse(JSON.stringify(await checkTraceFile(join(folder, name))))).to.deep.equal(expected);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
