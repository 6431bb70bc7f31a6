/** A result as JSON, in pieces: with long traces it is longer than one text may be. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { RunResult } from './results';

/**
 * @returns what `JSON.stringify` gives, with a line feed behind it; a piece for each scenario
 */
export function* runJson(run: RunResult): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(run)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    if (name === 'scenarios') yield* listJson(run.scenarios);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield '}\n';
}

function* listJson(list: readonly object[]): Generator<string> {
  yield '[';
  for (const [index, value] of list.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(value)}`;
  yield ']';
}

/** @returns whether a file has this content, and nothing else; false where there is none */
export function holds(file: string, content: Iterable<string>): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return false;
  }
  try {
    for (const piece of content) {
      const wanted = Buffer.from(piece, 'utf8');
      const found = Buffer.alloc(wanted.length);
      if (readSync(handle, found, 0, found.length, null) < wanted.length || !wanted.equals(found)) return false;
    }
    return readSync(handle, Buffer.alloc(1), 0, 1, null) === 0;
  } finally {
    closeSync(handle);
  }
}
