import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OriginatedReceivesAreNotWaitedFor extends ReferenceFilter {
  override nothingOutstanding(module: FilterModule): boolean {
    return module.outstanding.sends === 0;
  }
}

export const originatedReceivesAreNotWaitedFor = defect({
  name: 'originated-receives-are-not-waited-for',
  breaks: 'PAU-12',
  story:
    'The receives that the filter indicates used to carry the RESOURCES flag and were back at once. When the flag ' +
    'was dropped nobody told FilterPause, which goes on counting sends only: protocols return NBLs to a module ' +
    'that is Paused or gone. From the history of a capture driver.',
  Filter: OriginatedReceivesAreNotWaitedFor,
});
