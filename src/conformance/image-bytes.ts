import { existsSync, readFileSync } from 'node:fs';
import { format, parse, resolve } from 'node:path';
import { CannotJudge } from './cannot-judge';

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
    return readFileSync(resolve(path));
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new CannotJudge(`Cannot read the ${what} ${path} (${why}); check the path.`, { cause: failure });
  }
}
