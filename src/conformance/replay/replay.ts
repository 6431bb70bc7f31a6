/** Plays one case again, and compares what came with what the token says came then. */
import type { SiteLog } from '../../../adapters/emulator/sites';
import { CannotJudge } from '../cannot-judge';
import { kitVersion } from '../kit-root';
import type { RunResult, ScenarioResult } from '../results';
import { runSpecification } from '../run';
import { specificationFacts } from '../specification';
import { findScenario } from './find-scenario';
import { findSubject, type GivenSubject } from './find-subject';
import { findingsHash, type CaseToken } from './token';

export interface ReplayOptions extends GivenSubject {
  /** Where files of the driver may lie, besides the working folder and those of the kit. */
  readonly folders?: readonly string[];
  /** Watches where in the machine code of an image crossings happen; the case is slower with it and the same. */
  readonly sites?: SiteLog | undefined;
  /** Aborted: the case is not begun. */
  readonly signal?: AbortSignal | undefined;
}

export interface Replayed {
  readonly run: RunResult;
  readonly scenario: ScenarioResult;
  /** The very same verdict, violations, crossings and bugcheck as then. */
  readonly same: boolean;
  /** In what the case differs from that of the token: a sentence each. */
  readonly differences: readonly string[];
}

/**
 * @param token of the case
 * @param options what the user says of driver and profile; the rest is as in the token
 * @throws CannotJudge when scenario, driver or profile are not here, or the driver cannot be run
 */
export async function replayCase(token: CaseToken, options: ReplayOptions = {}): Promise<Replayed> {
  const found = findScenario(token);
  const { subject, differences } = findSubject(token, options, options.folders);
  const run = await runSpecification({
    ...subject,
    sites: options.sites,
    seed: token.seed,
    conformance: token.conformance,
    paths: [found.id],
    evidence: 'full',
    // Threads could not tell of machine code.
    workers: 1,
    ...(options.signal && { signal: options.signal }),
  });
  if (run.missing) throw new CannotJudge('interrupted before the case was played; nothing was written.');
  const scenario = run.scenarios.find(({ id }) => id === found.id);
  if (!scenario) {
    throw new CannotJudge(`${found.id} was not played: it shows a driver of the kit, and ${run.driver} is under test.`);
  }
  return {
    run,
    scenario,
    same: findingsHash(scenario, run.identity.driver) === token.findings,
    differences: [
      ...otherVersions(token),
      ...(found.moved ? [`the scenario stood at ${token.scenario} then and stands at ${found.id} now`] : []),
      ...differences,
    ],
  };
}

function otherVersions({ kit, specification }: CaseToken): string[] {
  const { version } = specificationFacts();
  return [
    ...(kit === kitVersion ? [] : [`the token was made by kit ${kit}, and this is ${kitVersion}`]),
    ...(specification === version
      ? []
      : [`the token was made with specification ${specification}, and this is ${version}`]),
  ];
}
