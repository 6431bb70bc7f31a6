/** What a cell of the kill matrix means. One place, so that page, Markdown and terminal can't disagree. */
import type { KillMatrix, MatrixRow } from '../../conformance/results';
import { plural } from '../plural';

/**
 * `own`: the defect is caught by the rule it is there for. `missed`: it is not. `explained`: another rule is tripped, and the
 * matrix says why that must be so. `unexplained`: another rule is tripped and nobody has said why.
 */
export type CellKind = 'own' | 'missed' | 'explained' | 'unexplained';

export const CELLS: Readonly<Record<CellKind, { readonly glyph: string; readonly meaning: string }>> = {
  own: { glyph: '●', meaning: 'the defect is caught by the rule it breaks' },
  missed: { glyph: '✗', meaning: 'the defect is not caught by the rule it breaks' },
  explained: { glyph: '○', meaning: 'another rule trips too, and why is explained' },
  unexplained: { glyph: '▲', meaning: 'another rule trips too, and nothing explains it' },
};

/** @returns what the matrix says about a rule and a defective driver; undefined: nothing */
export function cellOf(row: MatrixRow, rule: string): CellKind | undefined {
  const killed = (row.killedBy[rule]?.length ?? 0) > 0;
  if (row.breaks === rule) return killed ? 'own' : 'missed';
  if (!killed) return undefined;
  return row.explained[rule] !== undefined ? 'explained' : 'unexplained';
}

export interface MatrixSummary {
  readonly rules: number;
  /** Rules of the matrix that are caught by a defect of their own. */
  readonly proven: readonly string[];
  readonly unproven: readonly string[];
  readonly drivers: number;
  /** Defects that their own rule does not catch. */
  readonly missed: readonly string[];
  readonly explained: number;
  /** `driver: rule` */
  readonly unexplained: readonly string[];
  readonly referenceTrips: readonly string[];
}

export function summariseMatrix(matrix: KillMatrix): MatrixSummary {
  const proven = matrix.rules.filter((rule) => matrix.rows.some((row) => cellOf(row, rule) === 'own'));
  const cells = matrix.rows.flatMap((row) =>
    [...new Set([row.breaks, ...Object.keys(row.killedBy)])].map((rule) => ({ row, rule, kind: cellOf(row, rule) })),
  );
  const of = (kind: CellKind): typeof cells => cells.filter((cell) => cell.kind === kind);
  return {
    rules: matrix.rules.length,
    proven,
    unproven: matrix.rules.filter((rule) => !proven.includes(rule)),
    drivers: matrix.rows.length,
    missed: of('missed').map(({ row }) => row.driver),
    explained: of('explained').length,
    unexplained: of('unexplained').map(({ row, rule }) => `${row.driver}: ${rule}`),
    referenceTrips: matrix.reference,
  };
}

/** @returns `84 of 84 core rules proven by 93 defective drivers; the reference filter trips 0 judges; 0 unexplained kills` */
export function matrixSentence(matrix: KillMatrix): string {
  const { rules, proven, drivers, unexplained, referenceTrips } = summariseMatrix(matrix);
  return (
    `${proven.length} of ${rules} core rules proven by ${plural(drivers, 'defective driver')}; ` +
    `the reference filter trips ${plural(referenceTrips.length, 'judge')}; ${plural(unexplained.length, 'unexplained kill')}`
  );
}
