/** A run as large as the whole specification: what the page's size is tested on. */
import type { KillMatrix, MatrixRow, RunResult } from '../../src/conformance/results';
import type { FeatureFile } from '../../src/reporting';
import { coreRules, rules } from '../../src/rules';
import { runOf } from './sample';

/** Two scenarios a rule, as long as real ones are. */
export const bigFeatures: readonly FeatureFile[] = [...new Set(rules.map(({ area }) => area))].map((area) => ({
  uri: `features/${area}/all.feature`,
  text: [
    `Feature: ${area}`,
    ...rules
      .filter((rule) => rule.area === area)
      .flatMap(({ id, statement }) => [
        `  @${id}`,
        `  Rule: ${statement}`,
        '    What it means for a driver author, and where it is written. Broken: what one sees then.',
        ...['while two sends are with the miniport', 'while nothing is outstanding'].flatMap((when) => [
          `    Scenario: The adapter is disabled ${when} (${id})`,
          '      Given a running filter module',
          '      And the miniport holds 2 sends that the filter originated',
          '      When NDIS pauses the filter module',
          '      Then the pause is pending',
          '      When the miniport completes all of them',
          '      Then the filter completes the pause exactly once',
        ]),
      ]),
  ].join('\n'),
}));

export const bigRun: RunResult = runOf('reference', {}, bigFeatures, rules);

const caughtIn = (id: string): string[] =>
  bigRun.scenarios.filter(({ rule }) => rule === id).map((scenario) => scenario.id);

/** A defect a core rule, some rules with two; every third trips two other rules. */
export const bigMatrix: KillMatrix = {
  schema: 'kill-matrix/1',
  rules: coreRules.map(({ id }) => id),
  reference: [],
  problems: [],
  rows: [...coreRules, ...coreRules.slice(10, 21)].map(({ id }, i): MatrixRow => {
    const others = i % 3 === 0 ? [1, 7].flatMap((step) => coreRules[(i + step) % coreRules.length]?.id ?? []) : [];
    return {
      driver: `forgets-${id.toLowerCase()}-in-one-of-its-handlers-${i}`,
      story: `The reference filter with one small change: it forgets ${id} where nobody looks, as drivers in the field did.`,
      breaks: id,
      explained: Object.fromEntries(others.map((other) => [other, `whoever breaks ${id} breaks it too`])),
      killedBy: Object.fromEntries([id, ...others].map((other) => [other, caughtIn(other)])),
      failedScenarios: 2,
      errors: 0,
    };
  }),
};
