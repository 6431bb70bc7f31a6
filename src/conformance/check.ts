/** A trace from anywhere, held to the rules. The judges are the same as in a run. */
import { createRequire } from 'node:module';
import { isLargeFile, scanTrace, scanTraceFile } from '../trace';
import { checkOnThread } from './check-thread';
import type * as Judging from './checker';
import type { TraceCheck } from './checker';

export type { CheckedRule, ProvenViolation, TraceCheck } from './checker';

/**
 * Judges a trace, in memory that does not grow with its length.
 * @param source its bytes or text, as they come
 * @returns a verdict for every rule of the catalogue; what could not be read is in `problems`. Does not throw for what is in
 * the source.
 */
export async function checkTrace(source: AsyncIterable<Uint8Array | string>): Promise<TraceCheck> {
  const checker = newChecker();
  await scanTrace(source, checker);
  return checker.result();
}

/**
 * The same for a file.
 * @param path a file, compressed with gzip or not, or `-` for standard input
 * @throws CannotRead with one line that says what is wrong with the file and what to do
 */
export async function checkTraceFile(path: string): Promise<TraceCheck> {
  const judged = isLargeFile(path) ? await checkOnThread(path) : undefined;
  if (judged) return judged;
  const checker = newChecker();
  await scanTraceFile(path, checker);
  return checker.result();
}

const load = createRequire(__filename);

/** Whoever leaves the judging to another thread does without the judges. */
function newChecker(): Judging.Checker {
  const { Checker } = load('./checker') as typeof Judging;
  return new Checker();
}
