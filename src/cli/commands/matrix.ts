import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CannotJudge, killMatrix, type KillMatrix } from '../../conformance';
import type { AddCommand } from '../command';
import { errorCode } from '../error-code';
import { EXIT } from '../exit-code';
import { DEFAULT_SEED, listOption, seedOption } from '../options';
import { columns } from '../columns';

interface Options {
  readonly driver?: readonly string[];
  readonly seed: number;
  readonly json?: string;
}

/** `lwf matrix`: does each rule of the core profile catch a driver that breaks it, and only such a driver? */
export const addMatrix: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('matrix')
    .description('run the specification on every defective driver of the kit and show which rule catches which')
    .option('--driver <names>', 'only these defective drivers (repeat, or separate with commas)', listOption)
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--json <file>', 'also write the matrix as JSON')
    .action(async ({ driver, seed, json }: Options) => {
      const matrix = await killMatrix({
        seed,
        ...(driver && { drivers: driver }),
        onDriver: (name, finished, total) => {
          if (terminal.interactive)
            terminal.err(`\r\x1b[K${finished}/${total} ${name}${finished === total ? '\r\x1b[K' : ''}`);
        },
      });
      if (json !== undefined) writeJson(json, matrix);
      terminal.out(matrixText(matrix));
      exitWith(matrix.problems.length === 0 ? EXIT.conforms : EXIT.violations);
    });
};

function writeJson(file: string, matrix: KillMatrix): void {
  const path = resolve(file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(matrix, null, 2)}\n`);
  } catch (failure) {
    throw new CannotJudge(
      `The matrix cannot be written to ${path} (${errorCode(failure)}). Choose another file with --json.`,
      {
        cause: failure,
      },
    );
  }
}

function matrixText({ rows, rules, reference, problems }: KillMatrix): string {
  const table = rows.map(({ driver, breaks, killedBy }) => {
    const others = Object.keys(killedBy).filter((id) => id !== breaks);
    return [
      breaks,
      breaks in killedBy ? 'killed' : 'SURVIVED',
      driver,
      others.length === 0 ? '' : `also ${others.join(' ')}`,
    ];
  });
  const killed = new Set(rows.filter((row) => row.breaks in row.killedBy).map((row) => row.breaks));
  return [
    columns([['RULE', 'VERDICT', 'DEFECTIVE DRIVER', 'OTHER RULES IT TRIPS'], ...table]),
    `\n${killed.size} of ${rules.length} core rules are killed by a defect of their own; `,
    `the reference filter trips ${reference.length} judges; ${problems.length} problems.\n`,
    ...problems.map((problem) => `  ${problem}\n`),
  ].join('');
}
