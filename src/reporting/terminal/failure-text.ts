/** A failing scenario for the terminal: the rule, what was expected, the crossings that matter, how to see it again. */
import { tokenOf } from '../../conformance/replay/token';
import type { RunResult, ScenarioResult } from '../../conformance/results';
import { disputes, rules, type Violation } from '../../rules';
import { crossingText, type Crossing } from '../../trace';
import { crashOf, crashRows, type Crash } from '../crash';
import { furtherReason } from '../reason';
import { line, paint, printable, wrapped, type Paint } from './paint';

export interface TextOptions {
  /** Default: what the environment says (NO_COLOR, is it a terminal). */
  readonly colour?: boolean;
  /** Of the case, for `lwf replay`; nothing is said of it without. */
  readonly token?: string;
}

/** More than three crossings nobody reads on a terminal; the page has them all. */
const SHOWN = 3;

/**
 * @param scenario a scenario that failed, or could not be judged
 * @returns some lines of text; never a stack of the kit's own code
 */
export function failureText(scenario: ScenarioResult, { colour, token }: TextOptions = {}): string {
  const p = paint(colour);
  const failed = scenario.steps.find(({ status }) => status === 'failed');
  const sign = scenario.verdict === 'error' ? p.magenta('! error') : p.red('✗ fail');
  const lines = [`${sign}  ${p.bold(line(scenario.name))}`, `  ${p.dim(line(scenario.id))}`];
  for (const rule of new Set(scenario.violations.map((violation) => violation.rule))) {
    const found = scenario.violations.filter((violation) => violation.rule === rule);
    lines.push('', ...violationLines(p, rule, found, scenario.trace));
  }
  if (failed) {
    lines.push('', ...wrapped(`What did not hold: ${failed.keyword} ${failed.text}`, '  '));
    for (const each of (failed.message ?? '').split('\n')) lines.push(...wrapped(each, '    '));
    if (scenario.violations.length === 0) lines.push(...lastCrossings(p, scenario.trace));
  }
  const reason = furtherReason(scenario);
  if (reason !== undefined) lines.push('', ...wrapped(reason, '  '));
  const crash = crashOf(scenario);
  if (crash) lines.push('', ...crashText(crash));
  lines.push('', `  Play it again: ${p.cyan(line(scenario.replay))}`);
  if (token !== undefined) lines.push(`  Elsewhere:     ${p.cyan(`npx lwf replay ${token}`)}`);
  return `${lines.join('\n')}\n`;
}

/** @returns the texts of all scenarios of a run that failed or could not be judged; nothing when there are none */
export function failuresText(run: RunResult, options: TextOptions = {}): string {
  return run.scenarios
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
    .map((scenario) => failureText(scenario, { ...options, token: tokenOf(run.identity, scenario) }))
    .join('\n');
}

function crashText(crash: Crash): string[] {
  return [
    ...wrapped(`The system stopped: ${crash.title}`, '  '),
    ...wrapped(crash.reason, '    '),
    ...crashRows(crash).map((row) => `    ${printable(row)}`),
  ];
}

function violationLines(p: Paint, id: string, found: readonly Violation[], trace: readonly Crossing[]): string[] {
  const rule = rules.find((each) => each.id === id);
  return [
    ...wrapped(`${id}  ${rule?.statement ?? ''}`, '  ').map((each) => p.bold(each)),
    ...found.flatMap((violation) => [
      ...wrapped(violation.message, '    '),
      ...witnessesThatMatter(violation)
        .flatMap((seq) => trace.find((crossing) => crossing.seq === seq) ?? [])
        .map((crossing) => quoted(p, crossing, crossing.seq === violation.at)),
    ]),
    ...(rule?.disputes ?? []).flatMap((dispute) => disputeLines(p, dispute)),
  ];
}

/** Where sources differ, a driver author gets to know both sides and which one was taken. */
function disputeLines(p: Paint, id: string): string[] {
  const dispute = disputes.find((each) => each.id === id);
  if (!dispute) return [];
  return wrapped(`${id}: ${dispute.statements} Reading: ${dispute.reading}`, '    ').map((each) => p.dim(each));
}

/** The crossing that broke the rule, how it began, and what came last of the rest. */
function witnessesThatMatter({ at, witnesses }: Violation): number[] {
  const others = witnesses.filter((seq) => seq !== at);
  const chosen = others.length < SHOWN ? others : [...others.slice(0, 1), ...others.slice(-1)];
  return [at, ...chosen].sort((a, b) => a - b);
}

function quoted(p: Paint, crossing: Crossing, breaks: boolean): string {
  const text = `${breaks ? '✗' : ' '} ${crossingText(crossing)}`;
  return `    ${breaks ? p.red(text) : text}`;
}

/** Nobody broke a rule, a step did not hold: the end of the story is what matters. */
function lastCrossings(p: Paint, trace: readonly Crossing[]): string[] {
  return trace
    .filter(({ neighbour, ddi }) => neighbour === undefined && ddi !== 'Quiescent')
    .slice(-SHOWN)
    .map((crossing) => quoted(p, crossing, false));
}
