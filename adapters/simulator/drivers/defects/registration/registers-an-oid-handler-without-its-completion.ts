import type { NdisFilterDriverCharacteristics } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class RegistersAnOidHandlerWithoutItsCompletion extends ReferenceFilter {
  override characteristics(): NdisFilterDriverCharacteristics {
    return { ...super.characteristics(), OidRequestCompleteHandler: null };
  }
}

export const registersAnOidHandlerWithoutItsCompletion = defect({
  name: 'registers-an-oid-handler-without-its-completion',
  breaks: 'REG-07',
  story:
    'FilterOidRequest is registered and FilterOidRequestComplete is not. Forwarded requests that a lower driver ' +
    'completes later would have nobody to come back to; NDIS refuses the unpaired handlers. Typical of a driver ' +
    'that was cut down from the sample filter by deleting handlers one by one.',
  Filter: RegistersAnOidHandlerWithoutItsCompletion,
});
