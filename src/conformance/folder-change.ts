/**
 * Several files of a folder, changed together: each is written beside its place under another name, and all are put in place when
 * the last one is complete. Whatever fails before that leaves the folder as it was.
 */
import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CannotJudge } from './cannot-judge';
import { makeFolder } from './make-folder';
import { whyNot } from './why-not';

/** Ending of a file that is not complete: two runs that write into one folder must not take each other's. */
const UNFINISHED = `.lwf-new-${process.pid}`;
const ANY_UNFINISHED = /\.lwf-new-\d+$/;

export class FolderChange {
  private readonly folder: string;
  /** Names below the folder, in the order in which they are put in place. */
  private readonly written = new Set<string>();
  private readonly outdated = new Set<string>();
  /** A process that is made to end in the middle leaves nothing behind. */
  private readonly onExit = (): void => this.discard();

  /** @param folder that is changed; made when it is missing */
  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /**
   * Writes a file that takes its place when the change is committed.
   * @param name below the folder, with forward slashes
   * @param content whole, or its pieces in their order
   * @throws CannotJudge when it cannot be written: the change is undone
   */
  put(name: string, content: string | Uint8Array | Iterable<string>): void {
    const path = join(this.folder, name);
    try {
      makeFolder(dirname(path));
      if (this.written.size === 0) process.on('exit', this.onExit);
      this.written.add(name);
      writeContent(path + UNFINISHED, content);
    } catch (failure) {
      this.discard();
      throw new CannotJudge(
        `${path} cannot be written (${whyNot(failure)}). What was there before is untouched; make room or choose another folder with --out.`,
        { cause: failure },
      );
    }
  }

  /**
   * Names files that are no longer true. Those that are not written again go when the change is committed.
   * @param names below the folder; of a folder, all that is in it
   */
  outdate(...names: readonly string[]): void {
    for (const name of names) for (const file of filesBelow(this.folder, name)) this.outdated.add(file);
  }

  /**
   * Puts everything in place, in the order in which it was written.
   * @throws CannotJudge when a file cannot be replaced
   */
  commit(): void {
    for (const name of this.written) this.requireFile(join(this.folder, name));
    // First, so that they are never taken to belong to what comes now.
    for (const name of this.outdated) {
      if (!this.written.has(name.replace(ANY_UNFINISHED, ''))) rmSync(join(this.folder, name), { force: true });
    }
    for (const name of this.written) {
      const path = join(this.folder, name);
      try {
        renameSync(path + UNFINISHED, path);
      } catch (failure) {
        this.discard();
        throw new CannotJudge(
          `${path} cannot be replaced (${whyNot(failure)}). Close what has it open and run again.`,
          {
            cause: failure,
          },
        );
      }
      this.written.delete(name);
    }
    process.off('exit', this.onExit);
  }

  private requireFile(path: string): void {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    this.discard();
    throw new CannotJudge(`${path} is a folder, and a file is to be written there. Choose another folder with --out.`);
  }

  /** Forgets what was written. */
  discard(): void {
    for (const name of this.written) rmSync(join(this.folder, name) + UNFINISHED, { force: true });
    this.written.clear();
    process.off('exit', this.onExit);
  }
}

/** In pieces where it is given in pieces: it may be longer than one text. */
function writeContent(path: string, content: string | Uint8Array | Iterable<string>): void {
  if (typeof content === 'string' || content instanceof Uint8Array) return writeFileSync(path, content);
  const handle = openSync(path, 'w');
  try {
    for (const piece of content) writeFileSync(handle, piece);
  } finally {
    closeSync(handle);
  }
}

function filesBelow(folder: string, name: string): string[] {
  const path = join(folder, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [name];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
