import type { Call } from '../../../../../src/kernel';
import type { NdisFilterAttachParameters, NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ModulesShareOneContext extends ReferenceFilter {
  private only: FilterModule | undefined;

  override *createModule(filterHandle: NdisHandle, parameters: NdisFilterAttachParameters): Call<FilterModule | null> {
    if (this.only) return Object.assign(this.only, { filterHandle, adapterName: parameters.BaseMiniportName });
    const module = yield* super.createModule(filterHandle, parameters);
    if (module) this.only = module;
    return module;
  }
}

export const modulesShareOneContext = defect({
  name: 'modules-share-one-context',
  breaks: 'ATT-10',
  story:
    "The driver keeps one static module context, because the developer's machine has one adapter. The second " +
    'attach gets the context of the first: from then on the two adapters share their counters, their gate and ' +
    'their NDIS handle, and the first detach frees what the other module still works with.',
  Filter: ModulesShareOneContext,
});
