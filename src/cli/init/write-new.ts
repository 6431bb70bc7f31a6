import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CannotJudge, makeFolder } from '../../conformance';
import { errorCode } from '../error-code';

/**
 * Writes a file wholly or not at all.
 * @param overwrite a file that is there already may go
 * @throws CannotJudge when there is one that may not, and when the place cannot be written to
 */
export function writeNew(path: string, text: string, overwrite: boolean): void {
  const target = resolve(path);
  if (!overwrite && existsSync(target)) throw isThere(path);
  const whole = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    makeFolder(dirname(target));
    writeFileSync(whole, text);
    renameSync(whole, target);
  } catch (failure) {
    throw new CannotJudge(`Cannot write ${path} (${errorCode(failure)}); give another place with --out FILE.`, {
      cause: failure,
    });
  } finally {
    if (existsSync(whole)) rmSync(whole);
  }
}

/** @returns the complaint about a file that is there already */
export function isThere(path: string): CannotJudge {
  return new CannotJudge(`${path} is there already; --force overwrites it, --out FILE writes another one.`);
}
