import { killMatrix, type KillMatrix, type MatrixRow } from '../../conformance';
import { matrixSentence } from '../../reporting';
import { columns } from '../columns';
import type { AddCommand } from '../command';
import { EXIT } from '../exit-code';
import { DEFAULT_SEED, listOption, seedOption, workersOption } from '../options';
import { requireWritableFile, writeWhole } from '../write-whole';

interface Options {
  readonly driver?: readonly string[];
  readonly images?: string;
  readonly workers?: number;
  readonly seed: number;
  readonly json?: string;
}

const CLEAR_LINE = '\r\x1b[K';

/** `lwf matrix`: does each rule of the core profile catch a driver that breaks it, and only such a driver? */
export const addMatrix: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('matrix')
    .description('run the specification on every defective driver of the kit and show which rule catches which')
    .option('--driver <names>', 'only these defective drivers (repeat, or separate with commas)', listOption)
    .option('--images <folder>', 'play the images of these drivers in that folder, on the emulator')
    .option('--workers <n>', 'play on that many threads side by side (default: 1)', workersOption)
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option('--json <file>', 'also write the matrix as JSON, for `lwf report`')
    .action(async ({ driver, images, workers, seed, json }: Options) => {
      if (json !== undefined) requireWritableFile(json);
      const matrix = await killMatrix({
        seed,
        ...(driver && { drivers: driver }),
        ...(images !== undefined && { images }),
        ...(workers !== undefined && { threads: workers }),
        onDriver: (name, finished, total) => {
          if (terminal.interactive) terminal.err(`${CLEAR_LINE}${finished}/${total} ${name}`);
        },
      });
      if (terminal.interactive) terminal.err(CLEAR_LINE);
      if (json !== undefined) writeWhole(json, `${JSON.stringify(matrix)}\n`);
      terminal.out(matrixText(matrix));
      exitWith(matrix.problems.length === 0 ? EXIT.conforms : EXIT.violations);
    });
};

function matrixText(matrix: KillMatrix): string {
  return [
    columns([['RULE', 'VERDICT', 'DEFECTIVE DRIVER', 'OTHER RULES IT TRIPS'], ...matrix.rows.map(rowCells)]),
    ...matrix.problems.map((problem) => `problem: ${problem}\n`),
    `${matrixSentence(matrix)}.\n`,
  ].join('');
}

function rowCells({ driver, breaks, killedBy }: MatrixRow): string[] {
  const others = Object.keys(killedBy).filter((id) => id !== breaks);
  return [breaks, breaks in killedBy ? 'killed' : 'SURVIVED', driver, others.join(' ')];
}
