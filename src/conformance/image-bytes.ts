import { existsSync, readFileSync, statSync } from 'node:fs';
import { format, parse, resolve } from 'node:path';
import { CannotJudge } from './cannot-judge';
import { whyUnreadable } from './why-not';

/** Programs and symbols are smaller than that, and what is written by hand far smaller. */
const LARGEST = 256 * 1024 * 1024;
const WRITTEN_BY_HAND: Readonly<Record<string, number>> = {
  profile: 1024 * 1024,
  'target file': 1024 * 1024,
  'list of waivers': 16 * 1024 * 1024,
};

/** An image and the symbols beside it. */
export interface ImageBytes {
  readonly image: Buffer;
  readonly pdb?: Buffer;
}

/**
 * @param path of a .sys file; a .pdb of the same name beside it is read too
 * @throws CannotJudge when a file cannot be read
 */
export function imageAt(path: string): ImageBytes {
  const symbols = symbolsBeside(path);
  return {
    image: bytesOf(path, 'image'),
    ...(symbols !== undefined && { pdb: bytesOf(symbols, 'symbols') }),
  };
}

/** @returns path of the symbols of an image: a .pdb of the same name beside it; undefined when there is none */
export function symbolsBeside(path: string): string | undefined {
  const { dir, name } = parse(resolve(path));
  const symbols = format({ dir, name, ext: '.pdb' });
  return existsSync(symbols) ? symbols : undefined;
}

/**
 * @param what it is, for the complaint
 * @throws CannotJudge when it cannot be read
 */
export function bytesOf(path: string, what: string): Buffer {
  try {
    if (statSync(resolve(path)).size > (WRITTEN_BY_HAND[what] ?? LARGEST))
      throw new Error(`it is larger than any ${what}`);
    return readFileSync(resolve(path));
  } catch (failure) {
    throw new CannotJudge(`Cannot read the ${what} ${path} (${whyUnreadable(failure)}); check the path.`, {
      cause: failure,
    });
  }
}
