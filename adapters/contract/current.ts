import type { Adapter } from './rig';

let current: Adapter | undefined;

/** Chooses the adapter (and with it the driver under test) that the step definitions of this process play on. */
export function useAdapter(adapter: Adapter): void {
  current = adapter;
}

/** @throws Error when no adapter was chosen: a run was started without the kit's own runner */
export function currentAdapter(): Adapter {
  if (!current) throw new Error('No adapter was chosen. Start the specification with `lwf run` or `npm test`.');
  return current;
}
