import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterAttachParameters, NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class AttachAnswersPendingWhenMemoryIsShort extends ReferenceFilter {
  override *FilterAttach(
    filterHandle: NdisHandle,
    driverContext: unknown,
    parameters: NdisFilterAttachParameters,
  ): Call<NdisStatus> {
    const status = yield* super.FilterAttach(filterHandle, driverContext, parameters);
    return status === 'NDIS_STATUS_RESOURCES' ? 'NDIS_STATUS_PENDING' : status;
  }
}

export const attachAnswersPendingWhenMemoryIsShort = defect({
  name: 'attach-answers-pending-when-memory-is-short',
  breaks: 'ATT-01',
  story:
    'When memory is short FilterAttach returns NDIS_STATUS_PENDING, meaning to try again later. An attach cannot ' +
    'pend: NDIS takes the answer for a failure, and the second try happens on a module that does not exist. One ' +
    'widely used driver returned whatever its status variable happened to hold.',
  Filter: AttachAnswersPendingWhenMemoryIsShort,
});
