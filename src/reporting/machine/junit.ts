/** A run in the XML of JUnit, as build servers read it: a suite a feature, a case a scenario. No times: they would differ. */
import { tokenOf } from '../../conformance/replay/token';
import type { RunResult, ScenarioResult } from '../../conformance/results';
import { shownScenario, waivedText, type ShownWaivers } from '../waived';

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // An attribute would lose them.
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** What XML 1.0 cannot hold, however it is written: most control characters, halves of pairs, and two more. */
const IMPOSSIBLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;

/**
 * @param waivers what the run was held against: waived failures are skipped, with who answers for them
 * @returns the document; the same run gives the same bytes
 */
export function junitXml(run: RunResult, waivers?: ShownWaivers): string {
  const suites = new Map<string, ScenarioResult[]>();
  for (const scenario of run.scenarios) {
    suites.set(scenario.uri, [...(suites.get(scenario.uri) ?? []), scenario]);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `${run.driver} on ${run.adapter}, seed ${run.seed}`, ...counts(run.scenarios, waivers) })}>`,
    ...[...suites].flatMap(([uri, scenarios]) => suiteLines(run, uri, scenarios, waivers)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(
  run: RunResult,
  uri: string,
  scenarios: readonly ScenarioResult[],
  waivers?: ShownWaivers,
): string[] {
  const [first] = scenarios;
  return [
    `  <testsuite${attributes({ name: first?.feature ?? uri, file: uri, ...counts(scenarios, waivers) })}>`,
    ...scenarios.flatMap((scenario) => caseLines(run, scenario, waivers)),
    '  </testsuite>',
  ];
}

function caseLines(run: RunResult, scenario: ScenarioResult, waivers?: ShownWaivers): string[] {
  const { name, feature, uri, line, verdict, rule } = scenario;
  // Rows of an outline share their name, and a reader of JUnit merges cases of one name.
  const named = `${rule === undefined ? '' : `${rule}: `}${name} (line ${line})`;
  const open = `    <testcase${attributes({ classname: feature, name: named, file: uri, line })}`;
  if (verdict === 'pass') return [`${open} />`];
  const told =
    waivers && shownScenario(scenario, waivers) === 'waived' ? waived(scenario, waivers) : notPassed(run, scenario);
  return [`${open}>`, `      ${told}`, '    </testcase>'];
}

/** Build servers know no third state; the message says that it failed. */
function waived(scenario: ScenarioResult, waivers: ShownWaivers): string {
  const { reason = 'it failed' } = scenario;
  return `<skipped${attributes({ message: `failed, ${waivedText(scenario, waivers)}; ${reason}` })} />`;
}

function notPassed(run: RunResult, scenario: ScenarioResult): string {
  const { verdict, reason = verdict } = scenario;
  const message = attributes({ message: reason });
  if (verdict !== 'fail' && verdict !== 'error')
    return `<skipped${attributes({ message: `${verdict}: ${reason}` })} />`;
  const tag = verdict === 'fail' ? 'failure' : 'error';
  const [first] = scenario.violations;
  const type = first ? first.rule : (scenario.rule ?? verdict);
  return `<${tag}${message}${attributes({ type })}>${escaped(storyOf(run, scenario), '&<>')}</${tag}>`;
}

/** What a reader of a build's log wants: which step, which rules, how to see it again. */
function storyOf({ identity }: RunResult, scenario: ScenarioResult): string {
  const { steps, violations, bugcheck, replay, id } = scenario;
  return [
    ...steps.flatMap(({ keyword, text, status, message }) =>
      status === 'failed' ? [`${keyword} ${text}`, message ?? ''] : [],
    ),
    ...violations.map(({ rule, message }) => `${rule}: ${message}`),
    ...(bugcheck === undefined ? [] : [`The system stopped: ${bugcheck}`]),
    id,
    `Play it again: ${replay}`,
    `Elsewhere: npx lwf replay ${tokenOf(identity, scenario)}`,
  ].join('\n');
}

function counts(scenarios: readonly ScenarioResult[], waivers?: ShownWaivers): Record<string, number> {
  const shown = scenarios.map((scenario) => shownScenario(scenario, waivers));
  const of = (...verdicts: string[]): number => shown.filter((verdict) => verdicts.includes(verdict)).length;
  return {
    tests: scenarios.length,
    failures: of('fail'),
    errors: of('error'),
    skipped: of('waived', 'not applicable', 'not observed'),
  };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value), '&<>"\n\t\r')}"`)
    .join('');
}

function escaped(text: string, characters: string): string {
  return [...text.replaceAll(IMPOSSIBLE, '\u{fffd}')]
    .map((character) => (characters.includes(character) ? (ESCAPED[character] ?? character) : character))
    .join('');
}
