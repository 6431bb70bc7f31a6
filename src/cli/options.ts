import { InvalidArgumentError } from 'commander';
import type { Shard } from '../conformance';

export { knownRule } from '../conformance/choice';

/** Seed of a run that was not given one. Any number would do; a fixed one makes two runs the same. */
export const DEFAULT_SEED = 1;

/** Parser of `--seed`. */
export function seedOption(text: string): number {
  const seed = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError(`A seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
}

/** Parser of a span of time. */
export function secondsOption(text: string): number {
  const seconds = text.trim() === '' ? NaN : Number(text);
  // Timers of Node know no more than 24 days.
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('A number of seconds from 0 to 86400, and not 0.');
}

/**
 * Parser of options that may be given several times, or once with commas.
 * @throws InvalidArgumentError when the text names nothing
 */
export function listOption(text: string, before: readonly string[] = []): string[] {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  // A variable that a script forgot to set must not choose everything.
  if (parts.length === 0) throw new InvalidArgumentError('It names nothing.');
  return [...before, ...parts];
}

/** More threads than any machine has use for. */
const MOST_WORKERS = 64;

/** Parser of `--workers`. */
export function workersOption(text: string): number {
  const count = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return count;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MOST_WORKERS}.`);
}

/** Parser of `--shard`. */
export function shardOption(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('It is a number, a slash and how many shards there are, as in 2/5.');
}
