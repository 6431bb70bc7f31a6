/** Files of the machine for the controller: it asks by the names that `collect` told, never by paths. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { RigRefusal } from '../../contract';
import { FILE_PIECE, fileNameFault, type CollectedFile } from '../protocol';

/** A file that is worth keeping: dumps, traces, logs. */
export interface FoundFile {
  /** As the controller is to call it: letters, digits, `.`, `_`, `-`, with `/` between folders. */
  readonly name: string;
  readonly path: string;
}

export type FindFiles = () => Promise<readonly FoundFile[]>;

const MOST = 1000;

export class CollectedFiles {
  private found = new Map<string, Omit<CollectedFile, 'name'> & { readonly path: string }>();

  constructor(private readonly find: FindFiles) {}

  async collect(): Promise<readonly CollectedFile[]> {
    this.found = new Map();
    for (const { name, path } of (await this.find()).slice(0, MOST)) {
      const facts = factsOf(path);
      if (facts && fileNameFault(name) === undefined) this.found.set(name, { path, ...facts });
    }
    return [...this.found].map(([name, { bytes, time }]) => ({ name, bytes, time }));
  }

  /** @returns the bytes from `offset`, as many as a message takes @throws RigRefusal (environment) */
  piece(name: string, offset: number): { readonly base64: string } {
    const file = this.found.get(name);
    if (!file) throw new RigRefusal('environment', `No file "${name}" was collected`);
    const handle = openSync(file.path, 'r');
    try {
      if (fstatSync(handle).size < file.bytes) throw new RigRefusal('environment', `"${name}" has become shorter`);
      // What was added since then belongs to the next collection.
      const length = Math.max(0, Math.min(FILE_PIECE, file.bytes - offset));
      const piece = Buffer.alloc(length);
      const read = readSync(handle, piece, 0, length, offset);
      return { base64: piece.subarray(0, read).toString('base64') };
    } finally {
      closeSync(handle);
    }
  }
}

/** @returns nothing for what is no file, or went away */
function factsOf(path: string): Omit<CollectedFile, 'name'> | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? { bytes: stat.size, time: stat.mtime.toISOString() } : undefined;
  } catch {
    return undefined;
  }
}
