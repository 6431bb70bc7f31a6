/** A run of the specification, as a story: choose, check, play, judge, sum up. */
import { join } from 'node:path';
import { useAdapter } from '../../adapters/contract';
import { rules } from '../rules';
import { openAdapter } from './adapters';
import type { RunOptions } from './api';
import { Collector } from './collector';
import { planScenarios, runFeatures } from './cucumber';
import { isKitReferenceImage } from './kit-image';
import { kitVersion } from './kit-root';
import type { RunResult } from './results';
import { EXHIBIT_TAG, ruleResults } from './rule-results';
import { checkTags, featurePaths, requireWritableFolder } from './selection';
import { specifiedRules } from './specified';
import { countTransitions } from './transitions';

/** Exhibits show drivers of the kit; they belong to the kit's own run, not to a run on somebody's driver. */
const KIT_DRIVER = 'reference';

/**
 * Runs the specification against one driver.
 * @param options what to run, on what
 * @returns verdicts, evidence and coverage as plain data
 * @throws CannotJudge when the run cannot be made
 */
export async function runSpecification(options: RunOptions): Promise<RunResult> {
  const tags = tagExpression(options);
  const paths = featurePaths(options.paths);
  if (options.formatsFolder !== undefined) requireWritableFolder(options.formatsFolder);
  const adapter = openAdapter(options);
  const total = await planScenarios({ paths, tags });

  let finished = 0;
  const collector = new Collector({
    replay: (id) => replayCommand(options, id),
    onScenario: (scenario) => options.onScenario?.(scenario, (finished += 1), total),
  });
  useAdapter(adapter);
  await runFeatures({
    paths,
    tags,
    worldParameters: { seed: options.seed, evidence: options.evidence },
    ...(options.formatsFolder !== undefined && { formats: standardFormats(options.formatsFolder) }),
    onMessage: (envelope) => collector.take(envelope),
  });

  const transitions: Record<string, number> = {};
  for (const scenario of collector.scenarios) countTransitions(scenario.trace, transitions);
  return {
    schema: 'run/1',
    kit: kitVersion,
    adapter: adapter.name,
    observation: (await adapter.capabilities()).observation,
    driver: adapter.driver,
    seed: options.seed,
    scenarios: collector.scenarios,
    rules: ruleResults(rules, collector.scenarios, specifiedRules()),
    transitions,
  };
}

function tagExpression({ tags, ...subject }: RunOptions): string {
  const asked = tags?.trim() ?? '';
  checkTags(asked);
  if (subject.driver === KIT_DRIVER || isKitReferenceImage(subject)) return asked;
  return asked === '' ? `not ${EXHIBIT_TAG}` : `(${asked}) and not ${EXHIBIT_TAG}`;
}

function replayCommand({ driver, profile, engine, seed }: RunOptions, scenarioId: string): string {
  const onDriver = driver === KIT_DRIVER ? '' : ` --driver ${driver}`;
  const withProfile = profile === undefined ? '' : ` --profile ${profile}`;
  const onEngine = engine === undefined ? '' : ` --engine ${engine}`;
  return `npx lwf run${onDriver}${withProfile}${onEngine} --seed ${seed} ${scenarioId}`;
}

function standardFormats(folder: string): Record<string, string> {
  return {
    [join(folder, 'cucumber.html')]: 'html',
    [join(folder, 'junit.xml')]: 'junit',
    [join(folder, 'messages.ndjson')]: 'message',
  };
}
