import type { NdisFilterPartialCharacteristics } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class OriginatesReceivesWithoutAReturnHandler extends ReferenceFilter {
  override dataHandlers(): NdisFilterPartialCharacteristics {
    return { ...super.dataHandlers(), ReturnNetBufferListsHandler: null };
  }
}

export const originatesReceivesWithoutAReturnHandler = defect({
  name: 'originates-receives-without-a-return-handler',
  breaks: 'REG-09',
  explained: {
    'RET-03':
      'A filter without FilterReturnNetBufferLists may only pass receives on; RET-03 says the same of this one ' +
      'handler.',
  },
  story:
    'The driver indicates receives of its own but has no FilterReturnNetBufferLists. NDIS has nobody to give the ' +
    'NBLs back to: each of them is lost, and the next pause waits for them for ever. Loopback features that were ' +
    'added to a send-only driver have shipped like this.',
  Filter: OriginatesReceivesWithoutAReturnHandler,
});
