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
export function dumpFile(file: string): string {
  const what = file === '-' ? 'Standard input' : file;
  const bytes = readWhole(file, what);
  const text = decodeText(bytes);
  if (text.trim() === '') throw new CannotJudge(`${what} is empty. Give the text that WinDbg writes for !analyze -v.`);
  return text;
}

function readWhole(file: string, what: string): Uint8Array {
  try {
    const handle = file === '-' ? 0 : openSync(file, 'r');
    try {
      if (file !== '-' && fstatSync(handle).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      return readUpTo(handle, what);
    } finally {
      if (handle !== 0) closeSync(handle);
    }
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

function readUpTo(handle: number, what: string): Uint8Array {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.alloc(1024 * 1024);
    const read = readChunk(handle, chunk);
    if (read === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, read));
    size += read;
    if (chunks.length === 1) refuseOther(chunk.subarray(0, read), what);
    if (size > LARGEST) {
      throw new CannotJudge(
        `${what} is larger than ${LARGEST / 1024 / 1024} MB, and no text of !analyze -v is. Cut the analysis of the crash out of it.`,
      );
    }
  }
}

/** A dump of gigabytes is named as such, not as too large. */
function refuseOther(bytes: Uint8Array, what: string): void {
  const other = otherThanText(bytes);
  if (other !== undefined) throw new CannotJudge(`${what} is ${other}.`);
}

/** Standard input of a Windows console ends with EOF, and one that has nothing yet says EAGAIN. */
function readChunk(handle: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(handle, chunk);
    } catch (failure) {
      const code = errorCode(failure);
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw failure;
    }
  }
}
