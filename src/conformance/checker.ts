/** Holds the crossings of a trace to the rules as they come, and says what came of it. */
import { createJudges, rules, type Judges, type Violation } from '../rules';
import type { Crossing, TraceHeader, TraceListener, TraceProblem } from '../trace';
import { Damage, isOfNoConcern } from './damage';

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

/** So many problems are listed, and the others only counted: a damaged file may have millions. */
const LISTED_PROBLEMS = 10_000;

export class Checker implements TraceListener {
  private judges = createJudges();
  private readonly problems: TraceProblem[] = [];
  private readonly damage = new Damage();
  private unlistedProblems = 0;
  private crossings = 0;
  private begun: TraceHeader | undefined;
  /** seq of the crossing before. */
  private last = 0;

  header(header: TraceHeader): void {
    this.begun = header;
    this.judges = createJudges({ complete: header.complete ?? false });
  }

  crossing(crossing: Crossing, kind?: number): boolean {
    this.crossings += 1;
    this.last = crossing.seq;
    return this.judges.see(crossing, kind);
  }

  problem(problem: TraceProblem): void {
    if (isOfNoConcern(problem)) this.passOver(problem);
    else this.damage.add(problem);
    if (this.problems.length < LISTED_PROBLEMS) this.problems.push(problem);
    else this.unlistedProblems += 1;
  }

  /** Judges forget what they know where crossings are lost: of one that is known to be nobody's concern they are told that it was there. */
  private passOver(problem: TraceProblem): void {
    const { seq, ddi = 'Unread' } = problem.told ?? {};
    // Without its number, what is missing is told where the trace goes on.
    if (seq === undefined) return;
    if (this.last !== 0 && seq !== this.last + 1) {
      this.damage.add(problem);
      return;
    }
    this.last = seq;
    this.judges.see({ seq, dir: '!!', ddi, neighbour: 'miniport' });
  }

  /** The trace ends here. @returns a verdict for every rule of the catalogue */
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
