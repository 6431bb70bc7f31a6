/**
 * How fast `lwf check` judges ten million crossings, beside a process that only gives each line to JSON.parse, and one that gives what comes of
 * it to the same judges: in turns, each in a process of its own, by the clock on the wall. A missed promise makes the exit code 1; it is about
 * the first one.
 *
 * LWF_BENCH_CROSSINGS and LWF_BENCH_ROUNDS make it shorter, LWF_BENCH_MODULES says how many modules live side by side.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from '../scripts/build';
import { recorded } from './check/recorded';
import { traffic } from './check/traffic';

const CROSSINGS = Number(process.env['LWF_BENCH_CROSSINGS'] ?? 10_000_000);
const ROUNDS = Number(process.env['LWF_BENCH_ROUNDS'] ?? 3);
/** The promises: so many times the speed of JSON.parse, and memory at most. */
const FASTER = 6;
const MOST_MIB = 128;

const MODULES = Number(process.env['LWF_BENCH_MODULES'] ?? 8);
const folder = mkdtempSync(join(tmpdir(), 'lwf-bench-'));
const peakFile = join(folder, 'peak');
const kit = join(__dirname, '..');
const lwf = join(folder, 'kit', 'bin', 'lwf.js');

/** What a user has: the built package, and not a clone, which compiles what it runs. */
function build(): void {
  const built = join(folder, 'kit');
  for (const part of ['bin', 'package.json']) cpSync(join(kit, part), join(built, part), { recursive: true });
  symlinkSync(join(kit, 'node_modules'), join(built, 'node_modules'), 'junction');
  if (buildPackage(join(built, 'dist')) !== 0) throw new Error('the package cannot be built');
}

type Lines = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

/** @returns how many there are */
async function write(path: string, source: Lines): Promise<number> {
  const file = openSync(path, 'w');
  let lines: string[] = [];
  let count = 0;
  const put = (): void => {
    count += lines.length;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  };
  for await (const more of source) {
    lines.push(...more);
    if (lines.length >= 10_000) put();
  }
  put();
  closeSync(file);
  return count;
}

/** @returns seconds */
function seconds(args: readonly string[]): number {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, PEAK_FILE: peakFile },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stdout}${stderr}`);
  return (performance.now() - begun) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

async function measure(kind: string, source: Lines): Promise<boolean> {
  const path = join(folder, 'trace.ndjson');
  const count = await write(path, source);
  const bytes = statSync(path).size;
  const judged: number[] = [];
  const parsed: number[] = [];
  const parsedAndJudged: number[] = [];
  const peaks: number[] = [];
  const parse = join(__dirname, 'check', 'parse.js');
  for (let round = 0; round < ROUNDS; round += 1) {
    parsed.push(seconds([parse, path]));
    parsedAndJudged.push(seconds([parse, path, join(folder, 'kit')]));
    judged.push(seconds(['-r', join(__dirname, 'check', 'peak.js'), lwf, 'check', path]));
    peaks.push(Number(readFileSync(peakFile, 'utf8')) / 1024);
  }
  const ratio = median(parsed) / median(judged);
  const peak = Math.max(...peaks);
  const lines = (time: number): string => `${(count / time / 1e6).toFixed(2)} million lines/s`;
  console.log(
    `lwf check, ${kind}: ${count} crossings of ${Math.round(bytes / count)} bytes; JSON.parse ${lines(median(parsed))}, ` +
      `lwf check ${lines(median(judged))}: ${ratio.toFixed(2)} times as fast (promised ${FASTER}), ` +
      `${(median(parsedAndJudged) / median(judged)).toFixed(2)} times as fast as JSON.parse and the same judges, ` +
      `at most ${peak.toFixed(0)} MiB (promised ${MOST_MIB}); medians of ${ROUNDS}`,
  );
  return ratio >= FASTER && peak <= MOST_MIB;
}

async function main(): Promise<void> {
  try {
    build();
    const held = [await measure('recorded', recorded(CROSSINGS))];
    for (const kind of ['full', 'lean'] as const) held.push(await measure(kind, traffic(kind, CROSSINGS, MODULES)));
    process.exitCode = held.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
