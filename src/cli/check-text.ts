import type { CheckedRule, ProvenViolation, TraceCheck } from '../conformance/check';
import { line, paint, verdictText, wrapped, type Paint } from '../reporting/terminal/paint';
import { rule as ruleOf } from '../rules';
import { crossingText } from '../trace';
import { plural } from '../reporting/plural';

/** More lines than this say the same thing about a file that is not a trace. */
const PROBLEMS_SHOWN = 20;

/** Of one rule; more of them tell nothing new. */
const VIOLATIONS_SHOWN = 20;

/** What `lwf check` says: what could not be read, what is broken and why, what was kept, what nobody could see. */
export function checkText(file: string, check: TraceCheck, colour: boolean): string {
  const p = paint(colour);
  const { header, crossings, problems, rules } = check;
  const failed = rules.filter(({ verdict }) => verdict === 'fail');
  const passed = rules.filter(({ verdict }) => verdict === 'pass');
  const unseen = rules.filter(({ verdict, reason }) => verdict === 'not observed' && reason === undefined);
  const doubted = rules.filter(({ reason }) => reason !== undefined);
  const strict = rules.flatMap(({ strictFindings }) => strictFindings);
  return [
    `${p.bold(line(file))}: ${plural(crossings, 'crossing')}${header?.driver === undefined ? '' : ` of ${line(header.driver)}`}`,
    ...problemLines(check),
    '',
    ...failed.flatMap((rule) => [...failedLines(p, rule), '']),
    ...passed.map((rule) => passedLine(p, rule)),
    ...(unseen.length > 0 ? [verdictText(p, 'not observed')] : []),
    ...wrapped(unseen.map(({ rule }) => rule).join(' '), '    '),
    ...doubtLines(p, doubted),
    ...(strict.length > 0 ? ['', 'Broken only in the stricter reading, which does not count:'] : []),
    ...strict.flatMap((violation) => violationLines(p, violation)),
    '',
    ...summary(p, {
      failed,
      passed,
      unseen: [...unseen, ...doubted],
      doubted,
      problems: problems.length + check.unlistedProblems,
    }),
    '',
  ].join('\n');
}

/** Kept wherever it could be seen, which is not everywhere. */
function doubtLines(p: Paint, doubted: readonly CheckedRule[]): string[] {
  const [first] = doubted;
  if (!first) return [];
  return [
    ...wrapped(`${verdictText(p, 'not observed')} although put to the test, because ${first.reason ?? ''}:`, '  '),
    ...wrapped(doubted.map(({ rule }) => rule).join(' '), '    '),
  ];
}

function problemLines({ problems, unlistedProblems }: TraceCheck): string[] {
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(({ line: number, offset, what }) => `  line ${number} (byte ${offset}): ${what}`);
  const rest = problems.length + unlistedProblems - shown.length;
  return rest > 0 ? [...shown, `  and ${rest} more (--json lists more of them)`] : shown;
}

function failedLines(p: Paint, { rule, violations, unlisted }: CheckedRule): string[] {
  const [first = '', ...rest] = wrapped(`${rule}  ${ruleOf(rule).statement}`, '  ');
  return [
    `${verdictText(p, 'fail')}${first}`,
    ...rest,
    ...violations.slice(0, VIOLATIONS_SHOWN).flatMap((violation) => violationLines(p, violation)),
    ...restLines(violations.length + unlisted - VIOLATIONS_SHOWN),
  ];
}

function restLines(rest: number): string[] {
  return rest > 0 ? [`    and ${rest} more like it (--json lists the first thousand)`] : [];
}

function violationLines(p: Paint, { message, crossings, at }: ProvenViolation): string[] {
  const quoted = crossings.map((crossing) => {
    const text = `${crossing.seq === at ? '✗' : ' '} ${crossingText(crossing)}`;
    return `      ${crossing.seq === at ? p.red(text) : text}`;
  });
  return [...wrapped(message, '    '), ...quoted];
}

function passedLine(p: Paint, { rule, exercised }: CheckedRule): string {
  const times = exercised === 1 ? 'once' : `${exercised} times`;
  return `${verdictText(p, 'pass')}  ${rule}  ${p.dim(`put to the test ${times}`)}`;
}

interface Counted {
  readonly failed: readonly CheckedRule[];
  readonly passed: readonly CheckedRule[];
  readonly unseen: readonly CheckedRule[];
  readonly doubted: readonly CheckedRule[];
  readonly problems: number;
}

function summary(p: Paint, { failed, passed, unseen, doubted, problems }: Counted): string[] {
  const counts = [
    verdictText(p, 'pass', passed.length),
    verdictText(p, 'fail', failed.length),
    verdictText(p, 'not observed', unseen.length),
  ].join('  ');
  const doubt = problems === 0 ? '' : ` ${problems} ${problems === 1 ? 'place' : 'places'} in it could not be read.`;
  return [counts, `${sentence(failed, passed, doubted)}${doubt}`];
}

function sentence(
  failed: readonly CheckedRule[],
  passed: readonly CheckedRule[],
  doubted: readonly CheckedRule[],
): string {
  if (failed.length > 0) return `The trace breaks ${failed.map(({ rule }) => rule).join(', ')}.`;
  if (passed.length > 0) return 'The trace conforms to every rule that it puts to the test.';
  if (doubted.length > 0) return 'What can be read breaks no rule, but too much is lost for a verdict.';
  return 'The trace puts no rule to the test, so there is no verdict.';
}
