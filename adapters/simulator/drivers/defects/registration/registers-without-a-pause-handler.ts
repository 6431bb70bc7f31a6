import type { NdisFilterDriverCharacteristics } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class RegistersWithoutAPauseHandler extends ReferenceFilter {
  override characteristics(): NdisFilterDriverCharacteristics {
    return { ...super.characteristics(), PauseHandler: null };
  }
}

export const registersWithoutAPauseHandler = defect({
  name: 'registers-without-a-pause-handler',
  breaks: 'REG-05',
  story:
    'FilterPause is left NULL in the characteristics, on the theory that a filter which never queues anything has ' +
    'nothing to pause. NDIS demands attach, detach, restart and pause handlers from every filter and refuses the ' +
    'registration, so the driver does not even load.',
  Filter: RegistersWithoutAPauseHandler,
});
