/** A run cut into parts for several machines, and put together again. */
import { CannotJudge } from './cannot-judge';
import { sha256 } from './identity';
import type { RunPart, RunResult, ScenarioResult } from './results';
import { sumUp } from './sum-up';

export interface Shard {
  /** 1 … `of`. */
  readonly index: number;
  readonly of: number;
}

/** A part of a run, and where it comes from, for complaints. */
export interface ShardResult {
  readonly from: string;
  readonly run: RunResult;
}

/** @returns every `of`-th id, so that all parts take about as long */
export function idsOfShard(ids: readonly string[], { index, of }: Shard): string[] {
  return ids.filter((_id, position) => position % of === index - 1);
}

/** @param ids of all scenarios of a run, in their order */
export function hashOfPlan(ids: readonly string[]): string {
  return sha256(ids.join('\n'));
}

/**
 * Joins all parts of a run to what the whole run would have found.
 * @param shards in any order
 * @throws CannotJudge when one is missing, there twice, incomplete, or of another run
 */
export function joinShards(shards: readonly ShardResult[]): RunResult {
  const [first] = shards;
  if (!first) throw new CannotJudge('There is nothing to merge. Name the report folders of all shards.');
  const parts = new Map<number, ShardResult & { readonly part: RunPart }>();
  const { part: like } = requirePart(first);
  for (const shard of shards) {
    const { part } = requirePart(shard);
    requireSameRun(first, shard);
    const twin = parts.get(part.index);
    if (twin) {
      throw new CannotJudge(`${twin.from} and ${shard.from} are both shard ${part.index}/${part.of}. Name each once.`);
    }
    parts.set(part.index, { ...shard, part });
  }
  const absent = Array.from({ length: like.of }, (_, at) => at + 1).filter((index) => !parts.has(index));
  if (absent.length > 0) {
    const names = absent.map((index) => `${index}/${like.of}`).join(', ');
    throw new CannotJudge(
      `${absent.length === 1 ? 'A shard is' : 'Shards are'} missing: ${names}. Run ${absent.length === 1 ? 'it' : 'them'} with --shard, and name the folder too.`,
    );
  }
  const scenarios = dealBack(
    [...parts.values()].sort((left, right) => left.part.index - right.part.index),
    like.total,
  );
  if (hashOfPlan(scenarios.map(({ id }) => id)) !== like.plan) {
    throw new CannotJudge('The shards do not hold the scenarios of one run. Run them again, all with the same kit.');
  }
  return sumUp({ identity: first.run.identity, scenarios });
}

function requirePart({ run, from }: ShardResult): { part: RunPart } {
  const { part, missing } = run;
  if (!part) throw new CannotJudge(`${from} is a whole run and no shard: there is nothing to merge with it.`);
  if (missing) throw new CannotJudge(`${from} is incomplete: ${missing.length} of its scenarios were not played.`);
  return { part };
}

function requireSameRun(first: ShardResult, { run, from }: ShardResult): void {
  const one = new Map(factsOf(first.run));
  const different = factsOf(run).flatMap(([what, fact]) => (one.get(what) === fact ? [] : [what]));
  if (different.length === 0) return;
  throw new CannotJudge(
    `${from} is not of the same run as ${first.from}: they differ in ${different.join(', ')}. Merge shards of one driver, kit, seed and selection.`,
  );
}

/** What the shards of one run share, each as text. */
function factsOf({ identity, part }: RunResult): [what: string, fact: string][] {
  const { kit, specification, driver, profile, symbols, adapter, seed, conformance, selection } = identity;
  const facts = { kit, specification, driver, profile, symbols, adapter, seed, conformance, selection };
  return Object.entries({ ...facts, 'number of shards': part?.of, scenarios: part?.plan }).map(([what, fact]) => [
    what,
    JSON.stringify(fact) ?? '',
  ]);
}

/** The first of each part, then the second of each, and so on. */
function dealBack(parts: readonly ShardResult[], total: number): ScenarioResult[] {
  return Array.from({ length: total }, (_, position) => {
    return parts[position % parts.length]?.run.scenarios[Math.floor(position / parts.length)];
  }).flatMap((scenario) => scenario ?? []);
}
