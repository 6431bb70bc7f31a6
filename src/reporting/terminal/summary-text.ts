/** The end of a run on the terminal: every kind of verdict counted by itself. */
import type { KillMatrix, RunResult } from '../../conformance/results';
import { coreRules } from '../../rules';
import { machineText } from '../machine-words';
import { matrixSentence, summariseMatrix } from '../matrix/cells';
import { whatIsSeen } from '../observation';
import { plural } from '../plural';
import { occurring, tally, type ShownVerdict } from '../verdicts';
import { shownRule, shownScenario, type ShownWaivers } from '../waived';
import type { TextOptions } from './failure-text';
import { line, paint, verdictText, type Paint } from './paint';
import { waiverLines } from './waivers-text';

/**
 * @param run a run
 * @param matrix the kill matrix, when one was made
 * @param waivers what they were held against, when there is a list
 * @returns some lines of text
 */
export function summaryText(
  run: RunResult,
  matrix?: KillMatrix,
  { colour }: TextOptions = {},
  waivers?: ShownWaivers,
): string {
  const p = paint(colour);
  const core = new Set(coreRules.map(({ id }) => id));
  const rules = run.rules.map((rule) => shownRule(rule, waivers));
  const lines = [
    `${p.bold(run.driver)} on ${run.adapter}, seed ${run.seed}`,
    ...(run.identity.machine
      ? [`  on ${line(machineText(run.identity.machine))}; sees ${whatIsSeen(run.observation)}`]
      : []),
    ...(run.part
      ? [
          `  shard ${run.part.index} of ${run.part.of}: ${run.scenarios.length} of ${run.part.total} scenarios; \`lwf merge\` joins the shards`,
        ]
      : []),
    counted(
      p,
      'scenarios',
      run.scenarios.map((scenario) => shownScenario(scenario, waivers)),
    ),
    counted(
      p,
      'core rules',
      run.rules.filter(({ rule }) => core.has(rule)).map((rule) => shownRule(rule, waivers)),
    ),
    counted(p, 'rules', rules),
  ];
  for (const result of run.rules) {
    const { rule, brokenIn, reason = 'see its scenarios' } = result;
    if (shownRule(result, waivers) !== 'fail') continue;
    const where = plural(brokenIn.length, 'scenario');
    lines.push(`  ${p.red(`✗ ${rule}`)} ${brokenIn.length > 0 ? `broken in ${where}` : line(reason)}`);
  }
  if (waivers) lines.push(...waiverLines(p, waivers));
  lines.push(...reasonsOf(run, 'not observed').map((each) => `  ${p.dim('○')} ${each}`));
  lines.push(...reasonsOf(run, 'not applicable').map((each) => `  ${p.dim('–')} ${each}`));
  if (matrix) {
    const { unproven, unexplained, referenceTrips } = summariseMatrix(matrix);
    const sound = unproven.length + unexplained.length + referenceTrips.length + matrix.problems.length === 0;
    lines.push(`  ${sound ? matrixSentence(matrix) : p.red(matrixSentence(matrix))}`);
    for (const problem of matrix.problems) lines.push(`  ${p.red(`✗ ${problem}`)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Reasons told; further ones are on the page. */
const REASONS = 3;

/**
 * Why scenarios say nothing of the driver, the most frequent reasons first: when a profile does not fit its driver they are all one. What
 * the profile itself does not mention is no news.
 */
function reasonsOf({ scenarios }: RunResult, kind: 'not observed' | 'not applicable'): string[] {
  const counts = new Map<string, number>();
  for (const { verdict, reason = '' } of scenarios) {
    if (verdict !== kind || reason.startsWith('the profile of ')) continue;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  return sorted.slice(0, REASONS).map(([reason, count]) => `${kind} in ${plural(count, 'scenario')}: ${line(reason)}`);
}

function counted(p: Paint, what: string, verdicts: readonly ShownVerdict[]): string {
  const kinds = occurring(tally(verdicts)).map(({ verdict, count }) => verdictText(p, verdict, count));
  return `  ${String(verdicts.length).padStart(4)} ${what.padEnd(10)}  ${kinds.join('  ')}`;
}
