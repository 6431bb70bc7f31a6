/** A trace from anywhere, held to the rules. The judges are the same as in a run. */
import { createJudges, rules, type Judges, type Violation } from '../rules';
import { readTrace, type Crossing, type TraceHeader, type TraceProblem } from '../trace';

/** A violation with the crossings that prove it. */
export interface ProvenViolation extends Violation {
  readonly crossings: readonly Crossing[];
}

export interface CheckedRule {
  readonly rule: string;
  /** `not observed`: the trace holds no situation in which a driver could have broken it, or not what tells. */
  readonly verdict: 'pass' | 'fail' | 'not observed';
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

/**
 * Judges a trace, in memory that does not grow with its length.
 * @param source its bytes or text, as they come (`openTraceFile` gives those of a file)
 * @returns a verdict for every rule of the catalogue; what could not be read is in `problems`. Does not throw for what is in
 * the source.
 */
export async function checkTrace(source: AsyncIterable<Uint8Array | string>): Promise<TraceCheck> {
  let judges = createJudges();
  const problems: TraceProblem[] = [];
  let unlistedProblems = 0;
  let crossings = 0;
  let header: TraceHeader | undefined;
  for await (const entry of readTrace(source)) {
    if (entry.crossing) {
      crossings += 1;
      judges.see(entry.crossing);
    } else if (entry.problem) {
      if (problems.length < LISTED_PROBLEMS) problems.push(entry.problem);
      else unlistedProblems += 1;
    } else {
      header = entry.header;
      judges = createJudges({ complete: header?.complete ?? false });
    }
  }
  judges.finish();

  const proven = judges.violations.map((violation) => ({
    ...violation,
    crossings: violation.witnesses.flatMap((seq) => judges.witness(seq) ?? []),
  }));
  return {
    schema: 'check/1',
    ...(header && { header }),
    crossings,
    problems,
    unlistedProblems,
    rules: rules.map(({ id }) => {
      const own = proven.filter(({ rule }) => rule === id);
      return checkedRule(id, judges, own);
    }),
  };
}

function checkedRule(rule: string, judges: Judges, found: readonly ProvenViolation[]): CheckedRule {
  const exercised = judges.exercised(rule);
  const violations = found.filter(({ reading }) => reading === 'default');
  const strictFindings = found.filter(({ reading }) => reading === 'strict');
  const verdict = violations.length > 0 ? 'fail' : exercised > 0 ? 'pass' : 'not observed';
  return { rule, verdict, exercised, violations, unlisted: judges.unlisted(rule, 'default'), strictFindings };
}
