/** Runs features through Cucumber's API, in this process, with the step definitions loaded once. */
import { Writable } from 'node:stream';
import type { IRunOptions, ISourcesCoordinates, ISupportCodeLibrary } from '@cucumber/cucumber/api';
import { loadSources, loadSupport, runCucumber } from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';
import { CannotJudge } from './cannot-judge';
import { kitRoot, stepDefinitionGlob } from './kit-root';

export interface Features {
  /** Files, folders or `file:line`, absolute or relative to the kit. */
  readonly paths: readonly string[];
  readonly tags: string;
}

export interface CucumberOptions extends Features {
  readonly worldParameters: Readonly<Record<string, string | number>>;
  /** Output file -> formatter. */
  readonly formats?: Readonly<Record<string, string>>;
  readonly formatOptions?: IRunOptions['formats']['options'];
  readonly onMessage: (envelope: Envelope) => void;
  /** Only prepares: which steps mean which definitions. */
  readonly dryRun?: boolean;
}

let support: Promise<ISupportCodeLibrary> | undefined;

const planned = new Map<string, number>();

/**
 * Counts the scenarios that would run.
 * @throws CannotJudge when a feature does not parse, or nothing is selected
 */
export async function planScenarios(features: Features): Promise<number> {
  const key = JSON.stringify(features);
  const known = planned.get(key);
  if (known !== undefined) return known;
  // The kill matrix runs the same features a hundred times in this process: parsing them once is enough.
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
  planned.set(key, plan.length);
  return plan.length;
}

/**
 * Runs the features; what happens is told by messages.
 * @returns the step definitions and hooks that Cucumber loaded
 */
export async function runFeatures(options: CucumberOptions): Promise<ISupportCodeLibrary> {
  support ??= loadSupport(
    { sources: sources(options), support: { requireModules: [], requirePaths: [stepDefinitionGlob] } },
    environment(),
  );
  await runCucumber(
    {
      sources: sources(options),
      support: await support,
      runtime: {
        dryRun: options.dryRun ?? false,
        failFast: false,
        filterStacktraces: true,
        parallel: 0,
        retry: 0,
        retryTagFilter: '',
        strict: true,
        worldParameters: { ...options.worldParameters },
      },
      formats: {
        stdout: 'summary',
        files: { ...options.formats },
        publish: false,
        options: options.formatOptions ?? {},
      },
    },
    environment(),
    options.onMessage,
  );
  return support;
}

function sources(features: Features): ISourcesCoordinates {
  return {
    defaultDialect: 'en',
    paths: [...features.paths],
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
