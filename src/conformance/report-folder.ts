/** Whose a folder is that reports are to be written to. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CannotJudge } from './cannot-judge';

/** Folders in it of which a result replaces all that is there: what an earlier result left would be taken to belong to it. */
const REPLACED = ['traces', 'waived', 'allure-results', 'allure-report'];
/** Of them one is in every folder that the kit has written such folders to. */
const RESULTS = ['run.json', 'statement.json'];

/**
 * Somebody may keep traces of his own in a folder of that name, and they are not to go.
 * @throws CannotJudge when there is something that a result would replace, and no result that it came with
 */
export function refuseFilesOfOthers(folder: string): void {
  if (RESULTS.some((name) => existsSync(join(folder, name)))) return;
  const taken = REPLACED.find((name) => holdsAnything(join(folder, name)));
  if (taken === undefined) return;
  throw new CannotJudge(
    `${join(folder, taken)} holds files that no run left there, and a run would replace them. Choose another folder with --out, or move them away.`,
  );
}

function holdsAnything(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch {
    // It is not there, or what is wrong with it is told where it is written to.
    return false;
  }
}
