import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class GlobalsAreFreedBeforeDeregistering extends ReferenceFilter {
  override *FilterDriverUnload(): Call<void> {
    const { driverHandle } = this.globals;
    yield* this.deleteDevice();
    yield* this.freeGlobals();
    if (driverHandle) yield* this.wdk.NdisFDeregisterFilterDriver(driverHandle);
  }
}

export const globalsAreFreedBeforeDeregistering = defect({
  name: 'globals-are-freed-before-deregistering',
  breaks: 'UNL-02',
  story:
    'The unload routine frees the globals and then deregisters. Deregistering detaches the modules that are still ' +
    'attached, and FilterDetach takes its module out of a list that has been freed.',
  Filter: GlobalsAreFreedBeforeDeregistering,
});
