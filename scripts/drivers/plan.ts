/** Which drivers there are, and what each is made of. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kitRoot } from '../../src/conformance/kit-root';

export interface DriverPlan {
  readonly name: string;
  /** Relative to the root of the clone, with forward slashes, as all paths here. */
  readonly folder: string;
  readonly sources: readonly string[];
  /** Of a defect: the driver whose functions it replaces. */
  readonly base: string | undefined;
}

const NOT_DRIVERS = ['include', 'build', 'defects'];
const BASE = 'reference';

/** @returns every driver of the repository: those of `drivers/` whole, those of `drivers/defects/` as changes to the reference */
export function planDrivers(): DriverPlan[] {
  const whole = foldersOf('drivers')
    .filter((name) => !NOT_DRIVERS.includes(name))
    .map((name) => plan(name, `drivers/${name}`, undefined));
  const defects = foldersOf('drivers/defects').map((name) => plan(name, `drivers/defects/${name}`, BASE));
  return [...whole, ...defects].filter(({ sources }) => sources.length > 0);
}

function plan(name: string, folder: string, base: string | undefined): DriverPlan {
  return { name, folder, sources: filesOf(folder).filter((file) => file.endsWith('.c')), base };
}

function foldersOf(folder: string): string[] {
  if (!existsSync(join(kitRoot, folder))) return [];
  return readdirSync(join(kitRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** @returns the files of a folder and of the folders in it, sorted */
export function filesOf(folder: string): string[] {
  return readdirSync(join(kitRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(kitRoot.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** @returns a hash of what the files are called and what is in them, and of `salt` */
export function hashOf(files: readonly string[], salt: string): string {
  const hash = createHash('sha256').update(salt);
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(join(kitRoot, file)));
  return hash.digest('hex');
}
