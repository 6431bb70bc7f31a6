import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CannotJudge, makeFolder, whyNot } from '../conformance';

/** Devices of Unix, standard output among them, and of Windows. */
const DEVICE = /^(?:\/dev\/|\\\\\.\\)/;

/**
 * Writes a file that a command was asked for: whole or not at all, so that an earlier one stays when this one cannot be written.
 * What is no file, such as /dev/stdout or a pipe, is written to as it is.
 * @throws CannotJudge when it cannot be written
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const path = resolve(file);
  try {
    makeFolder(dirname(path));
    if (isStream(path)) return writeFileSync(path, content);
    // Through a link: what it leads to is replaced, and not the link.
    putWhole(existsSync(path) ? realpathSync(path) : path, content);
  } catch (failure) {
    throw cannotWrite(path, failure);
  }
}

/**
 * Makes sure, before the work, that its result can be written; makes the folder when it is missing, and nothing else.
 * @throws CannotJudge when it cannot be written
 */
export function requireWritableFile(file: string): void {
  const path = resolve(file);
  try {
    makeFolder(dirname(path));
    if (existsSync(path)) return closeSync(openSync(path, 'a'));
    const trial = unfinished(path);
    closeSync(openSync(trial, 'w'));
    rmSync(trial);
  } catch (failure) {
    throw cannotWrite(path, failure);
  }
}

/**
 * @param file that is to be written
 * @param others files that the command reads, or writes too
 * @throws CannotJudge when it is one of them, by whatever name
 */
export function refuseAmong(file: string, others: readonly string[]): void {
  const other = others.find((each) => isSame(file, each));
  if (other !== undefined) {
    throw new CannotJudge(`${file} would overwrite ${other}, which this command needs. Choose another place for it.`);
  }
}

function isSame(left: string, right: string): boolean {
  if (resolve(left) === resolve(right)) return true;
  if (!existsSync(left) || !existsSync(right)) return false;
  const [one, other] = [statSync(left), statSync(right)];
  return one.isFile() && one.ino !== 0 && one.ino === other.ino && one.dev === other.dev;
}

function isStream(path: string): boolean {
  if (DEVICE.test(path)) return true;
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function putWhole(path: string, content: string | Uint8Array): void {
  const part = unfinished(path);
  try {
    writeFileSync(part, content);
    renameSync(part, path);
  } catch (failure) {
    removeIfThere(part);
    throw failure;
  }
}

function unfinished(path: string): string {
  return `${path}.lwf-new-${process.pid}`;
}

function cannotWrite(path: string, cause: unknown): CannotJudge {
  return new CannotJudge(`${path} cannot be written (${whyNot(cause)}). Choose another place for it.`, { cause });
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It never came to be: its folder is a file, or the disk is gone.
  }
}
