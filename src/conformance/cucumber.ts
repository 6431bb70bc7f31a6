/** What is used of Cucumber: it reads features, finds what their steps mean, and keeps the step definitions. Scenarios are played by `player.ts`. */
import { Writable } from 'node:stream';
import type { ISourcesCoordinates, ISupportCodeLibrary } from '@cucumber/cucumber/api';
import { loadSources, loadSupport, runCucumber } from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';
import { CannotJudge } from './cannot-judge';
import { featureSources } from './feature-sources';
import { featuresFolder, kitRoot, stepDefinitionGlob } from './kit-root';

export interface Features {
  /** Files, folders or `file:line`, absolute or relative to the kit. */
  readonly paths: readonly string[];
  readonly tags: string;
}

let support: Promise<ISupportCodeLibrary> | undefined;

const planned = new Map<string, readonly string[]>();

/**
 * @returns ids of the scenarios that were chosen, in the order in which they are played
 * @throws CannotJudge when a feature does not parse, or nothing is selected
 */
export async function planScenarios(features: Features): Promise<readonly string[]> {
  const key = JSON.stringify(features);
  const known = planned.get(key);
  if (known !== undefined) return known;
  // Tests and benchmarks run the same features many times in one process: parsing them once is enough.
  const { plan, errors } = await loadSources(sources(features), environment());
  const [error] = errors;
  if (error) {
    const why =
      error.message.split('\n').find((line) => line.trim() !== '' && !/^Parser errors/.test(line)) ?? error.message;
    throw new CannotJudge(
      `${error.uri}:${error.location.line} does not parse: ${why.trim()}. Mend the feature and run again.`,
    );
  }
  if (plan.length === 0) {
    throw new CannotJudge(
      `No scenario matches ${features.tags ? `the tags "${features.tags}" in ` : ''}${features.paths.join(', ')}. Choose other tags or paths.`,
    );
  }
  const ids = plan.map(({ uri, location }) => `${uri.replaceAll('\\', '/')}:${location.line}`);
  planned.set(key, ids);
  return ids;
}

/**
 * Has Cucumber find out which steps mean which definitions.
 * @param onMessage is told documents, pickles and test cases
 * @returns the step definitions and hooks
 */
export async function prepareFeatures(
  features: Features,
  onMessage: (envelope: Envelope) => void,
): Promise<ISupportCodeLibrary> {
  support ??= loadSteps(stepDefinitionGlob);
  await runFeatures(features, await support, { dryRun: true }, onMessage);
  return support;
}

/** @param stepDefinitions a path or a pattern. They register themselves when they are loaded, once a process */
export function loadSteps(stepDefinitions: string): Promise<ISupportCodeLibrary> {
  return loadSupport(
    {
      sources: sources({ paths: [featuresFolder], tags: '' }),
      support: { requireModules: [], requirePaths: [stepDefinitions] },
    },
    environment(),
  );
}

/**
 * Has Cucumber itself go through features, without a word on the terminal.
 * @param runtime `dryRun`: no step is carried out
 * @param onMessage is told all that Cucumber says
 * @returns whether nothing failed
 */
export async function runFeatures(
  features: Features,
  steps: ISupportCodeLibrary,
  runtime: { readonly dryRun: boolean; readonly worldParameters?: Readonly<Record<string, string | number>> },
  onMessage?: (envelope: Envelope) => void,
): Promise<boolean> {
  const { success } = await runCucumber(
    {
      sources: sources(features),
      support: steps,
      runtime: {
        failFast: false,
        filterStacktraces: true,
        parallel: 0,
        retry: 0,
        retryTagFilter: '',
        strict: true,
        dryRun: runtime.dryRun,
        worldParameters: { ...runtime.worldParameters },
      },
      formats: { stdout: 'summary', files: {}, publish: false, options: {} },
    },
    environment(),
    onMessage,
  );
  return success;
}

function sources(features: Features): ISourcesCoordinates {
  return {
    defaultDialect: 'en',
    paths: featureSources(features.paths),
    names: [],
    tagExpression: features.tags,
    order: 'defined',
  };
}

/** Cucumber's own terminal output is replaced by the kit's. */
function environment(): { cwd: string; stdout: Writable; stderr: Writable } {
  const nowhere = new Writable({
    write(_chunk, _encoding, done): void {
      done();
    },
  });
  return { cwd: kitRoot, stdout: nowhere, stderr: nowhere };
}
