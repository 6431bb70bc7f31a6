import type { Call, Kernel } from '../../kernel';
import type { Parts } from '../boundary';
import { draftOf } from '../boundary';

/**
 * A neighbour is entered by NDIS, or calls NDIS. Recorded for the reader of a trace; no rule for filters is judged on it.
 * @param kernel where it is recorded
 * @param neighbour `miniport`, `protocol` or `filter:NAME`
 * @param direction `->`: it is entered; `=>`: it calls
 * @param exit what the way back carries, given the result
 */
export function* crossing<T>(
  kernel: Kernel,
  neighbour: string,
  direction: '->' | '=>',
  ddi: string,
  parts: Parts,
  body: () => Call<T>,
  exit?: (result: T) => Parts,
): Call<T> {
  kernel.record(draftOf(direction, ddi, parts, parts, neighbour));
  const result = yield* body();
  const back = { adapter: parts.adapter, ...exit?.(result) };
  kernel.record(draftOf(direction === '->' ? '<-' : '<=', ddi, back, back, neighbour));
  return result;
}

/** A crossing of a neighbour in which nothing else happens. */
export function* nothing(): Call<void> {
  // The neighbour does its work at once.
}
