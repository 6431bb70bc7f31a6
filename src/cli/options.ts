import { InvalidArgumentError } from 'commander';
import type { Shard } from '../conformance';

export { knownRule } from '../conformance/choice';
export { listOption } from './list-option';

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

/** More than anybody waits for. */
const MOST_SAMPLES = 100;

/** Parser of `--samples`. */
export function samplesOption(text: string): number {
  const count = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_SAMPLES) return count;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MOST_SAMPLES}.`);
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
