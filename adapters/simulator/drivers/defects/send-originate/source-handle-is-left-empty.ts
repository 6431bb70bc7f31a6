import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class SourceHandleIsLeftEmpty extends ReferenceFilter {
  override markAsOwn(): void {}
}

export const sourceHandleIsLeftEmpty = defect({
  name: 'source-handle-is-left-empty',
  breaks: 'SO-02',
  story:
    'The driver does not set SourceHandle in the NBLs that it originates. NDIS finds the way home of an NBL by ' +
    'that handle, and so does the filter when it tells its own NBLs from those of others.',
  Filter: SourceHandleIsLeftEmpty,
});
