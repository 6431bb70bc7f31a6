/** The bytes of a trace: a file, a compressed file, or standard input. */
import type { FileHandle } from 'node:fs/promises';
import { stdin } from 'node:process';
import { pipeline, Readable } from 'node:stream';
import { printable } from './printable';

type Bytes = AsyncIterable<Buffer, unknown, undefined>;

const CHUNK = 256 * 1024;

/** First bytes of gzip. A name may lie (`trace.ndjson` downloaded compressed), and standard input has none. */
const GZIP = [0x1f, 0x8b] as const;

/** @param head the first bytes of a file */
export function isGzip(head: Uint8Array): boolean {
  return GZIP.every((byte, i) => head[i] === byte);
}

const REMEDY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'a part of the path is not a folder; check the path',
  EACCES: 'reading it is not permitted; change its permissions',
  EPERM: 'reading it is not permitted; change its permissions',
  EISDIR: 'it is a folder; name the file in it',
  ENAMETOOLONG: 'the name is too long; check the path',
  EMFILE: 'too many files are open',
};

/** The file cannot be opened; the message is one line that says why and what to do. */
export class CannotRead extends Error {}

function cannotRead(path: string, failure: unknown): CannotRead {
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure);
  return new CannotRead(`Cannot read the trace ${printable(path)}: ${REMEDY[code] ?? code}.`, { cause: failure });
}

/** Whoever waits for a pipe that nobody writes to can be interrupted: a thread that has opened it, or reads it, like a file cannot. */
async function openPipe(path: string): Promise<Bytes> {
  const { openSync, constants } = await import('node:fs');
  const { Socket } = await import('node:net');
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}

async function openFile(path: string): Promise<Bytes> {
  let file: FileHandle | undefined;
  try {
    // These take longer to load than all of this room, and who judges what another thread reads needs none of them.
    const { open, stat } = await import('node:fs/promises');
    if ((await stat(path)).isFIFO()) return await openPipe(path);
    file = await open(path);
    // A folder opens like a file on some systems and fails only when it is read.
    if ((await file.stat()).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return file.createReadStream({ highWaterMark: CHUNK });
  } catch (failure) {
    await file?.close();
    throw cannotRead(path, failure);
  }
}

async function* continued(
  head: Buffer,
  chunks: ReturnType<Bytes[typeof Symbol.asyncIterator]>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

async function* uncompressed(source: Bytes): AsyncGenerator<Buffer, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let more = true;
  // A pipe may deliver even the first two bytes one by one.
  while (more && head.length < GZIP.length) {
    const next = await chunks.next();
    more = next.done !== true;
    if (next.done !== true) head = Buffer.concat([head, next.value]);
  }
  const whole = continued(head, chunks);
  if (!isGzip(head)) {
    yield* whole;
    return;
  }
  const { createGunzip } = await import('node:zlib');
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // Whoever reads `gunzip` sees the failure.
  pipeline(Readable.from(whole), gunzip, () => undefined);
  yield* gunzip as Bytes;
}

/**
 * Opens a trace for `readTrace`.
 * @param path a file, compressed with gzip or not (its content tells), or `-` for standard input
 * @returns its bytes, uncompressed, as they come
 * @throws CannotRead with one line that says what is wrong with the file and what to do: missing, not permitted, a folder. What
 * goes wrong later (damaged compression, a disk that fails) is thrown while reading, and `readTrace` makes a problem of it.
 */
export async function openTraceFile(path: string): Promise<AsyncIterable<Buffer>> {
  return uncompressed(path === '-' ? stdin : await openFile(path));
}
