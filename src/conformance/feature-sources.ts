/** Cucumber takes each path for a pattern, and a folder with a dot in its name for a file: it is given files, in words that mean nothing else. */
import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotJudge } from './cannot-judge';
import { kitRoot } from './kit-root';
import { whyUnreadable } from './why-not';

/**
 * @param paths feature files, folders or `file:line`, absolute or relative to the kit
 * @returns the same for Cucumber, each folder as the files in it, in the order of their names
 * @throws CannotJudge when a folder cannot be read
 */
export function featureSources(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const [, file = path, lines = ''] = /^(.*?)((?::\d+)*)$/.exec(path) ?? [];
    if (lines === '') return filesAt(file).map(asPattern);
    const pattern = asPattern(file);
    // The pattern finds the file, and the name, which then finds none, says which lines of it.
    return pattern === file ? [path] : [pattern, path];
  });
}

function filesAt(path: string): string[] {
  const full = resolve(kitRoot, path);
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const names = namesBelow(full).filter((name) => name.endsWith('.feature') && !/(?:^|\/)\./.test(name));
  // Without any it must not be all features, which is what nothing means to Cucumber.
  return names.length === 0 ? [`${path}/.feature`] : names.sort().map((name) => `${path}/${name}`);
}

function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  } catch (failure) {
    throw new CannotJudge(`Cannot read the features in ${folder} (${whyUnreadable(failure)}); check the path.`, {
      cause: failure,
    });
  }
}

/** Braces cannot be told as themselves: any one character stands for them. */
function asPattern(path: string): string {
  return path.replace(/[?*()[\]{}]/g, (sign) => ('{}'.includes(sign) ? '?' : `[${sign}]`));
}
