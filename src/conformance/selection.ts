import parseTagExpression from '@cucumber/tag-expressions';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { isRuleId, rules } from '../rules';
import { CannotJudge } from './cannot-judge';
import { featuresFolder, kitRoot } from './kit-root';
import { makeFolder } from './make-folder';
import { nearest } from './nearest';
import { whyNot } from './why-not';

/**
 * @param expression a Cucumber tag expression
 * @throws CannotJudge when it does not parse, or names a rule that the catalogue does not have
 */
export function checkTags(expression: string): void {
  try {
    parseTagExpression(expression);
  } catch (failure) {
    const why = failure instanceof Error ? failure.message.replace(/\s+/g, ' ') : String(failure);
    throw new CannotJudge(`${why} Tags are joined like "@PAU-07 or (@DET-03 and not @exhibit)".`, { cause: failure });
  }
  for (const [, id] of expression.matchAll(/@([A-Z]{2,3}-\d+)/g)) {
    if (id === undefined || isRuleId(id)) continue;
    const near = nearest(
      id,
      rules.map((rule) => rule.id),
    );
    throw new CannotJudge(
      `There is no rule ${id}.${near ? ` Did you mean ${near}?` : ''} \`lwf explain TEXT\` searches the catalogue.`,
    );
  }
}

/**
 * @param paths feature files, folders or `file:line`, relative to the working folder or to the kit; none: all features
 * @returns the same, relative to the kit's root
 * @throws CannotJudge for a path that does not exist
 */
export function featurePaths(paths: readonly string[] | undefined): string[] {
  if (!paths || paths.length === 0) return [relative(kitRoot, featuresFolder) || '.'];
  return paths.map((path) => {
    const [, file = path, lines = ''] = /^(.*?)((?::\d+)*)$/.exec(path) ?? [];
    const found = [resolve(file), resolve(kitRoot, file)].find((candidate) => existsSync(candidate));
    if (found !== undefined && statSync(found).isFile() && !found.endsWith('.feature'))
      throw new CannotJudge(`${file} is no feature file. A driver is given with --driver ${file}.`);
    if (found === undefined)
      throw new CannotJudge(`There is no feature file or folder ${file}. Give one below features/.`);
    if (lines !== '' && statSync(found).isDirectory())
      throw new CannotJudge(`${file} is a folder: a line, as in ${path}, is that of a feature file.`);
    return `${relative(kitRoot, found)}${lines}`.replaceAll('\\', '/');
  });
}

/**
 * Makes sure that reports can be written.
 * @throws CannotJudge when the folder cannot be made or written
 */
export function requireWritableFolder(folder: string): void {
  try {
    makeFolder(folder);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('a file'), { code: 'it is a file' });
    accessSync(folder, constants.W_OK);
  } catch (failure) {
    throw new CannotJudge(
      `Reports cannot be written to ${folder} (${whyNot(failure)}). Choose another folder with --out.`,
      {
        cause: failure,
      },
    );
  }
}
