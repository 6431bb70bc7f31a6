/** Where journals are kept: one file a run. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JournalFile } from './journal';

export interface JournalFolder {
  /** @returns the journal of a run, made when there is none */
  open(run: string): JournalFile;
  /** Runs with a journal, the one written to last first. */
  runs(): readonly string[];
  remove(run: string): void;
}

const ENDING = '.journal';

/** @param folder made when it is missing */
export function journalsIn(folder: string): JournalFolder {
  const pathOf = (run: string): string => join(folder, `${run}${ENDING}`);
  return {
    open(run) {
      mkdirSync(folder, { recursive: true });
      return new OpenFile(pathOf(run));
    },
    runs() {
      if (!existsSync(folder)) return [];
      const names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
      const byTime = names.map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs }));
      return byTime.sort((a, b) => b.time - a.time).map(({ name }) => name.slice(0, -ENDING.length));
    },
    remove: (run) => rmSync(pathOf(run), { force: true }),
  };
}

class OpenFile implements JournalFile {
  constructor(private readonly path: string) {
    closeSync(openSync(path, 'a'));
  }

  read(): Buffer {
    return readFileSync(this.path);
  }

  append(bytes: Buffer): void {
    const file = openSync(this.path, 'a');
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    } finally {
      closeSync(file);
    }
  }

  sync(): void {
    this.with((file) => fsyncSync(file));
  }

  truncate(length: number): void {
    this.with((file) => ftruncateSync(file, length));
  }

  private with(work: (file: number) => void): void {
    const file = openSync(this.path, 'r+');
    try {
      work(file);
    } finally {
      closeSync(file);
    }
  }
}
