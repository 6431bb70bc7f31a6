/**
 * A run as Allure results: epic = area, feature = rule, story = scenario, severity from the strength of the rule. They are made
 * from what the run found and not by a formatter inside it, because only the run knows *not applicable* from *not observed*.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabelName, Severity, Stage, Status, type Label, type Link, type TestResult } from 'allure-js-commons';
import { createStepResult, createTestResult, FileSystemWriter } from 'allure-js-commons/sdk/reporter';
import type { RunResult, ScenarioResult, StepResult, Verdict } from '../../conformance/results';
import { areas, rules, type Rule, type Strength } from '../../rules';
import type { Crossing } from '../../trace';
import { crashOf, crashRows } from '../crash';
import { sequenceSvg } from '../diagrams/sequence-svg';
import { shownScenario, waivedText, type ShownWaivers } from '../waived';

const STATUS: Readonly<Record<Verdict | 'waived', Status>> = {
  pass: Status.PASSED,
  fail: Status.FAILED,
  waived: Status.SKIPPED,
  'not applicable': Status.SKIPPED,
  'not observed': Status.SKIPPED,
  error: Status.BROKEN,
};

const STEP_STATUS: Readonly<Record<StepResult['status'], Status>> = {
  passed: Status.PASSED,
  failed: Status.FAILED,
  skipped: Status.SKIPPED,
};

const SEVERITY: Readonly<Record<Strength, Severity>> = {
  must: Severity.CRITICAL,
  'must-by-consequence': Severity.CRITICAL,
  should: Severity.NORMAL,
  inferred: Severity.NORMAL,
  permission: Severity.MINOR,
  field: Severity.MINOR,
};

/** Allure knows one kind of "skipped"; its categories keep the reasons for it apart. */
const CATEGORIES = [
  { name: 'A rule is broken, or a step did not hold', matchedStatuses: [Status.FAILED] },
  { name: 'Error: the kit or its adapter broke', matchedStatuses: [Status.BROKEN] },
  { name: 'Waived: it failed', messageRegex: '(?s)^waived .*', matchedStatuses: [Status.SKIPPED] },
  { name: 'Not applicable to this driver', messageRegex: '(?s)^not applicable.*', matchedStatuses: [Status.SKIPPED] },
  { name: 'Not observed by this adapter', messageRegex: '(?s)^not observed.*', matchedStatuses: [Status.SKIPPED] },
];

/**
 * @param run a run
 * @param folder where the results go; what an earlier run left there is removed
 * @param waivers what the run was held against: waived failures are skipped, with who answers for them
 * @throws Error when the folder can not be written
 */
export function writeAllureResults(run: RunResult, folder: string, waivers?: ShownWaivers): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Allure's own writer flushes each file to the disk, which takes seconds for two thousand of them.
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  for (const scenario of run.scenarios) {
    const result = testResult(run, scenario, waivers);
    const attach = (name: string, type: string, extension: string, text: string): void => {
      const source = `${result.uuid}-${name.replace(/\W+/g, '-')}.${extension}`;
      write(source, text);
      result.attachments.push({ name, type, source });
    };
    if (scenario.trace.length > 0) {
      attach('trace', 'application/x-ndjson', 'ndjson', ndjson(run, scenario));
      attach('sequence diagram', 'image/svg+xml', 'svg', diagram(scenario));
    }
    write(`${result.uuid}-result.json`, JSON.stringify(result));
  }
  const writer = new FileSystemWriter({ resultsDir: folder });
  writer.writeCategoriesDefinitions(CATEGORIES);
  writer.writeEnvironmentInfo({
    driver: run.driver,
    adapter: run.adapter,
    observation: run.observation,
    seed: String(run.seed),
    kit: run.kit,
  });
}

function testResult(run: RunResult, scenario: ScenarioResult, waivers: ShownWaivers | undefined): TestResult {
  const verdict = shownScenario(scenario, waivers);
  const told = waivers && verdict === 'waived' ? waivedText(scenario, waivers) : verdict;
  const rule = rules.find(({ id }) => id === scenario.rule);
  const identity = [run.adapter, run.driver, scenario.id].join('\n');
  // The same scenario of the same driver has the same history in every run.
  const result = createTestResult(digest(`${identity}\n${run.seed}`), digest(identity));
  const crash = crashOf(scenario);
  const message = [
    scenario.reason === undefined ? told : `${told}: ${scenario.reason}`,
    ...scenario.violations.map((violation) => `${violation.rule}: ${violation.message}`),
    ...(crash ? [`The system stopped: ${crash.title}`, crash.reason, ...crashRows(crash)] : []),
    `Play it again: ${scenario.replay}`,
  ];
  return {
    ...result,
    name: scenario.name,
    fullName: scenario.id,
    testCaseId: digest(scenario.id),
    titlePath: scenario.uri.split('/'),
    stage: Stage.FINISHED,
    status: STATUS[verdict],
    ...(scenario.verdict !== 'pass' && { statusDetails: { message: message.join('\n') } }),
    ...(rule && { description: `${rule.id}: ${rule.statement}\n\nIf broken: ${rule.consequence}` }),
    labels: labels(run, scenario, rule),
    links: rule ? sourceLinks(rule) : [],
    parameters: [
      { name: 'driver', value: run.driver },
      { name: 'adapter', value: run.adapter },
    ],
    steps: scenario.steps.map((step) => ({
      ...createStepResult(),
      name: `${step.keyword} ${step.text}`,
      stage: Stage.FINISHED,
      status: STEP_STATUS[step.status],
      statusDetails: step.message === undefined ? {} : { message: step.message },
    })),
  };
}

function labels(run: RunResult, scenario: ScenarioResult, rule: Rule | undefined): Label[] {
  return [
    { name: LabelName.EPIC, value: rule ? areas[rule.area] : folderName(scenario) },
    { name: LabelName.FEATURE, value: rule ? `${rule.id} ${rule.statement}` : scenario.feature },
    { name: LabelName.STORY, value: scenario.name },
    ...(rule ? [{ name: LabelName.SEVERITY, value: SEVERITY[rule.strength] }] : []),
    ...scenario.tags.map((tag) => ({ name: LabelName.TAG, value: tag.replace(/^@/, '') })),
    { name: LabelName.PARENT_SUITE, value: `${run.driver} on ${run.adapter}` },
    { name: LabelName.SUITE, value: scenario.feature },
    { name: LabelName.FRAMEWORK, value: 'ndis-lwf-spec' },
  ];
}

/** Questions and sequences stand under no rule: their folder is their epic. */
function folderName({ uri, feature }: ScenarioResult): string {
  const folder = uri.split('/').at(-2);
  return folder === undefined ? feature : folder.charAt(0).toUpperCase() + folder.slice(1);
}

function sourceLinks({ sources }: Rule): Link[] {
  return sources.flatMap(({ page, url }) => (url === undefined ? [] : { type: 'source', name: page, url }));
}

function ndjson(run: RunResult, scenario: ScenarioResult): string {
  const header = {
    schema: 'trace/1',
    adapter: run.adapter,
    driver: run.driver,
    seed: run.seed,
    complete: true,
    scenario: scenario.id,
  };
  return [header, ...scenario.trace].map((entry: object | Crossing) => `${JSON.stringify(entry)}\n`).join('');
}

function diagram(scenario: ScenarioResult): string {
  return sequenceSvg(scenario.trace, { violations: scenario.violations, folded: true, title: scenario.name });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
