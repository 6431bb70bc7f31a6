/**
 * A defective driver in a few lines: the reference filter with one method changed. FilterDetach frees the module at once, without
 * waiting for those who still use it.
 *
 *     npx lwf run --driver docs/examples/hasty-detach.ts
 */
import type { Call } from 'ndis-lwf-spec/simulator';
import { ReferenceFilter, simulate } from 'ndis-lwf-spec/simulator';

class HastyDetach extends ReferenceFilter {
  override *waitForUsers(): Call<void> {}
}

export const driver = simulate('hasty-detach', HastyDetach);
