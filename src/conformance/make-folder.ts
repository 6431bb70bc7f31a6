import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it, level by level: mkdir with `recursive` never comes back where the system answers ENOENT
 * although the parent exists, as /proc does.
 * @throws the error of the file system
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (failure) {
    // Another process of the same run may have been faster.
    if (!existsSync(path)) throw failure;
  }
}
