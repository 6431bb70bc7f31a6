import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ProbeIsSentBeforeTheRestart extends ReferenceFilter {
  override *FilterSetModuleOptions(module: FilterModule): Call<NdisStatus> {
    const status = yield* super.FilterSetModuleOptions(module);
    const chain = yield* this.allocateChain(module, 1);
    if (chain) {
      yield* this.countOut(module, 'sends', 1);
      yield* this.sendOwn(module, chain, 0);
    }
    return status;
  }
}

export const probeIsSentBeforeTheRestart = defect({
  name: 'probe-is-sent-before-the-restart',
  breaks: 'SO-01',
  explained: {
    'ATT-06': 'The first probe is sent before the first restart.',
    'PAU-07': 'The later ones are sent in a module that was paused.',
    'PNP-03': 'At a resume the restart comes before the news that power is back.',
  },
  story:
    'FilterSetModuleOptions sends a probe frame to find out which handlers the adapter needs. It is called while ' +
    'the module is Paused, before the restart.',
  Filter: ProbeIsSentBeforeTheRestart,
});
