import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CannotJudge } from '../conformance/cannot-judge';
import { decodeText, otherThanText } from '../dump';
import { errorCode } from './error-code';

/** What !analyze -v writes is some kilobytes; a log of a whole session may be more. */
const LARGEST = 16 * 1024 * 1024;

/**
 * The text of a file or of standard input.
 * @param file path, or `-`
 * @throws CannotJudge when it cannot be read, is too large, is empty, or is no text
 */
export async function dumpFile(file: string): Promise<string> {
  const what = file === '-' ? 'Standard input' : file;
  const bytes = await readWhole(file, what);
  const text = decodeText(bytes);
  if (text.trim() === '') throw new CannotJudge(`${what} is empty. Give the text that WinDbg writes for !analyze -v.`);
  return text;
}

async function readWhole(file: string, what: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await gathered(process.stdin, what) : await gathered(chunksOf(file), what);
  } catch (failure) {
    if (failure instanceof CannotJudge) throw failure;
    const why = WHY[errorCode(failure)] ?? errorCode(failure);
    throw new CannotJudge(`${what} cannot be read: ${why}. Give the text that WinDbg writes for !analyze -v.`, {
      cause: failure,
    });
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
};

/** A person who pastes takes time, and may think better of it: nothing waits for standard input in a way that Ctrl-C cannot end. */
async function gathered(source: AsyncIterable<Buffer> | Iterable<Buffer>, what: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    size += chunk.length;
    if (chunks.length === 1) refuseOther(chunk, what);
    if (size > LARGEST) {
      throw new CannotJudge(
        `${what} is larger than ${LARGEST / 1024 / 1024} MB, and no text of !analyze -v is. Cut the analysis of the crash out of it.`,
      );
    }
  }
  return Buffer.concat(chunks);
}

function* chunksOf(file: string): Generator<Buffer> {
  const handle = openSync(file, 'r');
  try {
    if (fstatSync(handle).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    for (;;) {
      const chunk = Buffer.alloc(1024 * 1024);
      const read = readSync(handle, chunk);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(handle);
  }
}

/** A dump of gigabytes is named as such, not as too large. */
function refuseOther(bytes: Uint8Array, what: string): void {
  const other = otherThanText(bytes);
  if (other !== undefined) throw new CannotJudge(`${what} is ${other}.`);
}
