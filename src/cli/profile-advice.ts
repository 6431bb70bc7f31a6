import { createRequire } from 'node:module';
import type { RunResult } from '../conformance';
import type * as InspectFile from '../conformance/inspect-file';
import { plural } from '../reporting/plural';
import { line } from '../reporting/terminal/paint';

const load = createRequire(__filename);

/** Scenarios that say so could be judged if the profile were another. */
const FOR_WANT_OF_A_PROFILE = /does not know how it is asked|gives no handle/;

/**
 * What of the profile does not fit the driver: tried once more, alone, after the run.
 * @param driver path of the .sys file
 * @param profile path of the profile; undefined when the driver is no image
 * @returns a line for each place; empty when everything fits
 */
export async function profileAdviceText(
  { scenarios }: Pick<RunResult, 'scenarios'>,
  driver: string,
  profile: string | undefined,
): Promise<string> {
  if (profile === undefined) return '';
  const isWanting = scenarios.some(
    ({ verdict, reason = '' }) => verdict === 'not observed' || FOR_WANT_OF_A_PROFILE.test(reason),
  );
  const { profileAdvice } = load('../conformance/inspect-file') as typeof InspectFile;
  const advice = await profileAdvice(driver, profile, isWanting);
  if (advice.length === 0) return '';
  const lines = advice.map((one) => `  ${line(`${profile}:${one.line}:${one.column}: ${one.message}`)}\n`);
  return `\nThe profile does not fit the driver in ${plural(advice.length, 'place')}; each was tried alone:\n${lines.join('')}`;
}
