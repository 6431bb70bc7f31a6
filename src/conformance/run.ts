/** A run of the specification, as a story: choose, check, play, judge, sum up. */
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
import type { PlayedScenario } from './player';
import type { RunResult, ScenarioResult } from './results';
import { hashOfPlan, idsOfShard } from './shards';
import { inProfile, sumUp } from './sum-up';

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
  const { adapter, end } = await startAdapter(options, options.signal);
  try {
    return await runOn(adapter, options);
  } finally {
    await end();
  }
}

async function runOn(adapter: Adapter, options: RunOptions): Promise<RunResult> {
  const { seed, evidence, conformance = 'full', shard } = options;
  const features = chosenFeatures(options, showsExhibits(options, adapter));
  const selection = canonicalSelection({ ...options, ...(options.paths && { paths: features.paths }) });
  const identity = await identityOf({ subject: options, adapter, seed, conformance, selection });
  const whole = await planScenarios(features);
  const plan = hashOfPlan(whole);
  const ids = shard ? idsOfShard(whole, shard) : whole;
  const part = shard && { ...shard, total: whole.length, plan };

  const found = await play(
    { ids, features, subject: subjectOf(options), seed, evidence },
    { journal: 1, identity, plan, ...(part && { part }), evidence },
    { options, adapter },
  );
  const scenarios = ids.flatMap((id) => found.get(id) ?? []);
  const missing = ids.filter((id) => !found.has(id));
  return sumUp({ identity, scenarios, ...(part && { part }), ...(missing.length > 0 && { missing }) });
}

/** Plays what an interrupted run has not played yet, and keeps a journal if one is wanted. */
async function play(
  job: Job,
  header: JournalHeader,
  { options, adapter }: { options: RunOptions; adapter: Adapter },
): Promise<Map<string, ScenarioResult>> {
  const { journalFolder: folder, resume = false, signal } = options;
  const resumed = folder !== undefined && resume ? Journal.resume(folder, header) : undefined;
  const journal = resumed?.journal ?? (folder === undefined ? undefined : Journal.begin(folder, header));
  const found = new Map(resumed?.found.map((scenario) => [scenario.id, scenario]));
  const total = job.ids.length;
  const rest = job.ids.filter((id) => !found.has(id));
  options.onPlan?.(header.identity, found.size, total);
  const watch: Watch = {
    signal,
    onStart: (id, rule) => options.onStart?.({ id, ...(rule !== undefined && { rule }) }, found.size, total),
    onPlayed: (played) => {
      const scenario = finished(played, options, header.identity);
      found.set(scenario.id, scenario);
      journal?.add(scenario);
      options.onScenario?.(scenario, found.size, total);
    },
  };
  const workers = options.workers ?? usefulWorkers(options, rest.length);
  try {
    if (workers > 1) await playSideBySide({ ...job, ids: rest }, adapter, workers, watch);
    else await playHere({ ...job, ids: rest }, adapter, watch);
  } finally {
    journal?.close();
  }
  return found;
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
  const isForeign = options.command !== undefined || isAdapterModule(options.adapter ?? '');
  if (isForeign) return adapter.exhibit(KIT_DRIVER) !== undefined;
  return options.driver === KIT_DRIVER || isKitReferenceImage(options);
}

function replayCommand(options: RunOptions, scenarioId: string): string {
  const { adapter, driver, profile, engine, command, seed, conformance = 'full' } = options;
  const judged = conformance === 'full' ? '' : ` --conformance ${conformance}`;
  if (command !== undefined) {
    const quoted = command.includes("'") ? JSON.stringify(command) : `'${command}'`;
    return `npx lwf run --adapter stdio --command ${quoted}${judged} --seed ${seed} ${scenarioId}`;
  }
  if (adapter !== undefined && isAdapterModule(adapter)) {
    return `npx lwf run --adapter ${adapter}${judged} --seed ${seed} ${scenarioId}`;
  }
  const onDriver = driver === KIT_DRIVER ? '' : ` --driver ${driver}`;
  const withProfile = profile === undefined ? '' : ` --profile ${profile}`;
  const onEngine = engine === undefined ? '' : ` --engine ${engine}`;
  return `npx lwf run${onDriver}${withProfile}${onEngine}${judged} --seed ${seed} ${scenarioId}`;
}
