import { line, paint } from '../../reporting/terminal/paint';
import type { Finding } from './examine';

/** @returns what was found on this machine, a line each */
export function findingsText(findings: readonly Finding[], ready: boolean, colour: boolean): string {
  const p = paint(colour);
  const width = Math.max(...findings.map(({ name }) => name.length));
  const rows = findings.map(({ name, needed, fine, found, costs }) => {
    const mark = fine ? '✓' : needed ? '✗' : '–';
    const rest = costs === undefined ? '' : `\n    ${' '.repeat(width)}  ${line(costs)}`;
    return `  ${mark} ${name.padEnd(width)}  ${line(found)}${rest}\n`;
  });
  const verdict = ready
    ? 'Everything is there to judge a .sys file.'
    : 'A .sys file cannot be judged on this machine: see ✗.';
  return `${rows.join('')}\n${p.bold(verdict)}\n`;
}
