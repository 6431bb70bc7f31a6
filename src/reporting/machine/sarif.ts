/**
 * A run in SARIF 2.1.0 (OASIS), as code scanning reads it: rules with help and sources, and a result for each rule that a scenario
 * found broken, or each scenario that failed otherwise. The place is the scenario, as a driver's source is not known here.
 */
import { createHash } from 'node:crypto';
import { tokenOf } from '../../conformance/replay/token';
import type { RunResult, ScenarioResult } from '../../conformance/results';
import { isExhibit } from '../../conformance/rule-results';
import { traceFilePath } from '../../conformance/trace-files';
import { answerText, type ShownWaivers } from '../waived';
import { isRuleId, rule as ruleOf, rules, type Rule, type Violation } from '../../rules';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What failed and belongs to no rule: a scenario that tells a story of its own. */
const SCENARIO = 'scenario';

interface Text {
  readonly text: string;
  readonly markdown?: string;
}

interface Descriptor {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: Text;
  readonly fullDescription: Text;
  readonly help: Text;
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: 'error' };
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region?: { readonly startLine: number };
  };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: 'fail';
  readonly level: 'error';
  readonly message: Text;
  readonly locations: readonly Place[];
  readonly relatedLocations: readonly (Place & { readonly message: Text })[];
  readonly suppressions?: readonly {
    readonly kind: 'external';
    readonly status: 'accepted';
    readonly justification: string;
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What one failure is about. */
interface Finding {
  readonly ruleId: string;
  readonly message: string;
  readonly violation?: Violation;
}

/**
 * @param waivers what the run was held against: results that they cover are suppressed, with who answers for them
 * @returns the log as text; the same run gives the same bytes
 */
export function sarifLog(run: RunResult, waivers?: ShownWaivers): string {
  const results = run.scenarios
    .filter((scenario) => !isExhibit(scenario))
    .flatMap((scenario) => findingsOf(scenario).map((finding) => resultOf(run, scenario, finding, waivers)));
  const errors = run.scenarios.filter(({ verdict }) => verdict === 'error');
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ndis-lwf-spec',
            semanticVersion: run.kit,
            rules: [...rules.map(descriptorOf), scenarioDescriptor],
          },
        },
        automationDetails: { id: `ndis-lwf-spec/${run.driver}/${run.adapter}/` },
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            toolExecutionNotifications: errors.map((scenario) => ({
              level: 'error',
              message: { text: scenario.reason ?? 'the kit broke' },
              locations: [placeOf(scenario)],
            })),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results,
        properties: {
          driver: run.driver,
          adapter: run.adapter,
          seed: run.seed,
          specification: run.identity.specification,
        },
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

/** Each rule once a scenario: more of the same tell nothing new at that place. */
function findingsOf({ verdict, violations, rule, reason = 'it failed' }: ScenarioResult): Finding[] {
  const found = new Map<string, Finding>();
  for (const violation of violations) {
    if (!found.has(violation.rule))
      found.set(violation.rule, { ruleId: violation.rule, message: violation.message, violation });
  }
  if (found.size === 0 && verdict === 'fail') return [{ ruleId: rule ?? SCENARIO, message: reason }];
  return [...found.values()];
}

function resultOf(
  { driver, identity }: RunResult,
  scenario: ScenarioResult,
  { ruleId, message, violation }: Finding,
  waivers?: ShownWaivers,
): Result {
  const cover = waivers?.coverOf(scenario.id, ruleId === SCENARIO ? undefined : ruleId);
  const waiver = cover === undefined ? undefined : waivers?.entries[cover];
  const trace = traceFilePath(scenario);
  return {
    ruleId,
    ruleIndex: isRuleId(ruleId) ? rules.indexOf(ruleOf(ruleId)) : rules.length,
    kind: 'fail',
    level: 'error',
    message: { text: `${driver}: ${message} (in "${scenario.name}"; ${scenario.replay})` },
    locations: [placeOf(scenario)],
    relatedLocations: [
      {
        // One header line, then crossing 1.
        physicalLocation: {
          artifactLocation: { uri: trace },
          ...(violation && { region: { startLine: violation.at + 1 } }),
        },
        message: { text: violation ? `crossing ${violation.at}` : 'the trace' },
      },
    ],
    ...(waiver && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: `waived ${answerText(waiver)}` }],
    }),
    partialFingerprints: { 'lwfRuleAndScenario/v1': fingerprint(ruleId, scenario) },
    properties: {
      scenario: scenario.id,
      replay: scenario.replay,
      token: tokenOf(identity, scenario),
      ...(violation && { reading: violation.reading, at: violation.at, witnesses: violation.witnesses }),
    },
  };
}

/** It stays the same while lines move and messages count other crossings. */
function fingerprint(ruleId: string, { uri, name }: ScenarioResult): string {
  return createHash('sha256').update([ruleId, uri, name].join('\n')).digest('hex').slice(0, 32);
}

function placeOf({ uri, line }: ScenarioResult): Place {
  return { physicalLocation: { artifactLocation: { uri: encodeURI(uri) }, region: { startLine: line } } };
}

function descriptorOf(rule: Rule): Descriptor {
  const { id, area, statement, strength, profile, consequence, appliesTo, sources, observation } = rule;
  const [helpUri] = sources.flatMap(({ url }) => url ?? []);
  return {
    id,
    name: `${id} (${area})`,
    shortDescription: { text: statement },
    fullDescription: { text: `${statement} ${consequence}` },
    help: {
      text: [
        statement,
        `When: ${appliesTo}`,
        `Otherwise: ${consequence}`,
        ...sources.map(({ page }) => `Source: ${page}`),
      ].join('\n'),
      markdown: [
        statement,
        '',
        `**When:** ${appliesTo}`,
        '',
        `**Otherwise:** ${consequence}`,
        '',
        ...sources.map(({ page, url }) => (url === undefined ? `- ${page}` : `- [${page}](${url})`)),
      ].join('\n'),
    },
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['ndis', area, profile], strength, profile, observation },
  };
}

const scenarioDescriptor: Descriptor = {
  id: SCENARIO,
  name: 'A scenario of the specification',
  shortDescription: { text: 'A scenario that stands under no rule of its own holds.' },
  fullDescription: { text: 'Stories and sequences of the specification hold for every conforming driver.' },
  help: { text: 'The scenario at the place of the result tells what should have happened.' },
  defaultConfiguration: { level: 'error' },
  properties: { tags: ['ndis'] },
};
