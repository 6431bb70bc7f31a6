/** A run of the specification, as a story: choose, check, play, judge, sum up. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Adapter } from '../../adapters/contract';
import { isAdapterModule, isImageSubject, startAdapter } from './adapters';
import type { RunOptions } from './api';
import { canonicalSelection, chosenFeatures } from './choice';
import { playHere, playSideBySide, type Job, type Watch } from './crew';
import { planScenarios } from './cucumber';
import { identityOf, type RunIdentity } from './identity';
import { Journal, type JournalHeader } from './journal';
import { isKitReferenceImage, KIT_DRIVER } from './kit-image';
import type { Found, Lab } from './lab';
import type { PlayedScenario } from './player';
import type * as RunOnLab from './run-on-lab';
import type { RunResult, ScenarioResult } from './results';
import { hashOfPlan, idsOfShard } from './shards';
import { shellWord } from './shell-word';
import { inProfile, sumUp } from './sum-up';

/** The way to a lab machine is for those who have one. */
const load = createRequire(__filename);

/** More threads gain little, and each has a machine of its own in memory. */
const MOST_WORKERS = 4;
/** Fewer scenarios are over before a second thread has started. */
const WORTH_A_WORKER = 40;

/**
 * Runs the specification against one driver.
 * @param options what to run, on what
 * @returns verdicts, evidence and coverage as plain data; with `missing` when it was interrupted
 * @throws CannotJudge when the run cannot be made
 */
export async function runSpecification(options: RunOptions): Promise<RunResult> {
  if (options.target !== undefined || options.adapter === 'harness') {
    const { startLab } = load('./run-on-lab') as typeof RunOnLab;
    const lab = await startLab(options);
    return runOnLab(lab, options);
  }
  const { adapter, end } = await startAdapter(options, options.signal);
  try {
    return await runOn({ adapter }, options);
  } finally {
    await end();
  }
}

/**
 * Runs the specification on a lab machine, and has it take back everything, however that ends.
 * @param lab opened for this run
 * @throws CannotJudge when the run cannot be made
 */
export async function runOnLab(lab: Lab, options: RunOptions): Promise<RunResult> {
  try {
    return await runOn({ adapter: lab.adapter, lab }, options);
  } finally {
    await lab.end();
  }
}

/** What scenarios are played on. */
interface Ground {
  readonly adapter: Adapter;
  readonly lab?: Lab;
}

async function runOn({ adapter, lab }: Ground, options: RunOptions): Promise<RunResult> {
  const { seed, evidence, conformance = 'full', shard } = options;
  const features = chosenFeatures(options, showsExhibits(options, adapter));
  const selection = canonicalSelection({ ...options, ...(options.paths && { paths: features.paths }) });
  const identity = await identityOf({
    ...{ subject: options, adapter, seed, conformance, selection },
    lab: lab?.identity,
  });
  const whole = await planScenarios(features);
  const plan = hashOfPlan(whole);
  const ids = shard ? idsOfShard(whole, shard) : whole;
  const part = shard && { ...shard, total: whole.length, plan };

  const found = await play(
    { ids, features, subject: subjectOf(options), seed, evidence },
    { journal: 1, identity, plan, ...(part && { part }), evidence },
    { options, adapter, ...(lab && { lab }) },
  );
  const scenarios = ids.flatMap((id) => found.get(id) ?? []);
  const missing = ids.filter((id) => !found.has(id));
  return sumUp({
    ...{ identity, scenarios },
    ...(part && { part }),
    ...(missing.length > 0 && { missing }),
    ...(missing.length > 0 && lab?.isOver !== undefined && { brokenOff: lab.isOver }),
  });
}

/** Plays what an interrupted run has not played yet, and keeps a journal if one is wanted. */
async function play(
  job: Job,
  header: JournalHeader,
  { options, adapter, lab }: Ground & { readonly options: RunOptions },
): Promise<Map<string, ScenarioResult>> {
  const { journalFolder: folder, resume = false, signal } = options;
  const resumed = folder !== undefined && resume ? Journal.resume(folder, header) : undefined;
  const journal = resumed?.journal ?? (folder === undefined ? undefined : Journal.begin(folder, header));
  const found = new Map(resumed?.found.map((scenario) => [scenario.id, scenario]));
  const total = job.ids.length;
  const rest = job.ids.filter((id) => !found.has(id));
  options.onPlan?.(header.identity, found.size, total);
  // A machine that does not come back ends the run as a signal does.
  const over = new AbortController();
  const watch: Watch = {
    signal: signal ? AbortSignal.any([signal, over.signal]) : over.signal,
    onStart: (id, rule) => options.onStart?.({ id, ...(rule !== undefined && { rule }) }, found.size, total),
    onPlayed: (played) => {
      const machine = lab?.takeNotes();
      // Nobody waited for the machine: what the scenario came to is not known.
      if (lab?.isOver !== undefined && signal?.aborted === true) return;
      const scenario = { ...finished(played, options, header.identity), ...(machine && { machine }) };
      found.set(scenario.id, scenario);
      journal?.add(scenario);
      options.onScenario?.(scenario, found.size, total);
      if (lab?.isOver !== undefined) over.abort();
    },
  };
  const workers = options.workers ?? usefulWorkers(options, rest.length);
  try {
    if (workers > 1) await playSideBySide({ ...job, ids: rest }, adapter, workers, watch);
    else await playHere({ ...job, ids: rest }, adapter, watch);
    const last = [...found.values()].at(-1);
    const lost = await lab?.rest();
    const amended = last && lost && lastOf(last, lost);
    if (amended) {
      found.set(amended.id, amended);
      journal?.add(amended);
    }
  } finally {
    journal?.close();
  }
  return found;
}

/** A machine that stops while it is left as it was found stops in the scenario that was played last. */
function lastOf(scenario: ScenarioResult, { told, bugcheck }: Found): ScenarioResult | undefined {
  const isOver = scenario.verdict === 'fail' || scenario.verdict === 'error';
  if (isOver || told.how === 'connection') return undefined;
  return {
    ...scenario,
    verdict: bugcheck === undefined ? 'error' : 'fail',
    reason: bugcheck === undefined ? `After it, ${told.words}` : `the system stopped after it: ${bugcheck}`,
    ...(bugcheck !== undefined && { bugcheck }),
    ...(scenario.machine && { machine: { ...scenario.machine, stop: told } }),
  };
}

function finished(played: PlayedScenario, options: RunOptions, { conformance }: RunIdentity): ScenarioResult {
  return { ...inProfile(played, conformance), replay: replayCommand(options, played.id) };
}

/** Drivers in TypeScript are played faster than a thread starts. */
function usefulWorkers(options: RunOptions, scenarios: number): number {
  if (!isImageSubject(options) || scenarios < WORTH_A_WORKER) return 1;
  return Math.min(MOST_WORKERS, availableParallelism());
}

/** What a thread needs to open the adapter again: nothing of the options that cannot be sent to it. */
function subjectOf({ adapter, driver, profile, engine, command, answerWithin }: RunOptions): Job['subject'] {
  return { adapter, driver, profile, engine, command, answerWithin };
}

function showsExhibits(options: RunOptions, adapter: Adapter): boolean {
  const { adapter: named = '', command, target } = options;
  const isForeign = command !== undefined || target !== undefined || isAdapterModule(named);
  if (isForeign) return adapter.exhibit(KIT_DRIVER) !== undefined;
  return options.driver === KIT_DRIVER || isKitReferenceImage(options);
}

function replayCommand(options: RunOptions, scenarioId: string): string {
  const { seed, conformance = 'full' } = options;
  const judged = conformance === 'full' ? [] : ['--conformance', conformance];
  const words = ['npx', 'lwf', 'run', ...subjectWords(options), ...judged, '--seed', String(seed), scenarioId];
  return words.map(shellWord).join(' ');
}

function subjectWords({ adapter, driver, profile, engine, command, target }: RunOptions): string[] {
  if (target !== undefined) return ['--target', target];
  if (command !== undefined) return ['--adapter', 'stdio', '--command', command];
  if (adapter !== undefined && isAdapterModule(adapter)) return ['--adapter', adapter];
  return [
    ...(driver === KIT_DRIVER ? [] : ['--driver', driver]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(engine === undefined ? [] : ['--engine', engine]),
  ];
}
