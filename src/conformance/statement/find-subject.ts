/** The driver that a statement is about, on this machine: the files must be the very ones that were run. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Subject } from '../adapters';
import { fileFacts, type FileFacts, type RunIdentity } from '../identity';
import { bytesOf } from '../image-bytes';
import { ENGINES } from '../engines';
import { kitRoot } from '../kit-root';
import type { Check, Findings } from './findings';

export interface Given {
  readonly driver?: string | undefined;
  readonly profile?: string | undefined;
}

/**
 * @param identity of the run
 * @param given files that the reviewer names; without them, files of the same name and content are looked for
 * @param folder of the statement
 * @returns undefined when the driver is not here; why is in the findings
 * @throws CannotJudge when a file that was named cannot be read
 */
export function findSubject(
  identity: RunIdentity,
  given: Given,
  folder: string,
  findings: Findings,
): Subject | undefined {
  const { driver, profile, adapter } = identity;
  const file = driver.image ?? driver.module;
  const driverPath = file
    ? foundFile('driver', file, given.driver, folder, findings)
    : shippedDriver(identity, given.driver, findings);
  const profilePath = profile && foundFile('profile', profile, given.profile, folder, findings);
  if (driverPath === undefined || (profile && profilePath === undefined)) return undefined;
  const engine = ENGINES.find((name) => name === adapter.engine);
  return {
    driver: driverPath,
    ...(profilePath !== undefined && { profile: profilePath }),
    ...(engine && { engine }),
  };
}

function shippedDriver({ driver }: RunIdentity, given: string | undefined, findings: Findings): string | undefined {
  if (driver.kind === 'adapter') {
    findings.unchecked(
      'driver',
      'The driver was run by an adapter of its own: only the command that it names can run it again.',
    );
    return undefined;
  }
  if (given !== undefined && given !== driver.name) {
    findings.contradicts(
      'driver',
      `The statement is about "${driver.name}", a driver of the kit, and not about ${given}.`,
    );
    return undefined;
  }
  findings.holds('driver', `"${driver.name}" is a driver that this kit ships.`);
  return driver.name;
}

function foundFile(
  what: Check & ('driver' | 'profile'),
  wanted: FileFacts,
  given: string | undefined,
  folder: string,
  findings: Findings,
): string | undefined {
  const places = ['.', folder, dirname(folder), join(kitRoot, 'drivers/profiles')].map((place) =>
    resolve(place, wanted.file),
  );
  const candidates = given === undefined ? places.filter(isFile) : [given];
  for (const path of candidates) {
    if (fileFacts(path, bytesOf(path, what)).sha256 !== wanted.sha256) continue;
    findings.holds(what, `${path} is the ${what} of the statement: its hash is the same.`);
    return path;
  }
  if (given === undefined) {
    findings.unchecked(
      what,
      `The ${what} ${wanted.file} (sha256 ${wanted.sha256}) is not here: give it with --${what} FILE, or leave the re-run out with --rerun none.`,
    );
  } else {
    findings.contradicts(what, `${given} is not the ${what} of the statement: that has the sha256 ${wanted.sha256}.`);
  }
  return undefined;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
