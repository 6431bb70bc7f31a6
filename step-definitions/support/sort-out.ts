/** What a step throws, sorted into verdicts. */
import { AssertionError } from 'chai';
import type { Adapter } from '../../adapters/contract';
import { RigRefusal } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import type { Applications } from './applications';
import { NotApplicable, NotObserved, RuleBroken, told, Unmet } from './expectation';
import { declinedAttach, isDeniedSwitch, isGoneUnattached, isNoFilter } from './trace-query';
import type { Verdicts } from './verdicts';

/** What Cucumber is told of a step that does not throw. */
export type StepResult = 'skipped' | undefined;

/** What is asked of the scenario that the step belongs to. */
export interface Played {
  readonly stage: Adapter;
  readonly verdicts: Verdicts;
  readonly applications: Applications;
  /** Crossings so far; none when the adapter does not see them. */
  seen(): Promise<readonly Crossing[]>;
  crossingsAt(seqs: readonly number[]): Crossing[];
  /** The bugcheck that stopped the system, if one did. */
  bugcheck(): Promise<string | undefined>;
}

/**
 * @param thrown by a step
 * @returns what Cucumber is told of a scenario that does not go on, though nothing is held against the driver
 * @throws AssertionError with the whole story when it fails; what was thrown when the kit or the rig is broken
 */
export async function sortOut(scenario: Played, thrown: unknown): Promise<StepResult> {
  const { verdicts } = scenario;
  const failure = thrown instanceof RigRefusal ? asVerdict(thrown) : thrown;
  const excuse = await excused(scenario, failure).catch((trouble: unknown) => {
    // What is thrown here nobody sorts out any more.
    verdicts.error(trouble);
    throw trouble;
  });
  if (excuse) {
    verdicts.skip(excuse);
    return 'skipped';
  }
  if (failure instanceof AssertionError) {
    const ruleBroken = failure instanceof RuleBroken;
    verdicts.fail(failure.message, ruleBroken);
    const message = await toldFailure(scenario, failure);
    verdicts.fail(message, ruleBroken);
    throw new AssertionError(message);
  }
  // A system that has stopped answers nothing: that is the driver's doing, not the rig's.
  verdicts.error(failure);
  const bugcheck = await scenario.bugcheck().catch(() => undefined);
  if (bugcheck !== undefined) {
    verdicts.fail(`the system stopped: ${bugcheck}`);
    throw new AssertionError(`The system stopped: ${bugcheck}`);
  }
  throw failure;
}

/** @returns why the scenario is not applicable or not observed; undefined when it is neither */
async function excused(scenario: Played, failure: unknown): Promise<NotApplicable | NotObserved | undefined> {
  try {
    return await excuse(scenario, failure);
  } catch (found) {
    // Whoever cannot look any more says nothing against the driver.
    const verdict = found instanceof RigRefusal ? asVerdict(found) : found;
    if (verdict instanceof NotApplicable || verdict instanceof NotObserved) return verdict;
    throw found;
  }
}

async function excuse(scenario: Played, failure: unknown): Promise<NotApplicable | NotObserved | undefined> {
  const { applications } = scenario;
  if (failure instanceof NotApplicable) return failure;
  if (failure instanceof NotObserved) {
    return (await declinedAdapter(scenario)) ?? (await applications.askedInVain(failure)) ?? failure;
  }
  if (!(failure instanceof Unmet) || failure instanceof RuleBroken) return undefined;
  return (await declinedAdapter(scenario)) ?? (await applications.askedInVain());
}

/** Nothing can be expected of a filter that does not want the adapter. */
async function declinedAdapter(scenario: Played): Promise<NotApplicable | NotObserved | undefined> {
  const seen = await scenario.seen();
  const { driver } = scenario.stage;
  if (isNoFilter(seen)) {
    return new NotApplicable(
      `${driver} is no filter: its DriverEntry succeeds without a call of NdisFRegisterFilterDriver`,
    );
  }
  if (isGoneUnattached(seen)) {
    return new NotObserved(
      `the module of ${driver} went from Attaching to Detached: seen from outside, nobody knows whether it declines this adapter`,
    );
  }
  const declined = declinedAttach(seen);
  if (!declined) return undefined;
  const why = isDeniedSwitch(seen)
    ? ', after NdisFGetOptionalSwitchHandlers had told it that the adapter is no Hyper-V extensible switch: an extension of the switch is judged where there is one, by a trace (`lwf check`)'
    : '';
  return new NotApplicable(`${driver} declines this adapter: FilterAttach returned ${declined.status}${why}`);
}

/** What was expected, what was there, and the crossings that matter: those of the expectation, or of the rule that is broken. */
async function toldFailure(scenario: Played, failure: Error): Promise<string> {
  await scenario.seen();
  if (failure instanceof Unmet && failure.crossings.length > 0) {
    return [failure.message, ...told(failure.crossings)].join('\n');
  }
  const broken = scenario.verdicts.unexpected;
  if (!broken) return failure.message;
  const witnesses = told(scenario.crossingsAt(broken.witnesses));
  return [failure.message, `Broken:   ${broken.rule}: ${broken.message}`, ...witnesses].join('\n');
}

/** What a rig says that it cannot do says nothing against the driver. */
function asVerdict(refusal: RigRefusal): Error {
  if (refusal.kind === 'notApplicable') return new NotApplicable(refusal.message);
  if (refusal.kind === 'notSupported' || refusal.kind === 'notObserved') return new NotObserved(refusal.message);
  return refusal;
}
