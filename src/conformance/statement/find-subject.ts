/** The driver that a statement is about, on this machine: the files must be the very ones that were run. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Subject } from '../adapters';
import { fileFacts, type FileFacts, type RunIdentity } from '../identity';
import { bytesOf } from '../image-bytes';
import { ENGINES } from '../engines';
import { KIT_DRIVER } from '../kit-image';
import { kitRoot } from '../kit-root';
import type { Check, Findings } from './findings';

export interface Given {
  readonly driver?: string | undefined;
  readonly profile?: string | undefined;
  /** Command line of an adapter that is a program of its own. */
  readonly command?: string | undefined;
}

/** Where the kit has its own drivers and profiles: first, since what shows them lies beside them. */
const KIT_FOLDERS = ['drivers/build', 'drivers/profiles'].map((folder) => join(kitRoot, folder));

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
  if (driver.kind === 'adapter') return foreignSubject(driver.name, given.command, findings);
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

/** The adapter brings the driver along, and none is named; what it runs, only the traces can tell. */
function foreignSubject(driver: string, command: string | undefined, findings: Findings): Subject | undefined {
  if (command !== undefined) return { adapter: 'stdio', driver: KIT_DRIVER, command };
  findings.unchecked(
    'driver',
    `"${driver}" was run by an adapter that is a program of its own: give its command with --command, or leave the re-run out with --rerun none.`,
  );
  return undefined;
}

function shippedDriver({ driver }: RunIdentity, given: string | undefined, findings: Findings): string | undefined {
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
  const places = [...KIT_FOLDERS, '.', folder, dirname(folder)].map((place) => resolve(place, wanted.file));
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
