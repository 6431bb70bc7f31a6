/** Files of the machine, written below a folder of the run and nowhere else, in pieces, up to limits. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RigRefusal } from '../../contract';
import type { Peer } from '../../stdio';
import { FILE_PIECE, fileNameFault, harnessFault, type CollectedFile } from '../protocol';

export interface CollectLimits {
  readonly files: number;
  /** Bytes of all files together. */
  readonly bytes: number;
}

export interface Collected {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** What was left on the machine, and why. */
  readonly left: readonly string[];
}

export interface CollectOptions {
  readonly limits?: CollectLimits;
  readonly known?: readonly CollectedFile[];
}

function identityOf({ name, bytes, time }: CollectedFile): string {
  return JSON.stringify([name, bytes, time]);
}

const LIMITS: CollectLimits = { files: 200, bytes: 32 * 2 ** 30 };

/** @returns the files that the machine offers, as it calls them @throws RigRefusal */
export async function offeredFiles(peer: Peer): Promise<readonly CollectedFile[]> {
  const answer = await peer.ask('collect', {}, (result) => harnessFault('collect', 'result', result));
  return (answer as { readonly files: readonly CollectedFile[] }).files;
}

/**
 * @param folder must not be there yet: what is written goes where nobody has put a link
 * @param known files that were there before, and are not wanted
 * @throws RigRefusal
 */
export async function collectFiles(
  peer: Peer,
  folder: string,
  { limits = LIMITS, known = [] }: CollectOptions = {},
): Promise<Collected> {
  const old = new Set(known.map(identityOf));
  const wanted = chosen(
    (await offeredFiles(peer)).filter((file) => !old.has(identityOf(file))),
    limits,
  );
  makeNew(folder);
  const written: { name: string; bytes: number; sha256: string }[] = [];
  for (const file of wanted.files) {
    const { name, bytes } = file;
    written.push({ name, bytes, sha256: await fetchFile(peer, file, join(folder, ...file.name.split('/'))) });
  }
  return { files: written, left: wanted.left };
}

function chosen(
  files: readonly CollectedFile[],
  limits: CollectLimits,
): { readonly files: readonly CollectedFile[]; readonly left: readonly string[] } {
  const taken: CollectedFile[] = [];
  const left: string[] = [];
  const paths = new Set<string>();
  let bytes = 0;
  for (const file of files) {
    const why = refused(file, paths);
    if (why !== undefined) left.push(`${JSON.stringify(file.name)} ${why}`);
    else if (taken.length === limits.files) left.push(`${file.name}: no more than ${limits.files} files are fetched`);
    else if (bytes + file.bytes > limits.bytes)
      left.push(`${file.name}: no more than ${limits.bytes} bytes are fetched`);
    else {
      taken.push(file);
      bytes += file.bytes;
    }
  }
  return { files: taken, left };
}

/** Names differ on every system, and none is a folder of another. */
function refused({ name }: CollectedFile, paths: Set<string>): string | undefined {
  const fault = fileNameFault(name);
  if (fault !== undefined) return fault;
  const path = name.toLowerCase();
  if ([...paths].some((other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`))) {
    return 'is the name of another file, or of a folder';
  }
  paths.add(path);
  return undefined;
}

function makeNew(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(folder);
  } catch (failure) {
    throw new RigRefusal('environment', `Files cannot be written to ${folder}: ${(failure as Error).message}`);
  }
}

/** @returns the SHA-256 of the file */
async function fetchFile(peer: Peer, { name, bytes }: CollectedFile, path: string): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  const handle = openSync(path, 'wx');
  try {
    for (let offset = 0; offset < bytes;) {
      const answer = await peer.ask('file', { name, offset }, (result) => harnessFault('file', 'result', result));
      const piece = Buffer.from((answer as { readonly base64: string }).base64, 'base64');
      if (piece.length === 0 || piece.length > Math.min(FILE_PIECE, bytes - offset)) {
        peer.breakOff(`it handed over ${piece.length} bytes of ${name} at ${offset}, which has ${bytes}`);
        throw new RigRefusal(
          'environment',
          `The machine hands over something else than the ${bytes} bytes of ${name}.`,
        );
      }
      hash.update(piece);
      writeSync(handle, piece);
      offset += piece.length;
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}
