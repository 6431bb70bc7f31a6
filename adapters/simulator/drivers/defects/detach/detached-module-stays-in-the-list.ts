import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class DetachedModuleStaysInTheList extends ReferenceFilter {
  override *unpublish(): Call<void> {}
}

export const detachedModuleStaysInTheList = defect({
  name: 'detached-module-stays-in-the-list',
  breaks: 'DET-09',
  explained: {
    'DEV-03': 'The one who finds the dead module in the list is a request of an application.',
  },
  story:
    "FilterDetach frees the module and does not take it out of the driver's list. The next request of an " +
    'application finds it there. The comments of a capture driver tell of the bluescreens that came from it.',
  Filter: DetachedModuleStaysInTheList,
});
