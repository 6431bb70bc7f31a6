import { constants } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';

/** What is in it is more than one text can hold, or than its kind ever is. */
export class TooLarge extends Error {}

/**
 * @param longest how many bytes it may have; default: what one text may hold
 * @returns the text of a file
 * @throws Error when it cannot be read; one that is too large is not read at all
 */
export function textOf(path: string, longest: number = constants.MAX_STRING_LENGTH): string {
  const { size } = statSync(path);
  if (size > longest) throw new TooLarge(`it is larger than ${Math.floor(longest / 1024 / 1024)} MB`);
  return readFileSync(path, 'utf8');
}
