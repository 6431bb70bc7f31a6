/** The kill matrix as Markdown: a list a driver, since a table of 84 × 90 can't be read as text. */
import type { KillMatrix } from '../../conformance/results';
import { plainMarkdown } from '../markdown';
import { CELLS, cellOf, matrixSentence, summariseMatrix } from './cells';

/**
 * @param matrix the kill matrix
 * @returns Markdown: the summary, what is wrong, and a table with one line a defective driver
 */
export function matrixMarkdown(matrix: KillMatrix): string {
  const { unproven } = summariseMatrix(matrix);
  const lines = ['# Kill matrix', '', `${matrixSentence(matrix)}.`, ''];
  if (matrix.reference.length > 0) lines.push(`The reference filter trips ${matrix.reference.join(', ')}.`, '');
  if (unproven.length > 0) lines.push(`Not proven: ${unproven.join(', ')}.`, '');
  if (matrix.problems.length > 0)
    lines.push('## Problems', '', ...matrix.problems.map((problem) => `- ${plainMarkdown(problem)}`), '');
  lines.push(
    '## Defective drivers',
    '',
    '| defective driver | breaks | caught by its rule | also trips | scenarios that fail | errors |',
    '| --- | --- | --- | --- | ---: | ---: |',
  );
  for (const row of matrix.rows) {
    const others = Object.keys(row.killedBy)
      .sort()
      .flatMap((rule) => {
        const kind = cellOf(row, rule);
        if (kind === 'explained') return `${rule} (${row.explained[rule] ?? ''})`;
        return kind === 'unexplained' ? `${CELLS.unexplained.glyph} ${rule} unexplained` : [];
      });
    const own = cellOf(row, row.breaks) === 'own' ? 'yes' : `${CELLS.missed.glyph} no`;
    lines.push(
      `| ${[row.driver, row.breaks, own, others.join('; '), String(row.failedScenarios), String(row.errors)].map(plainMarkdown).join(' | ')} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}
