import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestartLeavesTheGateClosed extends ReferenceFilter {
  private readonly opened = new WeakSet<FilterModule>();

  override *openGate(module: FilterModule): Call<void> {
    if (this.opened.has(module)) return;
    this.opened.add(module);
    yield* super.openGate(module);
  }
}

export const restartLeavesTheGateClosed = defect({
  name: 'restart-leaves-the-gate-closed',
  breaks: 'RST-13',
  story:
    'The flag that FilterPause sets is cleared when the module attaches, and nowhere else. The first restart ' +
    "works; after the first pause, be it for the installation of another driver or for a night's sleep, the " +
    'filter refuses all sends until the adapter is disabled and enabled by hand.',
  Filter: RestartLeavesTheGateClosed,
});
