/**
 * What a scenario of the specification costs beside a bare one: the reference filter on the simulator, judged, against
 * Cucumber running as many scenarios with as many steps that do nothing. Both in this process, in turns, in processor time, so
 * that the ratio says something on a machine that is slow or busy with other things.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { loadSupport, runCucumber, type ISourcesCoordinates, type ISupportCodeLibrary } from '@cucumber/cucumber/api';
import { runSpecification, type RunResult } from '../src/conformance';
import { kitRoot } from '../src/conformance/kit-root';

const ROUNDS = 5;
/** The promise: a scenario with a kernel, NDIS and all judges behind it costs at most twice an empty one. */
const LIMIT = 2;

const folder = join(kitRoot, '.tmp', 'bench');
const environment = { cwd: folder, stdout: new PassThrough().resume(), stderr: new PassThrough().resume() };
const sources: ISourcesCoordinates = {
  defaultDialect: 'en',
  paths: ['empty.feature'],
  names: [],
  tagExpression: '',
  order: 'defined',
};

async function main(): Promise<void> {
  const specification = await runReference();
  const steps = specification.scenarios.reduce((sum, scenario) => sum + scenario.steps.length, 0);
  const support = await writeEmptyTwin(specification);
  await runEmpty(support);

  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await processorTime(runReference));
    bare.push(await processorTime(() => runEmpty(support)));
  }
  rmSync(folder, { recursive: true, force: true });

  const ratio = median(ours) / median(bare);
  process.stdout.write(
    `scenarios: ${specification.scenarios.length} scenarios, ${steps} steps; specification ${median(ours).toFixed(0)} ms, ` +
      `empty twin ${median(bare).toFixed(0)} ms (medians of ${ROUNDS}); ratio ${ratio.toFixed(2)}, limit ${LIMIT}\n`,
  );
  process.exitCode = ratio <= LIMIT ? 0 : 1;
}

function runReference(): Promise<RunResult> {
  return runSpecification({ adapter: 'simulator', driver: 'reference', seed: 1, evidence: 'full' });
}

/** As many scenarios with as many steps, and one step definition that does nothing. */
function writeEmptyTwin({ scenarios }: RunResult): Promise<ISupportCodeLibrary> {
  const feature = scenarios.flatMap(({ steps }, index) => [
    `  Scenario: ${index}`,
    ...steps.map(() => '    Given nothing at all'),
    '',
  ]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'empty.feature'), ['Feature: Nothing', '', ...feature].join('\n'));
  writeFileSync(
    join(folder, 'empty.steps.js'),
    `require('@cucumber/cucumber').Given('nothing at all', async function () {});\n`,
  );
  return loadSupport({ sources, support: { requireModules: [], requirePaths: ['empty.steps.js'] } }, environment);
}

async function runEmpty(support: ISupportCodeLibrary): Promise<void> {
  await runCucumber(
    {
      sources,
      support,
      runtime: {
        dryRun: false,
        failFast: false,
        filterStacktraces: true,
        parallel: 0,
        retry: 0,
        retryTagFilter: '',
        strict: true,
        worldParameters: {},
      },
      formats: { stdout: 'summary', files: {}, publish: false, options: {} },
    },
    environment,
  );
}

async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

void main();
