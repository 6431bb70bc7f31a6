import type { Call } from '../../../../../src/kernel';
import type { NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ArmedTimerHoldsNoReference extends ReferenceFilter {
  override *armTimer(_module: FilterModule, timer: NdisHandle | null, dueMs: number): Call<boolean> {
    if (timer) yield* this.wdk.NdisSetTimerObject(timer, dueMs, 0);
    return true;
  }

  override *cancelTimer(_module: FilterModule, timer: NdisHandle | null): Call<void> {
    if (timer) yield* this.wdk.NdisCancelTimerObject(timer);
  }

  override *freeTimers(module: FilterModule): Call<void> {
    for (const timer of [module.sendTimer, module.statusTimer, module.holdTimer]) {
      if (timer) yield* this.wdk.NdisFreeTimerObject(timer);
    }
  }

  override *createTimer(module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<NdisHandle | null> {
    return yield* this.wdk.NdisAllocateTimerObject(module.filterHandle, {
      *TimerFunction() {
        yield* work(module);
      },
      FunctionContext: null,
    });
  }
}

export const armedTimerHoldsNoReference = defect({
  name: 'armed-timer-holds-no-reference',
  breaks: 'TMR-03',
  explained: {
    'TMR-01': 'The timer is freed while its callback runs.',
  },
  story:
    'An armed timer holds no reference on its module. FilterDetach cancels it, but a callback that has just begun ' +
    'on another processor is waited for neither by a reference nor by KeFlushQueuedDpcs: it goes on with a module that has been freed. The return value of ' +
    'NdisCancelTimerObject, which would have told, is thrown away.',
  Filter: ArmedTimerHoldsNoReference,
});
