import { existsSync, statSync } from 'node:fs';
import { CannotJudge } from '../../conformance';
import { refuseAmong, writeWhole } from '../write-whole';

/**
 * Writes the profile wholly or not at all.
 * @param driver that it is for, which must stay
 * @param overwrite a file that is there already may go
 * @throws CannotJudge when there is one that may not, and when the place cannot be written to
 */
export function writeNew(path: string, driver: string, text: string, overwrite: boolean): void {
  refuseAmong(path, [driver]);
  if (!overwrite) requireNew(path);
  writeWhole(path, text);
}

/** @throws CannotJudge when a file, or a folder, is there already; /dev/stdout and the like always are */
export function requireNew(path: string): void {
  if (!existsSync(path)) return;
  const found = statSync(path);
  if (found.isFile() || found.isDirectory()) {
    throw new CannotJudge(`${path} is there already; --force overwrites it, --out FILE writes another one.`);
  }
}
