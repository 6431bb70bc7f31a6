/** The name that a run has for the agent of its lab machine, kept while the run is not over: whoever takes it up again is the same run. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FILE = '.lwf-machine-run';
const NAME = /^[a-z0-9-]{1,64}$/;

/** @throws what the file system throws */
export function beginMachineRun(folder: string, run: string): void {
  writeFileSync(join(resolve(folder), FILE), run);
}

/** @returns undefined where there is none that can be read */
export function machineRunIn(folder: string): string | undefined {
  try {
    const name = readFileSync(join(resolve(folder), FILE), 'utf8');
    return NAME.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The results are complete and in place. */
export function removeMachineRun(folder: string): void {
  rmSync(join(resolve(folder), FILE), { force: true });
}
