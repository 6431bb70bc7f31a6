/** Finds the driver and the profile of a token on this machine: as they were given, or by their hashes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isAdapterModule, type Subject } from '../adapters';
import { CannotJudge } from '../cannot-judge';
import { ENGINES, type EngineName } from '../engines';
import { sha256 } from '../identity';
import { bytesOf } from '../image-bytes';
import { KIT_DRIVER, KIT_FOLDERS } from '../kit-image';
import { shortHash, type CaseToken } from './token';

/** What the user says of it; the rest is as in the token. */
export interface GivenSubject {
  readonly driver?: string | undefined;
  readonly profile?: string | undefined;
  readonly adapter?: string | undefined;
  readonly engine?: EngineName | undefined;
  /** Of an adapter that is a program, which brings the driver with it. */
  readonly command?: string | undefined;
}

export interface FoundSubject {
  readonly subject: Subject;
  /** In what the case differs from that of the token: a sentence each. */
  readonly differences: readonly string[];
}

/**
 * @param folders where files may lie, besides the working folder and those of the kit
 * @throws CannotJudge when a file cannot be read, or nothing here has the hash that the token asks for
 */
export function findSubject(token: CaseToken, given: GivenSubject, folders: readonly string[] = []): FoundSubject {
  if (given.command !== undefined || isProgram(token, given)) return programOf(token, given);
  const differences: string[] = [];
  const near = [...new Set([process.cwd(), ...folders.map((folder) => resolve(folder)), ...KIT_FOLDERS])];
  if (isForeign(token) || isModule(given.adapter)) return moduleOf(token, given, near);
  const driver = given.driver === undefined ? driverNear(token, near) : givenDriver(token, given.driver, differences);
  const around = [dirname(resolve(driver)), ...near];
  const profile =
    given.profile === undefined ? profileNear(token, driver, around) : givenProfile(token, given.profile, differences);
  const engine = given.engine ?? ENGINES.find((name) => name === token.engine);
  return {
    subject: {
      driver,
      ...(profile !== undefined && { profile }),
      ...(engine !== undefined && { engine }),
      ...(given.adapter !== undefined && { adapter: given.adapter }),
    },
    differences,
  };
}

/** Adapters of the kit itself are two; any other is a module, which has a hash, or a program. */
function isForeign({ adapter }: CaseToken): boolean {
  return !['simulator', 'emulator'].includes(adapter);
}

function isProgram(token: CaseToken, { adapter }: GivenSubject): boolean {
  return isForeign(token) && token.driverHash === undefined && !isModule(adapter);
}

function isModule(adapter: string | undefined): adapter is string {
  return adapter !== undefined && isAdapterModule(adapter);
}

/** The module brings its driver along. */
function moduleOf(token: CaseToken, { adapter, driver, profile }: GivenSubject, near: readonly string[]): FoundSubject {
  if (driver !== undefined || profile !== undefined) {
    throw new CannotJudge('An adapter of your own brings its driver along: leave --driver and --profile out.');
  }
  const differences: string[] = [];
  const path = isModule(adapter) ? givenDriver(token, adapter, differences) : driverNear(token, near, '--adapter');
  return { subject: { adapter: path, driver: KIT_DRIVER }, differences };
}

function programOf(token: CaseToken, { command, driver, profile, adapter }: GivenSubject): FoundSubject {
  if (command === undefined) {
    throw new CannotJudge(
      `The token is of ${token.driver} on the adapter ${token.adapter}, which is a program: give it with --command 'PROGRAM ARGUMENTS'.`,
    );
  }
  if (driver !== undefined || profile !== undefined) {
    throw new CannotJudge('The program of --command brings its driver along: leave --driver and --profile out.');
  }
  const isSame = isForeign(token) && token.driverHash === undefined;
  const differences = isSame ? [] : [`the token is of ${wanted(token)} on the ${token.adapter}`];
  return { subject: { adapter: adapter ?? 'stdio', driver: KIT_DRIVER, command }, differences };
}

function givenDriver(token: CaseToken, driver: string, differences: string[]): string {
  const isFile = /[\\/]|\.(sys|[cm]?[jt]s)$/i.test(driver);
  const hash = isFile ? shortHash(sha256(bytesOf(driver, 'driver'))) : undefined;
  if (hash === token.driverHash && (isFile || driver === token.driver)) return driver;
  differences.push(`the token is of ${wanted(token)}, and ${told(driver, hash)}: this is about the latter`);
  return driver;
}

function givenProfile(token: CaseToken, profile: string, differences: string[]): string {
  const hash = shortHash(sha256(bytesOf(profile, 'profile')));
  if (hash !== token.profileHash) {
    const asked = token.profileHash === undefined ? 'none' : `one with sha256 ${token.profileHash}…`;
    differences.push(`the token asks for a profile: ${asked}; ${told(profile, hash)}`);
  }
  return profile;
}

/** @param option with which it is given */
function driverNear(token: CaseToken, folders: readonly string[], option = '--driver'): string {
  const { driver, driverHash } = token;
  // Drivers of the kit in TypeScript go by their names.
  if (driverHash === undefined) return driver;
  const name = basename(driver.replaceAll('\\', '/'));
  const files = folders.map((folder) => join(folder, name)).filter(isFile);
  const found = files.find((file) => hashOfFile(file) === driverHash);
  if (found !== undefined) return found;
  const [other] = files;
  const seen = other === undefined ? '' : ` ${told(other, hashOfFile(other))}.`;
  throw new CannotJudge(
    `The token is of ${wanted(token)}, which is not here.${seen} Give it with ${option} FILE${token.profileHash === undefined ? '' : ' and its profile with --profile FILE'}.`,
  );
}

function profileNear(token: CaseToken, driver: string, folders: readonly string[]): string | undefined {
  const { profileHash } = token;
  if (profileHash === undefined) return undefined;
  for (const folder of new Set(folders)) {
    const found = profilesIn(folder).find((file) => hashOfFile(file) === profileHash);
    if (found !== undefined) return found;
  }
  throw new CannotJudge(
    `The token asks for a profile of ${basename(driver)} whose sha256 begins with ${profileHash}, and no .yaml file beside the driver or in the working folder has it: give it with --profile FILE.`,
  );
}

function profilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name))
      .sort()
      .map((name) => join(folder, name))
      .filter(isFile);
  } catch {
    // A folder that is not there, or may not be read, holds nothing that could be found.
    return [];
  }
}

function hashOfFile(file: string): string | undefined {
  try {
    return shortHash(sha256(readFileSync(file)));
  } catch {
    // What may not be read cannot be it.
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function wanted({ driver, driverHash }: CaseToken): string {
  return driverHash === undefined ? `the driver "${driver}" of the kit` : `${driver} (sha256 ${driverHash}…)`;
}

function told(path: string, hash: string | undefined): string {
  return hash === undefined ? `"${path}" is another one` : `${path} has sha256 ${hash}…`;
}
