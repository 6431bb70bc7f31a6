/** Many results against the rules, for the terminal. */
import type { VerdictMatrix } from '../../conformance/compare';
import { plural } from '../plural';
import type { TextOptions } from '../terminal/failure-text';
import { line, paint, verdictText, wrapped } from '../terminal/paint';
import { VERDICTS } from '../verdicts';
import { factsText } from './words';

/** @returns a table: a row a rule that the results do not agree on or that fails, a column a result */
export function verdictMatrixText(matrix: VerdictMatrix, { colour }: TextOptions = {}): string {
  const p = paint(colour);
  const { runs, rows, differences } = matrix;
  const lines = runs.map(
    ({ facts, source }, index) => `${letter(index)}  ${line(factsText(facts))}  ${p.dim(line(source))}`,
  );
  lines.push(...differences.flatMap((each) => wrapped(`note: ${each}`, '')), '');
  if (rows.length > 0) {
    lines.push(p.bold(`RULE      ${runs.map((_, index) => letter(index).padEnd(3)).join('')}`.trimEnd()));
    for (const { rule, verdicts } of rows) {
      const signs = verdicts.map((verdict) => (verdict === null ? ' ' : VERDICTS[verdict].glyph)).join('  ');
      lines.push(`${rule.padEnd(10)}${signs}`.trimEnd());
    }
    const kinds = new Set(rows.flatMap(({ verdicts }) => verdicts.flatMap((verdict) => verdict ?? [])));
    lines.push('', [...kinds].map((verdict) => verdictText(p, verdict)).join('  '));
  }
  lines.push(`${matrixVerdict(matrix)}.`);
  return `${lines.join('\n')}\n`;
}

/** @returns `Newly failing in the last result: PAU-07, PAU-11; 3 rules shown, on the other 186 all agree and none fails` */
export function matrixVerdict({ newFailures, rows, agreed }: VerdictMatrix): string {
  const rules = newFailures.filter((failing) => rows.some(({ rule }) => rule === failing));
  const stories = newFailures.length - rules.length;
  const failing = [...rules, ...(stories > 0 ? [`${plural(stories, 'scenario')} under no rule`] : [])];
  const found =
    failing.length === 0
      ? 'Nothing newly fails in the last result'
      : `Newly failing in the last result: ${failing.join(', ')}`;
  return `${found}; ${plural(rows.length, 'rule')} shown, on the other ${agreed} all agree and none fails`;
}

/** A, B … Z, then numbers. */
function letter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}
