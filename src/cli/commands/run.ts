import { resolve } from 'node:path';
import { Option } from 'commander';
import {
  ADAPTERS,
  CannotJudge,
  CONFORMANCE_PROFILES,
  ENGINES,
  removeJournal,
  removeMachineRun,
  runSpecification,
  type ConformanceProfile,
  type EngineName,
  type RunResult,
  type Shard,
} from '../../conformance';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { handOver, type HandedOver } from '../hand-over';
import { watchForInterruption } from '../interruption';
import { profileAdviceText } from '../profile-advice';
import { DEFAULT_SEED, listOption, secondsOption, seedOption, shardOption, workersOption } from '../options';
import type { Terminal } from '../terminal';
import { addWaiverOptions, givenWaivers, heldAgainst, type WaiverOptions } from '../waiver-options';
import { watchRun } from '../watch-run';
import { endEvent } from '../run-events';

interface Options extends WaiverOptions {
  readonly adapter?: string;
  readonly driver: string;
  readonly profile?: string;
  readonly engine?: EngineName;
  readonly command?: string;
  readonly answerWithin?: number;
  readonly target?: string;
  readonly takeover: boolean;
  readonly tags?: string;
  readonly rule?: readonly string[];
  readonly area?: readonly string[];
  readonly conformance: ConformanceProfile;
  readonly seed: number;
  readonly workers?: number;
  readonly shard?: Shard;
  readonly resume: boolean;
  readonly out: string;
  readonly json: boolean;
  readonly allure: boolean;
}

/** `lwf run`: the specification against one driver, with everything a reader needs left in a folder. */
export const addRun: AddCommand = (program, { terminal, exitWith }) => {
  const command = program
    .command('run')
    .description('run the specification on a driver and write the reports (docs/running.md)')
    .argument('[paths...]', 'feature files, folders or file:line (default: the whole specification)')
    .option(
      '--driver <name-or-path>',
      'a driver of the kit (see `lwf drivers`), or your own: ./driver.ts, ./driver.sys',
      'reference',
    )
    .option('--profile <file>', 'how to make a .sys driver do things (docs/profile.md)')
    .addOption(new Option('--engine <name>', 'how a .sys driver is executed').choices(ENGINES))
    .option('--adapter <name>', `where the driver runs: ${ADAPTERS.join(', ')} (default: as the driver asks for)`)
    .option(
      '--command <line>',
      'the adapter of --adapter stdio: a program and its arguments (docs/adapter-protocol.md)',
    )
    .option('--answer-within <seconds>', 'how long such an adapter may take for an answer (default: 30)', secondsOption)
    .option('--target <file>', 'the lab machine to play on, described by its target file (docs/lab.md)')
    .option('--takeover', 'end the run that another controller has going on that machine', false)
    .option('--tags <expression>', 'only scenarios that match this Cucumber tag expression')
    .option('--rule <ids>', 'only scenarios of these rules (repeat, or separate with commas)', listOption)
    .option(
      '--area <areas>',
      'only scenarios of the rules of these areas (repeat, or separate with commas)',
      listOption,
    )
    .addOption(
      new Option(
        '--conformance <profile>',
        'what decides: core rules alone, all rules, or all rules in their stricter readings too',
      )
        .choices(CONFORMANCE_PROFILES)
        .default('full'),
    )
    .option('--seed <n>', 'seed of all random choices', seedOption, DEFAULT_SEED)
    .option(
      '--workers <n>',
      'scenarios that are played side by side (default: 1 for drivers in TypeScript, else up to 4)',
      workersOption,
    )
    .option('--shard <i/n>', 'only the i-th of n parts of the scenarios, for `lwf merge`', shardOption)
    .option('--resume', 'go on with the run that was interrupted in the folder for the reports', false)
    .option('--out <folder>', 'folder for the reports', 'reports')
    .option('--json', 'write what happens as JSON, a line an event, for machines', false)
    .option('--no-allure', 'leave the Allure report out');
  addWaiverOptions(command).action(async (paths: string[], options: Options) => {
    const interruption = watchForInterruption();
    try {
      exitWith(await runAndHandOver(paths, options, terminal, interruption.signal));
    } finally {
      interruption.over();
    }
  });
};

async function runAndHandOver(
  paths: string[],
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { out, json, allure, tags, rule, area, shard, workers } = options;
  const folder = resolve(out);
  const started = new Date();
  if (options.takeover && options.target === undefined)
    throw new CannotJudge('--takeover is for a lab machine: give it with --target, or leave it out.');
  const waivers = givenWaivers(options);
  const watch = watchRun(terminal, json, waivers);
  const run = await runSpecification({
    driver: options.driver,
    adapter: options.adapter,
    profile: options.profile,
    engine: options.engine,
    command: options.command,
    answerWithin: options.answerWithin,
    target: options.target,
    takeover: options.takeover,
    seed: options.seed,
    conformance: options.conformance,
    evidence: 'full',
    journalFolder: folder,
    resume: options.resume,
    signal,
    ...watch.listeners,
    ...(paths.length > 0 && { paths }),
    ...(tags !== undefined && { tags }),
    ...(rule && { rules: rule }),
    ...(area && { areas: area }),
    ...(shard && { shard }),
    ...(workers !== undefined && { workers }),
  }).finally(watch.over);
  const tellEnd = (handed: HandedOver): void =>
    terminal.out(json ? `${JSON.stringify(endEvent(run, folder, handed))}\n` : '');
  if (run.missing) {
    const shown = waivers && heldAgainst(run, waivers);
    tellEnd({ outcome: 'incomplete', code: EXIT.cannotJudge, waivers: shown });
    throw new CannotJudge(interrupted(run, run.missing, folder));
  }
  const handed = await handOver(run, { folder, allure, quiet: json, signal, started, waivers }, terminal);
  removeJournal(folder);
  removeMachineRun(folder);
  terminal.err(await profileAdviceText(run, options.driver, options.profile));
  tellEnd(handed);
  return handed.code;
}

function interrupted({ scenarios, brokenOff }: RunResult, missing: readonly string[], folder: string): string {
  const places = missing.length === 1 ? missing[0] : `from ${missing[0]} to ${missing.at(-1)}`;
  return (
    `${brokenOff === undefined ? 'interrupted' : `${brokenOff} The run ended`} after ${scenarios.length} of ${scenarios.length + missing.length} scenarios: ${missing.length} are missing, ${places}. ` +
    `Earlier results in ${folder} are untouched; give the same options and --resume to go on.`
  );
}
