import { join, resolve } from 'node:path';
import { CannotJudge, joinShards } from '../../conformance';
import type { AddCommand } from '../command';
import { handOver } from '../hand-over';
import { watchForInterruption } from '../interruption';
import { readRun } from '../reports';
import { addWaiverOptions, givenWaivers, type WaiverOptions } from '../waiver-options';

interface Options extends WaiverOptions {
  readonly out: string;
  readonly allure: boolean;
}

/** `lwf merge`: one result of the shards of a run, the same as if it had never been cut. */
export const addMerge: AddCommand = (program, { terminal, exitWith }) => {
  const command = program
    .command('merge')
    .description('join the shards of a run (`lwf run --shard`) to the reports of the whole run')
    .argument('<folders...>', 'the report folders of all shards, in any order')
    .option('--out <folder>', 'folder for the reports', 'reports')
    .option('--no-allure', 'leave the Allure report out');
  addWaiverOptions(command).action(async (folders: string[], options: Options) => {
    const { out, allure } = options;
    const replaced = folders.find((from) => resolve(from) === resolve(out));
    if (replaced !== undefined) {
      throw new CannotJudge(
        `The whole would replace ${replaced}, which is a part of it. Choose another folder with --out.`,
      );
    }
    const waivers = givenWaivers(options);
    const run = joinShards(folders.map((from) => ({ from, run: readRun(join(from, 'run.json')) })));
    const { signal, over } = watchForInterruption();
    const handed = { folder: resolve(out), allure, quiet: false, signal, started: new Date(), waivers };
    exitWith((await handOver(run, handed, terminal).finally(over)).code);
  });
};
