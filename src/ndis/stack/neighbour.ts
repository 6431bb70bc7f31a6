import type { Call, Kernel } from '../../kernel';
import type { Parts } from '../boundary';

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
  kernel.record({ dir: direction, ddi, neighbour, ...parts });
  const result = yield* body();
  const back = exit?.(result);
  kernel.record({ dir: direction === '->' ? '<-' : '<=', ddi, neighbour, adapter: parts.adapter, ...back });
  return result;
}

/** A crossing of a neighbour in which nothing else happens. */
export function* nothing(): Call<void> {
  // The neighbour does its work at once.
}
