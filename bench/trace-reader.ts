/**
 * How fast a trace file is read, beside the bare `JSON.parse` of the same lines in the same run, and what memory a large one
 * takes. Prints numbers; asserts none.
 */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTraceFile, readTrace, traceLines, type Crossing } from '../src/trace';

const LINES = 200_000;
const ROUNDS = 5;
const MIB = 1024 * 1024;
const STREAM = 50 * MIB;
const CHUNK = 64 * 1024;

/** A send that passes through and comes back, as an adapter with all columns records it. */
function* crossings(count: number): Generator<Crossing> {
  for (let seq = 1; seq <= count; seq += 1) {
    const round = Math.floor((seq - 1) / 4);
    const column = {
      module: 'm1',
      adapter: 'A',
      thread: `t${round % 8}`,
      cpu: round % 4,
      irql: 2,
      locks: [],
      time: round,
    };
    const nbls = [
      { nbl: `n${round % 512}`, status: 'NDIS_STATUS_SUCCESS', nbs: [{ nb: `b${round % 512}`, dataLength: 60 }] },
    ];
    const args = { handle: 'h1', flags: 1 };
    switch (seq % 4) {
      case 1:
        yield { seq, dir: '->', ddi: 'FilterSendNetBufferLists', ...column, args, nbls };
        break;
      case 2:
        yield { seq, dir: '=>', ddi: 'NdisFSendNetBufferLists', ...column, args, nbls };
        break;
      case 3:
        yield { seq, dir: '<=', ddi: 'NdisFSendNetBufferLists', ...column };
        break;
      default:
        yield { seq, dir: '<-', ddi: 'FilterSendNetBufferLists', ...column };
    }
  }
}

async function write(path: string, lines: Iterable<string>): Promise<void> {
  const file = createWriteStream(path);
  for (const line of lines) if (!file.write(line)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
}

function parseOnly(path: string): number {
  let parsed = 0;
  for (const line of readFileSync(path, 'utf8').split('\n')) if (line !== '' && JSON.parse(line) !== null) parsed += 1;
  return parsed;
}

async function read(path: string): Promise<number> {
  let found = 0;
  for await (const { crossing } of readTrace(await openTraceFile(path))) if (crossing) found += 1;
  return found;
}

/** Lines a second of processor time: what other programs do at the same time does not count. */
async function best(work: () => number | Promise<number>): Promise<number> {
  let fastest = 0;
  for (let i = 0; i < ROUNDS; i += 1) {
    const start = process.cpuUsage();
    const lines = await work();
    const { user, system } = process.cpuUsage(start);
    fastest = Math.max(fastest, lines / ((user + system) / 1e6));
  }
  return fastest;
}

/** A trace that is nowhere as a whole. */
function* stream(bytes: number): Generator<Buffer> {
  let sent = 0;
  let text = '';
  for (const line of traceLines(undefined, crossings(Infinity))) {
    text += line;
    if (text.length < CHUNK) continue;
    const chunk = Buffer.from(text);
    text = '';
    sent += chunk.length;
    yield chunk;
    if (sent >= bytes) return;
  }
}

/** Memory in use at its highest while a stream is read, less what was in use before. */
async function growth(bytes: number): Promise<number> {
  let seen = 0;
  let most = 0;
  const before = process.memoryUsage.rss();
  for await (const { crossing } of readTrace(stream(bytes))) {
    if (crossing) seen += 1;
    if (seen % 1000 === 0) most = Math.max(most, process.memoryUsage.rss() - before);
  }
  return most / MIB;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trace-reader-'));
  try {
    await growth(STREAM / 10);
    const small = await growth(STREAM);
    const large = await growth(4 * STREAM);
    const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
    console.log(
      `reading ${mib(STREAM)} takes ${small.toFixed(0)} MiB more memory, ${mib(4 * STREAM)} ${large.toFixed(0)} MiB`,
    );

    const path = join(folder, 'trace.ndjson');
    await write(path, traceLines({ schema: 'trace/1' }, crossings(LINES)));
    const bare = await best(() => parseOnly(path));
    const reader = await best(() => read(path));
    const rate = (lines: number): string => `${Math.round(lines / 1000)} k lines/s of processor time`;
    console.log(
      `${LINES} lines, ${mib(statSync(path).size)}: JSON.parse alone ${rate(bare)}, readTrace ${rate(reader)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
