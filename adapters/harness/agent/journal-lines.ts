/** Lines of the journal: `length checksum json`. Whatever a machine that stopped left at the end is told from what was written whole. */
import { createHash } from 'node:crypto';

const LINE_FEED = 0x0a;
const HEAD = /^(\d{1,8}) ([0-9a-f]{16}) $/;
/** Longer than any head. */
const HEAD_BYTES = 26;

export interface JournalText {
  readonly entries: readonly unknown[];
  /** Bytes up to the end of the last line that is whole: what follows is a torn tail. */
  readonly whole: number;
  /** Lines that are not whole and have whole ones after them. */
  readonly damaged: number;
}

/** @returns one line of the journal */
export function journalLine(entry: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(entry));
  return Buffer.concat([Buffer.from(`${json.length} ${checksum(json)} `), json, Buffer.from('\n')]);
}

/** @param bytes a journal, torn anywhere, with anything behind it */
export function readJournal(bytes: Buffer): JournalText {
  const entries: unknown[] = [];
  let whole = 0;
  let damaged = 0;
  let pending = 0;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    const entry = readLine(bytes.subarray(start, end));
    start = end + 1;
    if (entry === undefined) {
      pending += 1;
      continue;
    }
    entries.push(entry.value);
    damaged += pending;
    pending = 0;
    whole = start;
  }
  return { entries, whole, damaged };
}

function readLine(line: Buffer): { readonly value: unknown } | undefined {
  const space = line.subarray(0, HEAD_BYTES).lastIndexOf(0x20);
  const [, length, sum] = HEAD.exec(line.subarray(0, space + 1).toString('latin1')) ?? [];
  const json = line.subarray(space + 1);
  if (length === undefined || Number(length) !== json.length || checksum(json) !== sum) return undefined;
  return { value: JSON.parse(json.toString()) as unknown };
}

function checksum(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
