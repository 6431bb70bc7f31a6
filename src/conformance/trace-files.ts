/** The trace of a scenario as a file in the folder of a run. These very bytes are what a statement hashes. */
import { traceToNdjson } from '../trace';
import type { RunIdentity } from './identity';
import type { RunResult, ScenarioResult } from './results';

/** Below the folder of a run. */
export const TRACES = 'traces';

export interface TraceFile {
  /** Below the folder of a run, with forward slashes: `traces/features/pause/pending/12.ndjson`. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** What of a run stands in the first line of its traces. */
export type TracedRun = Pick<RunResult, 'adapter' | 'driver' | 'seed'> & {
  readonly identity: { readonly adapter: Pick<RunIdentity['adapter'], 'capabilities'> };
};

/** What of a scenario makes the file. */
export type TracedScenario = Pick<ScenarioResult, 'id' | 'uri' | 'line' | 'trace'>;

/**
 * @param run that the scenario was played in
 * @param scenario with its evidence; without crossings the file has a header alone
 */
export function traceFileOf({ adapter, driver, seed, identity }: TracedRun, scenario: TracedScenario): TraceFile {
  const header = {
    schema: 'trace/1',
    adapter,
    driver,
    seed,
    // Who does not see every crossing does not have them all.
    complete: identity.adapter.capabilities.includes('exactTrace'),
    scenario: scenario.id,
  } as const;
  return { path: traceFilePath(scenario), bytes: Buffer.from(traceToNdjson(header, scenario.trace), 'utf8') };
}

/** @returns where the trace of the scenario lies below the folder of a run; never outside of it */
export function traceFilePath({ uri, line }: Pick<ScenarioResult, 'uri' | 'line'>): string {
  const folders = uri
    .replace(/\.feature$/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    // A feature of one's own may lie anywhere.
    .map((part) => (part === '..' ? 'up' : part.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')));
  return [TRACES, ...folders, `${line}.ndjson`].join('/');
}
