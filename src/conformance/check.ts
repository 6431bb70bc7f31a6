/** A trace from anywhere, held to the rules. The judges are the same as in a run. */
import { createJudges, rules, type Judges, type Violation } from '../rules';
import { scanTrace, scanTraceFile, type Crossing, type TraceHeader, type TraceListener, type TraceProblem } from '../trace';
import { Damage } from './damage';

/** A violation with the crossings that prove it. */
export interface ProvenViolation extends Violation {
  readonly crossings: readonly Crossing[];
}

export interface CheckedRule {
  readonly rule: string;
  /** `not observed`: the trace holds no situation in which a driver could have broken it, or not what tells. */
  readonly verdict: 'pass' | 'fail' | 'not observed';
  /** Why there is no verdict although the rule was put to the test: what is lost from the trace could have told otherwise. */
  readonly reason?: string;
  /** How often it was put to the test. */
  readonly exercised: number;
  readonly violations: readonly ProvenViolation[];
  /** How many more there are than `violations` lists. */
  readonly unlisted: number;
  /** Violations of a stricter reading; they do not count. */
  readonly strictFindings: readonly ProvenViolation[];
}

export interface TraceCheck {
  readonly schema: 'check/1';
  readonly header?: TraceHeader;
  /** How many crossings were judged. */
  readonly crossings: number;
  /** Lines that could not be judged, and crossings that are missing. */
  readonly problems: readonly TraceProblem[];
  /** How many more there are than `problems` lists. */
  readonly unlistedProblems: number;
  /** Every rule of the catalogue, in its order. */
  readonly rules: readonly CheckedRule[];
}

/** A damaged file has any number of them. */
const LISTED_PROBLEMS = 10_000;

class Checker implements TraceListener {
  private judges = createJudges();
  private readonly problems: TraceProblem[] = [];
  private readonly damage = new Damage();
  private unlistedProblems = 0;
  private crossings = 0;
  private begun: TraceHeader | undefined;

  header(header: TraceHeader): void {
    this.begun = header;
    this.judges = createJudges({ complete: header.complete ?? false });
  }

  crossing(crossing: Crossing): void {
    this.crossings += 1;
    this.judges.see(crossing);
  }

  problem(problem: TraceProblem): void {
    this.damage.add(problem);
    if (this.problems.length < LISTED_PROBLEMS) this.problems.push(problem);
    else this.unlistedProblems += 1;
  }

  result(): TraceCheck {
    const { judges, damage, begun, crossings, problems, unlistedProblems } = this;
    judges.finish();
    const proven = judges.violations.map((violation) => ({
      ...violation,
      crossings: violation.witnesses.flatMap((seq) => judges.witness(seq) ?? []),
    }));
    return {
      schema: 'check/1',
      ...(begun && { header: begun }),
      crossings,
      problems,
      unlistedProblems,
      rules: rules.map(({ id }) => {
        const own = proven.filter(({ rule }) => rule === id);
        return checkedRule(id, judges, own, damage.reason);
      }),
    };
  }
}

/**
 * Judges a trace, in memory that does not grow with its length.
 * @param source its bytes or text, as they come
 * @returns a verdict for every rule of the catalogue; what could not be read is in `problems`. Does not throw for what is in
 * the source.
 */
export async function checkTrace(source: AsyncIterable<Uint8Array | string>): Promise<TraceCheck> {
  const checker = new Checker();
  await scanTrace(source, checker);
  return checker.result();
}

/**
 * The same for a file.
 * @param path a file, compressed with gzip or not, or `-` for standard input
 * @throws Error with one line that says what is wrong with the file and what to do
 */
export async function checkTraceFile(path: string): Promise<TraceCheck> {
  const checker = new Checker();
  await scanTraceFile(path, checker);
  return checker.result();
}

function checkedRule(
  rule: string,
  judges: Judges,
  found: readonly ProvenViolation[],
  doubt: string | undefined,
): CheckedRule {
  const exercised = judges.exercised(rule);
  const violations = found.filter(({ reading }) => reading === 'default');
  const strictFindings = found.filter(({ reading }) => reading === 'strict');
  const kept = exercised > 0 && doubt === undefined ? 'pass' : 'not observed';
  const verdict = violations.length > 0 ? 'fail' : kept;
  const unlisted = judges.unlisted(rule, 'default');
  const reason = verdict === 'not observed' && exercised > 0 ? doubt : undefined;
  return { rule, verdict, ...(reason !== undefined && { reason }), exercised, violations, unlisted, strictFindings };
}
