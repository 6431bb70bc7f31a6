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

  /** With one adapter all is well: after its detach the next attach makes a new context. */
  override *freeModule(module: FilterModule): Call<void> {
    if (this.only === module) this.only = undefined;
    yield* super.freeModule(module);
  }
}

export const modulesShareOneContext = defect({
  name: 'modules-share-one-context',
  breaks: 'ATT-10',
  explained: {
    'RST-13': 'The pause of one adapter closes the gate of the other, which runs.',
    'PAU-02': {
      simulator:
        'The pause of one module is completed with the handle of the other. (In C the second attach ties the list of ' +
        'modules into a ring: with two adapters no application comes as far as a send.)',
    },
    'PNP-02': 'An event of one module is forwarded with the handle of the other.',
    'DET-09': 'The detach of one module frees the context that the other one works with.',
    'SP-01':
      'With two modules on one adapter the lower one passes down with the handle of the upper one, and gets the NBL again.',
    'OP-01': 'An OID request that passes both modules is sought at the wrong one when it comes back.',
    'NBL-01': 'With the handle of the other module, receives of the miniport look like own ones.',
    'SO-03': 'An own send goes through the handle of the other module, and so through the same filter once more.',
    'SO-02': 'The same.',
  },
  story:
    "The driver keeps one static module context, because the developer's machine has one adapter. The second " +
    'attach gets the context of the first: from then on the two adapters share their counters, their gate and ' +
    'their NDIS handle, and the first detach frees what the other module still works with.',
  Filter: ModulesShareOneContext,
});
