/** Functions that the compiler has split: each piece's unwind information is chained to that of the function's beginning. */
import type { Image, RuntimeFunction } from '../contract';
import { readChain } from './information';

/** More links than any compiler makes: the chain is a ring, or hostile. */
export const MOST_LINKS = 32;

/** @returns the piece that a function begins with, undefined when its unwind information cannot be followed there */
export function primaryOf(image: Image, piece: RuntimeFunction): RuntimeFunction | undefined {
  let at = piece;
  for (let links = 0; links < MOST_LINKS; links++) {
    const link = readChain(image.contents, at.unwind);
    if (!link) return undefined;
    if (!link.chained) return at;
    at = link.chained;
  }
  return undefined;
}
