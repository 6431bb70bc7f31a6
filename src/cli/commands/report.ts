import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AddCommand } from '../command';
import { listOption } from '../options';
import { readMatrix, readRun, writeReports } from '../reports';
import { addWaiverOptions, givenWaivers, heldAgainst, type WaiverOptions } from '../waiver-options';

interface Options extends WaiverOptions {
  readonly out: string;
  readonly matrix?: string;
  readonly beside?: readonly string[];
}

/** `lwf report`: the living documentation once more, from results on disk. */
export const addReport: AddCommand = (program, { terminal }) => {
  const command = program
    .command('report')
    .description('make the living documentation from results of earlier runs')
    .argument('<run.json>', 'the run it is about, as `lwf run` left it in its report folder')
    .option('--matrix <file>', 'a kill matrix, as `lwf matrix --json` wrote it')
    .option('--beside <files>', 'runs of other drivers to show beside it (repeat, or separate with commas)', listOption)
    .option('--out <folder>', 'folder for the reports', 'reports');
  addWaiverOptions(command, 'shown').action(async (file: string, options: Options) => {
    const { out, matrix, beside = [] } = options;
    const given = givenWaivers(options);
    const run = readRun(file);
    const page = await writeReports(resolve(out), {
      run,
      otherRuns: beside.map(readRun),
      ...(matrix !== undefined && { matrix: readMatrix(matrix) }),
      ...(given && { waivers: heldAgainst(run, given) }),
    });
    terminal.out(`${pathToFileURL(page).href}\n`);
  });
};
