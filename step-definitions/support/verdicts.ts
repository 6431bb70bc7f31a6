import type { Capabilities } from '../../adapters/contract';
import type { Judges, Violation } from '../../src/rules';
import { createJudges, rules } from '../../src/rules';
import type { Crossing } from '../../src/trace';
import type { Evidence } from './evidence';
import type { NotObserved } from './expectation';
import { NotApplicable } from './expectation';
import { undecided } from './levels';

/** What is known about a scenario while it runs, and the one verdict on it in the end. */
export class Verdicts {
  private allJudges: Judges | undefined;
  private readonly expectedRules = new Set<string>();
  private about: readonly string[] = [];
  private observation: Capabilities['observation'] = 'memory';
  private bugcheckExpected = false;
  private skipped: NotApplicable | NotObserved | undefined;
  private failure: string | undefined;
  private unmet = false;
  private fault: string | undefined;
  private stimulatedAfter: number | undefined;
  private stoppedAt: number | undefined;

  /** Made when the first crossing is seen: a dry run, and a scenario that does not apply, need none. */
  private get judges(): Judges {
    return (this.allJudges ??= createJudges());
  }

  /** @param tags of the scenario; the id of the rule that it stands under is among them */
  concerns(tags: readonly string[]): void {
    this.about = tags;
  }

  /** @param observation what the adapter promises to see */
  seenBy(observation: Capabilities['observation']): void {
    this.observation = observation;
  }

  /** The judges see the next crossing. */
  see(crossing: Crossing): void {
    this.judges.see(crossing);
    if (crossing.dir === '!!' && crossing.ddi === 'Bugcheck') this.stoppedAt = crossing.seq;
  }

  /** Violations of the readings that everybody shares. */
  get violations(): readonly Violation[] {
    return this.judges.violations.filter((violation) => violation.reading === 'default');
  }

  /** Violations of the stricter readings. */
  get strictFindings(): readonly Violation[] {
    return this.judges.violations.filter((violation) => violation.reading === 'strict');
  }

  /** A violation that the scenario did not announce; one of the rule that the scenario is about comes first. */
  get unexpected(): Violation | undefined {
    const unexpected = this.violations.filter(({ rule }) => !this.expectedRules.has(rule));
    return unexpected.find(({ rule }) => this.about.includes(`@${rule}`)) ?? unexpected[0];
  }

  /** How often the judges saw a situation in which the rule could have been broken. */
  exercised(rule: string): number {
    return this.judges.exercised(rule);
  }

  /** The scenario shows a driver that breaks the rule, and with it the rules that say the same more generally. */
  expectBroken(rule: string): void {
    if (this.expectedRules.has(rule)) return;
    this.expectedRules.add(rule);
    for (const { id, umbrellaOf } of rules) if (umbrellaOf?.includes(rule)) this.expectBroken(id);
  }

  /** The scenario shows a driver that brings the system down. */
  expectBugcheck(): void {
    this.bugcheckExpected = true;
  }

  /** Did a step already say that the scenario fails, or that the rig is broken? */
  get failed(): boolean {
    return this.failure !== undefined || this.fault !== undefined;
  }

  /** Has no step said anything but that what it wanted is so? */
  get isKept(): boolean {
    return !this.failed && this.skipped === undefined;
  }

  skip(why: NotApplicable | NotObserved): void {
    this.skipped = why;
  }

  /** The arrangement is over, and the first stimulus comes. @param seq of the last crossing before it */
  stimulated(seq: number): void {
    this.stimulatedAfter ??= seq;
  }

  /**
   * @param message of a failed step, or why the system stopped; takes back that the rig seemed broken
   * @param ruleBroken all that the step wanted is that no rule is broken
   */
  fail(message: string, ruleBroken = false): void {
    this.fault = undefined;
    this.failure = message;
    this.unmet ||= !ruleBroken;
  }

  /** @param thrown what a step threw that is no expectation: the kit or the rig is broken */
  error(thrown: unknown): void {
    this.fault = thrown instanceof Error ? thrown.message : String(thrown);
  }

  /** @param thrown when all was over: a driver that hangs leaves a machine that cannot be put in order. What was found stays found. */
  endedBadly(thrown: unknown): void {
    if (this.failure === undefined && !this.unexpected) this.error(thrown);
  }

  /**
   * Ends the trace and gives the verdict.
   * @param bugcheck that stopped the system, if one did
   * @param trace to keep as evidence
   */
  evidence(bugcheck: string | undefined, trace?: readonly Crossing[]): Evidence {
    this.judges.finish();
    return {
      ...this.verdict(bugcheck),
      violations: this.violations,
      strictFindings: this.strictFindings,
      ...(bugcheck !== undefined && { bugcheck }),
      exercised: this.judges.allExercised(),
      ...(trace && { trace }),
    };
  }

  /**
   * Rules are broken. Was everything else as the scenario wants it, or may it be otherwise because of them: when one was broken
   * on the way, or the arrangement did not come about?
   */
  private isSpoiled(bugcheck: string | undefined): boolean {
    if (!this.unmet && (bugcheck === undefined || this.bugcheckExpected)) return true;
    const start = this.stimulatedAfter;
    if (start === undefined || (this.stoppedAt ?? Infinity) <= start) return true;
    return this.violations.some(({ at }) => at > start);
  }

  private verdict(bugcheck: string | undefined): Pick<Evidence, 'verdict' | 'reason' | 'spoiled'> {
    const first = this.unexpected;
    if (this.fault !== undefined) return { verdict: 'error', reason: inOneLine(this.fault) };
    if (first) {
      const spoiled = this.isSpoiled(bugcheck);
      const isAbout = this.about.includes(`@${first.rule}`);
      // What is held against the rule itself is told, when a judge did not find it broken.
      const own = spoiled || isAbout ? undefined : (this.failure ?? bugcheck);
      const reason = own === undefined ? `${first.rule} is broken: ${first.message}` : inOneLine(own);
      return { verdict: 'fail', reason, ...(spoiled && { spoiled }) };
    }
    if (bugcheck !== undefined && !this.bugcheckExpected) {
      return { verdict: 'fail', reason: `the system stopped: ${bugcheck}` };
    }
    if (this.failure !== undefined) return { verdict: 'fail', reason: inOneLine(this.failure) };
    if (this.skipped) {
      const verdict = this.skipped instanceof NotApplicable ? 'not applicable' : 'not observed';
      return { verdict, reason: this.skipped.message };
    }
    const reason = undecided(this.about, this.observation, (rule) => this.exercised(rule));
    return reason === undefined ? { verdict: 'pass' } : { verdict: 'not observed', reason };
  }
}

/** `Expected: … / Found: …` as one sentence. */
function inOneLine(message: string): string {
  const [expected = '', found] = message.split('\n').map((line) => line.replace(/^(Expected|Found): +/, ''));
  return found === undefined ? expected : `expected ${expected}; found ${found}`;
}
