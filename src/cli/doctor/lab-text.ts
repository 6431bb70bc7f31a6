import type { Row } from '../../conformance/lab/doctor/row';
import { line, paint } from '../../reporting/terminal/paint';

const MARKS: Readonly<Record<Row['state'], string>> = {
  fine: '✓',
  wrong: '✗',
  missing: '–',
  measured: '•',
  'not measured': '?',
};

/** @returns the table of a lab machine, which whoever tried one is asked to send back */
export function labText(rows: readonly Row[], ready: boolean, colour: boolean): string {
  const p = paint(colour);
  const told = rows.map(({ name, state, found, advice }) => {
    const value = state === 'not measured' ? `not measured: ${line(found)}` : line(found);
    return `  ${MARKS[state]} ${p.bold(line(name))}\n      ${value}\n${advice === undefined ? '' : `      ${line(advice)}\n`}`;
  });
  const verdict = ready
    ? 'A driver can be judged on this machine, as far as the table says.'
    : 'No driver can be judged on this machine: see ✗.';
  return (
    `${told.join('')}\n${p.bold(verdict)}\n` +
    'This kit has never seen a Windows machine: please send this table (with --json) back to its authors.\n'
  );
}
