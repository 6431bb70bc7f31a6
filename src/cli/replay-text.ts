/** What `lwf replay` says: what was played, what came of it, and whether that is what came then. */
import type { RunIdentity } from '../conformance/identity';
import type { CaseToken, Replayed } from '../conformance/replay';
import type { ScenarioResult } from '../conformance/results';
import { failureText } from '../reporting';

/**
 * @param token of the case
 * @param replayed what came of it
 * @param colour whether the text may be coloured
 */
export function replayText(token: CaseToken, { run, scenario, same }: Replayed, colour: boolean): string {
  const bad = scenario.verdict === 'fail' || scenario.verdict === 'error';
  const story = bad ? failureText(scenario, { colour }) : `${scenario.verdict}  ${scenario.name}\n  ${scenario.id}\n`;
  const reason = !bad && scenario.reason !== undefined ? `  ${scenario.reason}\n` : '';
  return `${subjectText(run.identity)}\n\n${story}${reason}\n${comparison(token, scenario, same)}\n`;
}

function subjectText({ driver, profile, adapter, seed }: RunIdentity): string {
  const file = driver.image ?? driver.module;
  return [
    `driver ${driver.name}${file ? ` (sha256 ${file.sha256.slice(0, 16)}…)` : ''}`,
    ...(profile ? [`profile ${profile.file} (sha256 ${profile.sha256.slice(0, 16)}…)`] : []),
    `${adapter.name}${adapter.engine === undefined ? '' : ` (${adapter.engine})`}`,
    `seed ${seed}`,
  ].join(', ');
}

function comparison(token: CaseToken, scenario: ScenarioResult, same: boolean): string {
  const rules = [...new Set(scenario.violations.map(({ rule }) => rule))];
  const broken = rules.length === 0 ? '' : `, broken: ${rules.join(', ')}`;
  if (same) return `The same came again: ${scenario.verdict}${broken}.`;
  if (token.verdict === scenario.verdict) {
    return `Another course than the one of the token: ${scenario.verdict} again, but not with the same crossings${broken}.`;
  }
  return `Another result than the one of the token: ${token.verdict} then, ${scenario.verdict} now${broken}.`;
}
