/** The driver that a statement is about, on this machine: the files must be the very ones that were run. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Subject } from '../adapters';
import { CannotJudge } from '../cannot-judge';
import { fileFacts, imageFacts, type FileFacts, type ImageFacts, type RunIdentity } from '../identity';
import { bytesOf } from '../image-bytes';
import { ENGINES } from '../engines';
import { KIT_DRIVER, KIT_FOLDERS } from '../kit-image';
import { canonicalJson } from './canonical';
import type { Check, Findings } from './findings';

export interface Given {
  readonly driver?: string | undefined;
  readonly profile?: string | undefined;
  /** Command line of an adapter that is a program of its own. */
  readonly command?: string | undefined;
}

/**
 * @param identity of the run
 * @param given files that the reviewer names; without them, files of the same name and content are looked for
 * @param folder of the statement
 * @returns undefined when the driver is not here; why is in the findings
 * @throws CannotJudge when a file that was named cannot be read, and for a command that nothing asks for
 */
export function findSubject(
  identity: RunIdentity,
  given: Given,
  folder: string,
  findings: Findings,
): Subject | undefined {
  const { driver, profile, adapter, machine } = identity;
  if (machine) {
    findings.unchecked(
      'driver',
      `It was run on the lab machine ${machine.name}: what happens there only \`lwf run --target ${machine.target.file}\` can show again.`,
    );
    return undefined;
  }
  if (isUnnamed(identity, given, findings)) return undefined;
  if (driver.kind === 'adapter') return foreignSubject(identity, given, folder, findings);
  const file = driver.image ?? driver.module;
  const driverPath = file
    ? foundFile('driver', file, given.driver, folder, findings)
    : shippedDriver(identity, given.driver, findings);
  if (driverPath !== undefined && driver.image) checkImage(driverPath, driver.image, findings);
  const profilePath = profile && foundFile('profile', profile, given.profile, folder, findings);
  if (driverPath === undefined || (profile && profilePath === undefined)) return undefined;
  const engine = ENGINES.find((name) => name === adapter.engine);
  return {
    driver: driverPath,
    ...(profilePath !== undefined && { profile: profilePath }),
    ...(engine && { engine }),
  };
}

/**
 * Whoever names a file wants to know that it is the one: what the statement does not name cannot be told.
 * @throws CannotJudge for a command where none is run
 */
function isUnnamed({ driver, profile }: RunIdentity, given: Given, findings: Findings): boolean {
  const isProgram = driver.kind === 'adapter' && driver.module === undefined;
  if (given.command !== undefined && !isProgram) {
    throw new CannotJudge('The statement was not made with an adapter that is a program: leave --command out.');
  }
  const isOther = given.driver !== undefined && isProgram;
  if (isOther) {
    findings.unchecked(
      'driver',
      `Whether ${given.driver} was run is not known: "${driver.name}" was brought along by an adapter that is a program.`,
    );
  }
  const isAsked = given.profile !== undefined && !profile;
  if (isAsked) findings.unchecked('profile', `The statement names no profile that ${given.profile} could be.`);
  return isOther || isAsked;
}

/** An adapter that is a module is found by its hash. One that is a program is not named: what it runs, only the traces can tell. */
function foreignSubject(
  { driver: { name, module }, adapter }: RunIdentity,
  given: Given,
  folder: string,
  findings: Findings,
): Subject | undefined {
  if (module) {
    const path = foundFile('driver', module, given.driver, folder, findings);
    return path === undefined ? undefined : { adapter: path, driver: KIT_DRIVER };
  }
  if (given.command !== undefined) return { adapter: 'stdio', driver: KIT_DRIVER, command: given.command };
  // Nothing is started because a statement says so.
  const named = adapter.command === undefined ? '' : ` (the vendor's was: ${adapter.command})`;
  findings.unchecked(
    'driver',
    `"${name}" was run by an adapter that is a program of its own: give its command with --command${named}, or leave the re-run out with --rerun none.`,
  );
  return undefined;
}

/** The hash vouches for the bytes, not for what the statement says of them: waivers go by the version. */
function checkImage(path: string, { size, version }: ImageFacts, findings: Findings): void {
  const here = imageFacts(path);
  if (size === here.size && canonicalJson([version]) === canonicalJson([here.version])) return;
  findings.contradicts(
    'driver',
    `What the statement says of the driver's size or version is not so: it has ${here.size} bytes, and its version is ${canonicalJson(here.version ?? {})}.`,
  );
}

/**
 * @param subject whose files have the content of those of the statement
 * @returns a file that has another name here: traces and results name it, so that playing it again gives others
 */
export function renamedFile({ driver, profile }: RunIdentity, subject: Subject): string | undefined {
  const names = [
    [driver.image?.file, subject.driver],
    [driver.module?.file, driver.kind === 'adapter' ? subject.adapter : subject.driver],
    [profile?.file, subject.profile],
  ] as const;
  const renamed = names.find(([then, path]) => then !== undefined && path !== undefined && basename(path) !== then);
  return renamed && `${renamed[1]} is called ${renamed[0]} in the statement`;
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
  // Those of the kit first, since what shows them lies beside them.
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
