import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class CloneIsFreedTooLate extends ReferenceFilter {
  override *FilterOidRequestComplete(module: FilterModule, request: NdisOidRequest, status: NdisStatus): Call<void> {
    const own = yield* this.takeOwnOid(module, request);
    if (own) {
      yield* this.consumeOwnOid(own, status);
      return;
    }
    const original = request.SourceReserved as NdisOidRequest;
    this.copyResults(original, request);
    yield* this.rememberForwarded(module, null);
    yield* this.wdk.NdisFOidRequestComplete(module.filterHandle, original, status);
    yield* this.wdk.NdisFreeCloneOidRequest(module.filterHandle, request);
  }
}

export const cloneIsFreedTooLate = defect({
  name: 'clone-is-freed-too-late',
  breaks: 'OP-03',
  story:
    'The original is completed first and the clone is freed afterwards. Once the original is complete its owner ' +
    'may free what the clone still refers to, and the module may be on its way out.',
  Filter: CloneIsFreedTooLate,
});
