import type { NdisFilterPartialCharacteristics } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class BypassDropsTheSendCompleteHandler extends ReferenceFilter {
  override bypassHandlers(): NdisFilterPartialCharacteristics {
    return {
      SendNetBufferListsHandler: null,
      SendNetBufferListsCompleteHandler: null,
      CancelSendNetBufferListsHandler: null,
      ReceiveNetBufferListsHandler: null,
      ReturnNetBufferListsHandler: null,
    };
  }
}

export const bypassDropsTheSendCompleteHandler = defect({
  name: 'bypass-drops-the-send-complete-handler',
  breaks: 'REG-09',
  story:
    'Data bypass sets all five data handlers to NULL, as the bypass page of the documentation shows it, but the ' +
    'driver goes on originating sends for its applications. What it sends while bypassed can never come back to ' +
    'it.',
  Filter: BypassDropsTheSendCompleteHandler,
});
