/** The container of a program database (MSF 7.00): streams, each a list of blocks of one file. */
import { alignUp, viewOf } from '../bytes';

const SIGNATURE = 'Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0';
const NO_STREAM = 0xffff_ffff;
const MOST_STREAMS = 65_536;

/** Reads one stream by its number; undefined when there is none. */
export type Streams = (index: number) => Uint8Array | undefined;

function gather(file: Uint8Array, blockSize: number, blocks: readonly number[], length: number): Uint8Array {
  const gathered = new Uint8Array(length);
  for (const [index, block] of blocks.entries()) {
    const part = file.subarray(block * blockSize, Math.min((block + 1) * blockSize, file.length));
    gathered.set(part.subarray(0, length - index * blockSize), index * blockSize);
  }
  return gathered;
}

/**
 * @returns the streams, undefined when the file is no such container
 * @throws RangeError when it is one and damaged
 */
export function openMsf(file: Uint8Array): Streams | undefined {
  if (file.length < 56 || [...SIGNATURE].some((letter, i) => file[i] !== letter.charCodeAt(0))) return undefined;
  const superblock = viewOf(file);
  const blockSize = superblock.getUint32(32, true);
  if (![512, 1024, 2048, 4096, 8192, 16384, 32768].includes(blockSize)) return undefined;
  const blocksOf = (length: number) => alignUp(length, blockSize) / blockSize;
  const listAt = (view: DataView, offset: number, count: number) =>
    Array.from({ length: count }, (_, i) => view.getUint32(offset + 4 * i, true));

  const directoryLength = superblock.getUint32(44, true);
  if (directoryLength > file.length) return undefined;
  const map = superblock.getUint32(52, true) * blockSize;
  const directory = gather(file, blockSize, listAt(superblock, map, blocksOf(directoryLength)), directoryLength);
  const view = viewOf(directory);
  const count = view.getUint32(0, true);
  if (count > MOST_STREAMS) return undefined;
  const lengths = listAt(view, 4, count).map((length) => (length === NO_STREAM ? 0 : length));
  // Blocks are of one stream each, but for what was left of older directories: a hostile one must not multiply the file.
  if (lengths.reduce((sum, length) => sum + length, 0) > 2 * file.length) return undefined;
  const starts: number[] = [];
  let next = 4 + 4 * count;
  for (const length of lengths) {
    starts.push(next);
    next += 4 * blocksOf(length);
  }
  return (index) => {
    const length = lengths[index];
    const start = starts[index];
    if (length === undefined || start === undefined) return undefined;
    return gather(file, blockSize, listAt(view, start, blocksOf(length)), length);
  };
}
