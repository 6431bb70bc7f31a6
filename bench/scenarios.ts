/**
 * What the specification costs beside bare Cucumber: the reference filter on the simulator, judged, against the same features
 * with the same sentences whose steps do nothing. Both in this process and in turns, so that the ratio says something on a
 * machine that is slow or busy with other things. The overhead is what a scenario costs more than a bare one.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ISupportCodeLibrary } from '@cucumber/cucumber/api';
import { runSpecification, type RunResult } from '../src/conformance';
import { loadSteps, runFeatures } from '../src/conformance/cucumber';
import { featuresFolder, kitRoot, stepDefinitionGlob } from '../src/conformance/kit-root';

const ROUNDS = 11;
/** The promise: a kernel, NDIS and all judges cost at most twice what Cucumber itself does for a scenario. */
const LIMIT = 2;

const folder = join(kitRoot, '.tmp', 'bench');
const whole = { paths: [featuresFolder], tags: '' };

async function main(): Promise<void> {
  const played = sizeOf(await runReference());
  const empty = await loadEmptySteps();
  await runEmpty(empty);

  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await milliseconds(runReference));
    bare.push(await milliseconds(() => runEmpty(empty)));
  }
  rmSync(folder, { recursive: true, force: true });

  const ratio = median(ours) / median(bare);
  const overhead = ratio - 1;
  process.stdout.write(
    `scenarios: ${played}; specification ${median(ours).toFixed(0)} ms, ` +
      `empty steps ${median(bare).toFixed(0)} ms (medians of ${ROUNDS}): ${ratio.toFixed(2)} times as much, overhead ${overhead.toFixed(2)}, limit ${LIMIT}\n`,
  );
  process.exitCode = overhead <= LIMIT ? 0 : 1;
}

/** Words, and not the run itself: what is kept in memory makes both runs slower. */
function sizeOf({ scenarios }: RunResult): string {
  const steps = scenarios.reduce((sum, scenario) => sum + scenario.steps.length, 0);
  const crossings = scenarios.reduce((sum, scenario) => sum + scenario.trace.length, 0);
  return `${scenarios.length} scenarios, ${steps} steps, ${crossings} crossings`;
}

function runReference(): Promise<RunResult> {
  return runSpecification({ adapter: 'simulator', driver: 'reference', seed: 1, evidence: 'full' });
}

/** Step definitions with the sentences and parameter types of the specification, and empty bodies. */
async function loadEmptySteps(): Promise<ISupportCodeLibrary> {
  const lines = [
    `const { defineParameterType, Given } = require('@cucumber/cucumber');`,
    // Cucumber wants a body to take as many values as its sentence has parameters.
    `const empty = (length) => Object.defineProperty(async () => {}, 'length', { value: length });`,
  ];
  // They register themselves when they are loaded, and the runner has loaded them already.
  for (const file of Object.keys(require.cache)) if (file.includes('step-definitions')) delete require.cache[file];
  const support = await loadSteps(stepDefinitionGlob);
  await runFeatures(whole, support, { dryRun: true }, ({ parameterType, stepDefinition }) => {
    if (parameterType) {
      const { name, regularExpressions } = parameterType;
      const regexp = regularExpressions.map((source) => `new RegExp(${JSON.stringify(source)})`).join(', ');
      lines.push(`defineParameterType({ name: ${JSON.stringify(name)}, regexp: [${regexp}], transformer: () => 0 });`);
    } else if (stepDefinition) {
      const { source } = stepDefinition.pattern;
      lines.push(`Given(${JSON.stringify(source)}, empty(${source.match(/\{\w*\}/g)?.length ?? 0}));`);
    }
  });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'empty.steps.js');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return loadSteps(file);
}

async function runEmpty(support: ISupportCodeLibrary): Promise<void> {
  if (!(await runFeatures(whole, support, { dryRun: false })))
    throw new Error('the empty steps do not pass: some sentence has no empty twin');
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

void main();
