import type { Subject } from '../adapters';
import { CannotJudge } from '../cannot-judge';
import { runSpecification } from '../run';
import type { Judgement } from './bisect';

/**
 * Plays the scenarios of one rule on one version of a driver.
 * @returns what it did with the rule; a version that cannot be run is `unknown`, with the reason
 */
export async function judgeVersion(
  subject: Subject,
  { rule, seed, signal }: { readonly rule: string; readonly seed: number; readonly signal?: AbortSignal },
): Promise<Judgement> {
  try {
    const run = await runSpecification({ ...subject, seed, rules: [rule], evidence: 'violations', signal });
    // Half a run decides nothing.
    if (run.missing) return { state: 'unknown', reason: 'the run was interrupted' };
    const result = run.rules.find((each) => each.rule === rule);
    if (result?.verdict === 'pass') return { state: 'good' };
    if (result?.verdict !== 'fail') {
      const reason = result?.reason === undefined ? '' : `: ${result.reason}`;
      return { state: 'unknown', reason: `${result?.verdict ?? 'not observed'}${reason}` };
    }
    const broken = run.scenarios.find(({ violations }) => violations.some((violation) => violation.rule === rule));
    const scenario = broken ?? run.scenarios.find((each) => each.rule === rule && each.verdict === 'fail');
    const violation = broken?.violations.find((each) => each.rule === rule);
    const message = violation?.message ?? scenario?.reason ?? result.reason ?? '';
    return {
      state: 'bad',
      reason: message,
      ...(scenario && {
        evidence: { scenario: scenario.id, name: scenario.name, message, replay: scenario.replay },
      }),
    };
  } catch (failure) {
    if (failure instanceof CannotJudge) return { state: 'unknown', reason: failure.message };
    throw failure;
  }
}
