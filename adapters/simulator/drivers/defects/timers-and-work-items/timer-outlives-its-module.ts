import type { Call } from '../../../../../src/kernel';
import type { NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class TimerOutlivesItsModule extends ReferenceFilter {
  override *armTimer(_module: FilterModule, timer: NdisHandle | null, dueMs: number): Call<boolean> {
    if (timer) yield* this.wdk.NdisSetTimerObject(timer, dueMs, 0);
    return true;
  }

  override *cancelTimers(): Call<void> {}

  override *runThenDereference(module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<void> {
    yield* work(module);
  }
}

export const timerOutlivesItsModule = defect({
  name: 'timer-outlives-its-module',
  breaks: 'TMR-03',
  story:
    'An armed timer holds no reference on its module, and FilterDetach does not cancel it. It fires into freed ' +
    'memory.',
  Filter: TimerOutlivesItsModule,
});
