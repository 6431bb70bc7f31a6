import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CannotJudge, makeFolder } from '../conformance';
import { errorCode } from './error-code';

/**
 * Writes a file that a command was asked for: whole or not at all, so that an earlier one stays when this one cannot be written.
 * @throws CannotJudge when it cannot be written
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const path = resolve(file);
  const unfinished = `${path}.unfinished`;
  try {
    makeFolder(dirname(path));
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  } catch (failure) {
    removeIfThere(unfinished);
    throw new CannotJudge(`${path} cannot be written (${errorCode(failure)}). Choose another place for it.`, {
      cause: failure,
    });
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It never came to be: its folder is a file, or the disk is gone.
  }
}
