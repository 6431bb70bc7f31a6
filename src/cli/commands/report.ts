import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AddCommand } from '../command';
import { listOption } from '../options';
import { readMatrix, readRun, writeReports } from '../reports';

interface Options {
  readonly out: string;
  readonly matrix?: string;
  readonly beside?: readonly string[];
}

/** `lwf report`: the living documentation once more, from results on disk. */
export const addReport: AddCommand = (program, { terminal }) => {
  program
    .command('report')
    .description('make the living documentation from results of earlier runs')
    .argument('<run.json>', 'the run it is about, as `lwf run` left it in its report folder')
    .option('--matrix <file>', 'a kill matrix, as `lwf matrix --json` wrote it')
    .option('--beside <files>', 'runs of other drivers to show beside it (repeat, or separate with commas)', listOption)
    .option('--out <folder>', 'folder for the reports', 'reports')
    .action(async (file: string, { out, matrix, beside = [] }: Options) => {
      const page = await writeReports(resolve(out), {
        run: readRun(file),
        otherRuns: beside.map(readRun),
        ...(matrix !== undefined && { matrix: readMatrix(matrix) }),
      });
      terminal.out(`${pathToFileURL(page).href}\n`);
    });
};
